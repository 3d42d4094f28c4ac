"""Where the static files of production are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Files with hashed names. The list of them lies beside the folder that is served, and not in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kept = FileSystemStorage(location=Path(settings.STATIC_ROOT or "").parent)
        super().__init__(*args, manifest_storage=kept, **kwargs)
