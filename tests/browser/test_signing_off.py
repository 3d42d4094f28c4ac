"""Points, pictures, comments and every page on the way to sign-off, looked at with axe-core on a laptop and a phone."""

from __future__ import annotations

import copy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.browser.conftest import Opened
from tests.browser.looking import Looking, looking
from tests.world import SAMPLE_FILE, World
from worksheets import interchange
from worksheets.management.reviews import review_of
from worksheets.models import Decision, Issued, Reason, Worksheet
from worksheets.signoff import decisions, revising, talk
from worksheets.workbooks.strategy import STRATEGY

pytestmark = pytest.mark.browser

HOME = "/o/nhs-anywhere/"
HERE = f"{HOME}reviews/autumn-2026/"
PDF = b"%PDF-1.7\nnot a real one\n%%EOF"


def answers() -> Any:
    return copy.deepcopy(interchange.read(SAMPLE_FILE.read_bytes()).answers)


def finish(world: World, **stages: Any) -> None:
    """Answer everything, and complete all six worksheets."""
    world.fill(**(stages or answers()))
    Worksheet.objects.filter(cycle=world.cycle).update(
        status=Worksheet.Status.COMPLETE, completed_at=timezone.now(), completed_by=world.lead
    )


def sign_off(world: World) -> None:
    """Sign the submitted review off as its manager, without the seconds that a real PDF takes."""
    decisions.move(world.visit(world.manager), Decision.Kind.SIGNED_OFF, "Well done.")
    Issued.objects.create(cycle=world.cycle, pdf=PDF, sha256=sha256(PDF).hexdigest(), issued_by=world.manager)


def press(eyes: Looking, words: str) -> None:
    eyes.page.get_by_role("button", name=words, exact=True).click()


def test_the_pictures(opened: Opened, world: World, kept_pages: Path) -> None:
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HERE}pictures/", "pictures, nothing to draw")
        world.fill(**answers())
        eyes.at(f"{HERE}pictures/", "pictures")
        for table in eyes.page.locator("main details > summary").all():
            table.click()
        eyes.look("pictures, with their data")


def test_points_with_reasons(opened: Opened, world: World, kept_pages: Path) -> None:
    given = answers()
    given["drivers"]["drivers"] = {"drivers": ["peers"], "peers_evidence": "Everybody else has a page."}
    given["resources"]["outcomes"]["answer"] = "no"
    finish(world, **given)
    first, *_ = review_of(world.cycle).stops
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HERE}submit/", "submit, things missing")
        assert eyes.page.get_by_role("heading", name="Before it can be submitted").count()
        eyes.at(f"{HERE}points/", "points that say stop")
        eyes.page.locator("summary", has_text="Leave it as it is, with a reason").first.click()
        eyes.look("points, a reason being written")
        eyes.page.locator("textarea:visible").fill("")
        eyes.page.locator("button:visible", has_text="Save the reason").click()
        eyes.look("points, no reason written", 400)
        place = {"cycle": world.cycle, "finding": first.key[0], "subjects": first.key[1]}
        Reason.objects.create(**place, text="The board asked for it.\n" + "w" * 300, written_by=world.lead)
        eyes.at(f"{HERE}points/", "points, a reason written")
        eyes.page.locator("summary", has_text="Change the reason").click()
        eyes.look("points, a reason to change")
    with looking(opened(world.manager), kept_pages) as eyes:
        eyes.at(f"{HERE}points/", "points with reasons, as a manager")


def test_comments(opened: Opened, world: World, kept_pages: Path) -> None:
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HERE}comments/", "comments, none")
        eyes.at(f"{HERE}comments/aims/", "comments on a question, none")
        thread = talk.say(world.cycle, STRATEGY.question["aims"], world.manager, "Is this still right?\n" + "w" * 300)
        talk.say(world.cycle, STRATEGY.question["aims"], world.contributor, "It is.", thread)
        talk.say(world.cycle, STRATEGY.question["smart"], world.lead, "By when?")
        done = talk.say(world.cycle, STRATEGY.question["aims"], world.lead, "Say it in one sentence.")
        talk.settle(world.cycle, done, world.manager, resolved=True)
        eyes.at(f"{HERE}comments/", "comments")
        eyes.at(f"{HERE}comments/aims/", "comments on a question")
        eyes.page.locator("summary", has_text="Reply").first.click()
        eyes.look("comments on a question, a reply being written")
        eyes.page.locator("button:visible", has_text="Reply").first.click()
        eyes.look("comments on a question, an empty reply", 400)
        press(eyes, "Add this comment")
        eyes.look("comments on a question, an empty comment", 400)
        eyes.at(f"{HERE}drivers/", "check answers, with comments")


def test_the_conclusion(opened: Opened, world: World, kept_pages: Path) -> None:
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HERE}conclusion/", "conclusion, empty")
        press(eyes, "Save this conclusion")
        eyes.look("conclusion, nothing written", 400)
        eyes.page.locator("#because").fill("Our aims are met by letter.\n" + "w" * 300)
        press(eyes, "Save this conclusion")
        eyes.look("hub, a conclusion recorded")
        eyes.at(f"{HERE}conclusion/", "conclusion, recorded")
        eyes.at(f"{HERE}summary/", "summary, a conclusion recorded")
        eyes.at(f"{HERE}submit/", "submit, a conclusion recorded")


def test_from_submission_to_a_revision(opened: Opened, world: World, kept_pages: Path) -> None:
    talk.say(world.cycle, STRATEGY.question["aims"], world.manager, "Is this still right?")
    lead, manager = opened(world.lead), opened(world.manager)
    with looking(lead, kept_pages) as eyes, looking(manager, kept_pages) as hers:
        eyes.at(f"{HERE}submit/", "submit, nothing answered")
        finish(world)
        eyes.at(f"{HERE}submit/", "submit, nothing missing")
        hers.at(f"{HERE}submit/", "submit, as a manager")
        hers.at(f"{HERE}decide/", "decide, not submitted")
        # A page that was open when the review was submitted may still be sent.
        Worksheet.objects.filter(cycle=world.cycle, stage="drivers").update(status=Worksheet.Status.OPEN)
        eyes.page.goto(f"{HERE}drivers/aims/")
        finish(world)
        decisions.submit(world.visit(world.lead), "Have a look at aim 2.\n" + "w" * 300)
        press(eyes, "Save and continue")
        eyes.page.get_by_role("heading", level=1).filter(has_not_text="What should be achieved").wait_for()
        eyes.look("403, writing to a submitted review", 403)
        eyes.at(HERE, "hub, submitted")
        eyes.at(f"{HERE}submit/", "submit, submitted")
        eyes.at(f"{HERE}drivers/", "check answers, submitted")
        eyes.at(f"{HERE}drivers/aims/", "question, submitted")
        eyes.at(f"{HERE}comments/aims/", "comments on a question, submitted")
        hers.at(f"{HOME}reviews/", "dashboard, something to sign off")
        hers.at(HERE, "hub, submitted, as a manager")
        hers.at(f"{HERE}decide/", "decide")
        press(hers, "Send it back")
        hers.look("decide, sent back without a note", 400)
        hers.page.get_by_label("Note").fill("Say more about the risks.")
        press(hers, "Send it back")
        hers.look("submit, sent back")
        eyes.at(HERE, "hub, sent back")
        decisions.submit(world.visit(world.lead))
        sign_off(world)
        eyes.at(HERE, "hub, signed off")
        eyes.at(f"{HERE}submit/", "submit, signed off")
        eyes.at(f"{HERE}summary/", "summary, signed off")
        eyes.at(f"{HERE}drivers/aims/", "question, signed off")
        eyes.at(f"{HERE}comments/aims/", "comments on a question, signed off")
        hers.at(f"{HERE}decide/", "decide, signed off")
        eyes.at(f"{HERE}revise/", "revise")
        revising.revise(world.visit(world.lead))
        eyes.at(f"{HERE}revise/", "revise, there is a revision")
        eyes.at(HERE, "hub, with a revision")
        eyes.at(f"{HOME}reviews/autumn-2026-revision-2/", "hub of a revision")


def test_verifying(opened: Opened, world: World, kept_pages: Path) -> None:
    finish(world)
    decisions.submit(world.visit(world.lead))
    sign_off(world)
    with looking(opened(world.manager), kept_pages) as eyes:
        for name, data, status in (
            ("verify, found", PDF, 200),
            ("verify, not found", PDF[:-1], 200),
            ("verify, no file chosen", None, 400),
        ):
            eyes.at(f"{HOME}verify/", "verify")
            if data is not None:
                file = {"name": "w" * 120 + ".pdf", "mimeType": "application/pdf", "buffer": data}
                eyes.page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
            press(eyes, "Check this file")
            eyes.look(name, status)
