"""Django admin: people, organisations, cycles, and the texts and platforms that guide a team.

Administrators run the service. What a team answers is not theirs to read or change, so worksheets, revisions and
summaries are not here: see docs/decisions/administration.md.
"""

from worksheets.admin import groups, guidance, organisations, people, trail

__all__ = ["groups", "guidance", "organisations", "people", "trail"]
