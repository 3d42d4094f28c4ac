"""What the answers of stage 3 say: who is on which platform, which serve best, and what the team does where."""

from __future__ import annotations

from worksheets.fields import PlainRow, Scope, pairs, text
from worksheets.workbooks.strategy.tables import PLATFORMS, PRESENCE, STAKEHOLDERS

# How much each frequency weighs when platforms with as many stakeholders are compared (000, stage three).
WEIGHTS = {"daily": 3, "weekly": 2, "sometimes": 1, "yes": 1}


def there(scope: Scope) -> list[PlainRow]:
    """The rows of the stakeholders who are said to use some of the platforms."""
    return [row for row in scope.rows(PRESENCE) if text(row, "where") == "some"]


def users(scope: Scope) -> dict[str, set[str]]:
    """The stakeholders who use each platform, by its key."""
    using: dict[str, set[str]] = {}
    for row in there(scope):
        for platform in pairs(row, "use"):
            using.setdefault(platform, set()).add(text(row, "stakeholder"))
    return using


def known(scope: Scope) -> set[str]:
    """The stakeholders of whom is known where they are: on none of the platforms, or on some that are ticked."""
    return {
        text(row, "stakeholder")
        for row in scope.rows(PRESENCE)
        if text(row, "where") == "none" or (text(row, "where") == "some" and pairs(row, "use"))
    }


def top_platforms(scope: Scope, most: int = 3) -> list[str]:
    """The keys of the platforms that serve best: most stakeholders first; among equals the higher sum of frequency,
    then the platform of the more important stakeholder, then by key (000, stage three)."""
    order = {text(row, "id"): n for n, row in enumerate(scope.rows(STAKEHOLDERS))}
    users: dict[str, list[tuple[int, int]]] = {}
    for row in there(scope):
        place = order.get(text(row, "stakeholder"), len(order))
        for platform, how in pairs(row, "use").items():
            users.setdefault(platform, []).append((place, WEIGHTS[how]))
    ranked = sorted(
        users,
        key=lambda key: (
            -len(users[key]),
            -sum(weight for _, weight in users[key]),
            min(n for n, _ in users[key]),
            key,
        ),
    )
    return ranked[:most]


# What may be done on a platform, the most first.
MOST_FIRST = ("active", "listen", "emergency", "leave")


def by_part(scope: Scope) -> dict[str, list[str]]:
    """The names of the platforms by the most that is done there: one that has an active account is active."""
    parts: dict[str, list[str]] = {}
    told: set[str] = set()
    for role in MOST_FIRST:
        keys = [key for key in chosen(scope, role) if key not in told]
        parts[role] = [scope.platform(key) for key in keys]
        told.update(keys)
    return parts


def chosen(scope: Scope, *roles: str) -> list[str]:
    """The keys of the platforms on which an account has one of these roles, each once, by key."""
    given = {text(row, "platform") for row in scope.rows(PLATFORMS) if text(row, "role") in roles}
    return sorted(filter(None, given))
