"""The tables of a review that go out as sheets of a spreadsheet; the accounts come back in from a team's own."""

from __future__ import annotations

from worksheets.workbook import Spread
from worksheets.workbooks.strategy.tables import ITEMS, MEASURES, PLATFORMS, WEEKLY

SPREADS = (
    Spread("Content plan", ITEMS),
    Spread("Hours", WEEKLY),
    Spread("Measures", MEASURES),
    Spread(
        "Accounts",
        PLATFORMS,
        back=True,
        same=("platform", "account"),
        heads={
            "platform": ("channel", "network", "site", "social network"),
            "role": ("what we do there", "use", "purpose", "status"),
            "account": ("account name", "handle", "username", "user name", "name", "page", "profile"),
            "link": ("url", "link", "web link", "address", "website"),
            "owner": ("who looks after it", "responsible", "lead", "manager", "account owner", "contact"),
            "deputy": ("second owner", "backup", "cover", "stand-in"),
            "followers": ("followers now", "number of followers", "fans", "subscribers", "likes"),
            "followers_before": ("followers last time", "previous followers"),
            "last_post": ("last posted", "date of last post", "latest post"),
            "access_checked": ("access checked on", "last access check", "access review", "password checked"),
            "because": ("notes", "note", "comment", "comments", "why"),
        },
    ),
)
