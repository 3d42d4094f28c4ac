"""The pages of the guidance that are about no stage: what each is called and what stands on it, by its name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    """A page to read: its title, and in one sentence what stands on it."""

    title: str
    about: str


# In the order in which they are offered. Each name is that of the page's address too.
GUIDES = {
    "platforms": Guide(
        "Platform guide", "What each platform is good for, what to consider, how to sound and who is there."
    ),
    "learning": Guide("Learning", "Words, stories from the NHS, further reading and figures."),
    "about": Guide("About this method", "Where the review comes from, how we used the documents and what has aged."),
    "accessibility": Guide(
        "Accessibility statement", "What you should be able to do here, and what to do when you can't."
    ),
}
