"""What a platform is known for: administrators tick it, it is kept with its history, and the guide says it."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.test_admin import change, figures, html_of
from tests.world import World, person
from worksheets import texts
from worksheets.models import Platform
from worksheets.models.texts import TAGS


@pytest.fixture
def ada(world: World, signed_in):
    """The administrator's browser."""
    return signed_in(world.admin)


def data(platform: Platform, **more) -> dict:
    """What the form of a platform sends when it is left alone, but for `more`. Its figures stay out of it."""
    kept = {
        n: {"id": one.pk, "platform": platform.pk, "text": one.text, "year": one.year, "source": one.source}
        for n, one in enumerate(platform.figures.all())
    }
    names = ("name", "about", "good_for", "consider", "tone", "position", "tags")
    sent = {name: getattr(platform, name) for name in names}
    return sent | figures(*kept.values(), initial=len(kept)) | more


def linkedin() -> Platform:
    return Platform.objects.get(key="linkedin")


def ticked(html: str) -> list[str]:
    """The tags that are ticked on a form."""
    boxes = re.findall(r'<input type="checkbox" name="tags"[^>]*>', html)
    assert len(boxes) == len(TAGS)
    return [re.search(r'value="([a-z]+)"', box)[1] for box in boxes if " checked" in box]


def test_the_form_has_a_box_for_each_tag_and_those_of_the_platform_are_ticked(ada):
    html = html_of(ada.get(change(linkedin())))
    assert set(ticked(html)) == set(linkedin().tags) == {"networking", "practice", "feedback", "recruitment"}
    for words in TAGS.values():
        assert words in html


def test_what_is_ticked_is_stored_as_a_list_and_at_once_in_what_a_workbook_reads(ada):
    ada.post(change(linkedin()), data(linkedin(), tags=["practice", "events", "news"]))
    assert linkedin().tags == ["news", "practice", "events"]
    assert texts.current().platform_notes()["linkedin"].tags == ("news", "practice", "events")


def test_nothing_ticked_is_an_answer_too(ada):
    ada.post(change(linkedin()), data(linkedin(), tags=[]))
    assert linkedin().tags == []
    assert "Known for" not in shown(ada, "linkedin")


@pytest.mark.parametrize("tag", ["gossip", "", "news,debate", "News as it breaks"])
def test_a_tag_that_is_not_known_is_refused_and_nothing_is_stored(ada, tag):
    before = linkedin().tags
    response = ada.post(change(linkedin()), data(linkedin(), tags=["news", tag]))
    assert response.status_code == 200
    assert "is not one of the available choices" in html_of(response)
    assert linkedin().tags == before


def test_a_changed_tag_is_in_the_history_with_who_changed_it_and_can_be_brought_back(ada, world: World):
    was = linkedin().tags
    ada.post(change(linkedin()), data(linkedin(), about="Ours."))
    ada.post(change(linkedin()), data(linkedin(), tags=["events"]))
    newest, before, *_ = linkedin().history.all()
    assert (newest.tags, newest.history_user) == (["events"], world.admin)
    page = reverse("admin:worksheets_platform_simple_history", args=[linkedin().pk, before.pk])
    assert set(ticked(html_of(ada.get(page)))) == set(was)
    ada.post(page, data(linkedin(), tags=was))
    assert set(linkedin().tags) == set(was)


def test_a_save_that_ticks_the_same_keeps_the_tags_as_they_were(ada):
    facebook = Platform.objects.get(key="facebook")
    was = facebook.tags
    assert was != [key for key in TAGS if key in was]
    ada.post(change(facebook), data(facebook, about="Ours."))
    facebook.refresh_from_db()
    assert (facebook.about, facebook.tags) == ("Ours.", was)


def test_a_new_platform_has_the_tags_that_were_ticked(ada):
    new = {"name": "Mastodon", "key": "mastodon", "position": 120, "tags": ["debate", "private"], **figures()}
    ada.post(reverse("admin:worksheets_platform_add"), new)
    assert Platform.objects.get(key="mastodon").tags == ["debate", "private"]


def test_tags_that_somebody_else_changed_meanwhile_are_shown_before_they_are_overwritten(ada):
    opened = re.search(r'name="seen" value="([^"]+)"', html_of(ada.get(change(linkedin()))))[1]
    Platform.objects.filter(key="linkedin").update(tags=["events", "debate"])
    response = ada.post(change(linkedin()), data(linkedin(), tags=["news"], seen=opened))
    assert "Somebody else changed this" in html_of(response)
    assert "debate, events" in html_of(response)
    assert linkedin().tags == ["events", "debate"]


def test_whoever_may_only_read_platforms_changes_no_tag(world: World, signed_in):
    staff = person("reader@example.org", "Rita Reader", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_platform"))
    assert signed_in(staff).post(change(linkedin()), data(linkedin(), tags=["news"])).status_code == 403
    assert "networking" in linkedin().tags


def shown(browser, key: str) -> str:
    """The card of a platform in the guide."""
    html = html_of(browser.get(reverse("platforms")))
    return html[html.index(f'id="platform-{key}"') :].partition("app-platform")[0]


def test_the_guide_says_in_one_line_what_a_platform_is_known_for(ada):
    assert "Known for: meeting others in the field, communities of practice, feedback, recruitment." in shown(
        ada, "linkedin"
    )
