"""No question page is longer or fuller than somebody on a phone can take in, however much was answered."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, Opened
from tests.browser.measuring import measure
from tests.world import World, sample
from worksheets.workbooks.strategy import STRATEGY

pytestmark = pytest.mark.browser

LONGEST = 4_500  # CSS pixels at 375 px
FULLEST = 40  # controls that are open at once


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "empty"])
def test_no_question_page_is_too_long_or_too_full(
    answered: bool, opened: Opened, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    if answered:
        world.fill(**sample()["worksheets"])
    page = opened(world.lead, viewport=PHONE).new_page()

    measured = list(measure(page, STRATEGY, world.cycle))

    with capsys.disabled():
        for one in measured:
            print(f"\n{one.question:14} {one.height:6,} px {one.controls:3} controls", end="")
    assert [one for one in measured if one.height > LONGEST or one.controls > FULLEST] == []
