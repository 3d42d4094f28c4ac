"""Who has a calendar feed, and at which address: whoever knows that may read the feed, so it can be ended."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.utils.crypto import get_random_string

from worksheets.models import Feed, User

# The signature keeps whoever sees a copy of the database from reading the feeds in it.
SIGNED = Signer(salt="worksheets.calendar", sep=".")
LENGTH = 32


def token_of(feed: Feed) -> str:
    """What the address of a feed ends in."""
    return SIGNED.sign(feed.nonce)


def owner_of(token: str) -> User | None:
    """Whose feed has that token; None for one that is unknown or ended, or whose owner may not sign in any more.

    The signature is compared in constant time before the database is asked.
    """
    try:
        nonce = SIGNED.unsign(token)
    except BadSignature:
        return None
    feed = Feed.objects.select_related("user").filter(nonce=nonce, user__is_active=True).first()
    return feed.user if feed else None


def start(user: User) -> None:
    """Give somebody a feed. Who has one keeps it."""
    Feed.objects.get_or_create(user=user, defaults={"nonce": get_random_string(LENGTH)})


def renew(user: User) -> None:
    """Give the feed another address: the old one ends at once."""
    Feed.objects.filter(user=user).update(nonce=get_random_string(LENGTH))


def end(user: User) -> None:
    """Take the feed away."""
    Feed.objects.filter(user=user).delete()
