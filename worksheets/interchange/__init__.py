"""The interchange file: one filled workbook as JSON, in and out, strict on the way in. Its `format` names the workbook.

A file that breaks the rules is refused whole, with every error named by its path, and nothing of it is stored.
Exporting, importing elsewhere and exporting again gives the same bytes.
"""

from worksheets.interchange.keeping import export, store
from worksheets.interchange.reading import FILE_MAX, Incoming, Refused, parse, read

__all__ = ["FILE_MAX", "Incoming", "Refused", "export", "parse", "read", "store"]
