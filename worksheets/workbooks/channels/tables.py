"""The tables of rows of the channel choice, and what several of its parts read from them."""

from __future__ import annotations

from worksheets.fields import PlainRow, RowsOf, Scope, several, text

AUDIENCES = RowsOf("want", "audiences", "audiences", words="who", noun="audience")
CHANNELS = RowsOf("channels", "channels", "channels", words="platform", noun="channel")
POSTS = RowsOf("plan", "posts", "posts", words="what", noun="post")
# The tables of the strategy review that this one is read against.
STAKEHOLDERS = RowsOf("stakeholders", "stakeholders", "stakeholders", words="name", noun="stakeholder")
PRESENCE = RowsOf("stakeholders", "presence", "presence", words="stakeholder", noun="stakeholder")
ACCOUNTS = RowsOf("stakeholders", "platforms", "platforms", words="platform", noun="account")


def used_rows(scope: Scope) -> list[PlainRow]:
    """The rows of the channels that the project uses, whoever has the account."""
    return [row for row in scope.rows(CHANNELS) if text(row, "use") in ("organisation", "own")]


def used(scope: Scope) -> list[str]:
    """The keys of the platforms that the project uses, each once, in the order of the rows."""
    return list(dict.fromkeys(filter(None, (text(row, "platform") for row in used_rows(scope)))))


def there(scope: Scope, platform: str) -> list[str]:
    """The ids of the audiences that are active on a platform, as far as the team said where they are."""
    return [text(row, "id") for row in scope.rows(AUDIENCES) if platform in several(row, "active_on")]


def active_accounts(strategy: Scope) -> list[str]:
    """The keys of the platforms on which a strategy review has an active account, each once."""
    active = (text(row, "platform") for row in strategy.rows(ACCOUNTS) if text(row, "role") == "active")
    return list(dict.fromkeys(filter(None, active)))


def platforms_named(scope: Scope) -> dict[str, str]:
    """The name of each platform by its key."""
    return {**scope.retired, **scope.platforms}
