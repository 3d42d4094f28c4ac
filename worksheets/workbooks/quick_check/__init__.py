"""The quick check: is social media done right, does it work, and what will change (004, the platforms guide).

Ten minutes every three months, for one or two people. `keys` names all that is asked for a verdict, one module a stage
asks it, and `paper` is the front page.
"""

from __future__ import annotations

from pathlib import Path

from worksheets.workbook import ForGroup, Workbook
from worksheets.workbooks.quick_check import changes, habits, working
from worksheets.workbooks.quick_check.keys import kept
from worksheets.workbooks.quick_check.paper import across, front

QUICK_CHECK = Workbook(
    key="quick-check",
    title="Quick check of your social media",
    noun="quick check",
    path="checks",
    format="quick-check/1",
    stages=(working.STAGE, habits.STAGE, changes.STAGE),
    subject="use of social media",
    listed="Quick checks of your social media",
    purpose="See whether your social media is right and works, and what to change.",
    about=(
        "A quick check tells you whether your social media is done right and works. You answer a few questions with "
        "yes or no, and get a page with your answers and what you will change.",
        "It takes about {time}.",
        "One or two people can do it. You need nothing to hand but your channels.",
        "Do it about every {months}: from the second one on you see what got better.",
    ),
    before_start=(
        "have your channels open, so that you can look",
        "plan about {time}, alone or with a colleague",
        "do this about every {months}, and after any trouble online",
    ),
    summary="quick check page",
    minutes=10,
    invites="Do a quick check",
    for_whom="one or two people",
    every=3,
    decided=False,
    guidance=Path(__file__).parent / "guidance",
    front=front,
    on_a_page=True,
    naming="Quick check, {month}",
    name_hint="For example, Quick check, November 2026.",
    reads=("before", "strategy"),
    across=across,
    doings=(changes.DOING,),
    shown_to_group=(
        ForGroup("Thirteen habits", "{} yes", kept("yes")),
        ForGroup("Thirteen habits", "{} partly", kept("partly")),
        ForGroup("Thirteen habits", "{} no", kept("no")),
    ),
    sample=Path(__file__).parents[2] / "samples" / "quick-check.json",
)
