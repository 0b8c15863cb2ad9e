"""A coordinator narrows a list, keeps it and acts on it; a member answers; somebody searches."""

from datetime import timedelta

import make
import pytest
from cast import Cast
from journey import SignIn
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from app.core.clock import as_of
from app.core.markings import Marking
from app.decisions.actions import proposing
from app.decisions.actions.proposing import ProposalEntry
from app.deliverables.queries.listing import parts_of
from app.members.models import DecisionRule
from app.sharing.rules import Sharing

pytestmark = pytest.mark.browser


def test_a_filter_is_kept_and_what_it_finds_is_assigned_from_the_keyboard(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    made = [make.deliverable(session, by=cast.coordinator, title=f"Tool {n}") for n in range(3)]
    make.assignment(session, made[0], cast.britain, by=cast.coordinator)
    ids = [each.id for each in made]
    session.commit()
    page = sign_in(cast.coordinator)
    page.goto("/deliverables")
    page.get_by_text("Status, health, flag, role, marking").focus()
    page.keyboard.press("Enter")
    page.get_by_label("No lead", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-deliverable]")).to_have_count(2)
    page.get_by_text("Keep this filter", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Keep this filter as").fill("Nobody leads")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=true]", has_text="Nobody leads")).to_be_visible()
    page.get_by_label("Take all 2 that are found").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Assign").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Member", exact=True).select_option("KE")
    page.get_by_role("button", name="Show what would come of it").press("Enter")
    expect(page.locator("[data-result=done]")).to_have_count(2)
    page.get_by_role("button", name="Do it").press("Enter")
    expect(page.get_by_text("2 are done.")).to_be_visible()
    parts = parts_of(session, ids, as_of(None, make.NOW))
    assert [[part.code for part in parts[each]] for each in ids] == [["GB"], ["KE"], ["KE"]]


def test_a_member_answers_with_scripts_off(session: Session, cast: Cast, sign_in: SignIn) -> None:
    entry = ProposalEntry(
        title="Meet twice a year",
        proposal="Every six months.",
        rule=DecisionRule.CONSENSUS,
        quorum=1,
        silence_is_assent=False,
        opens_at=None,
        closes_at=make.NOW + timedelta(days=3),
        sharing=Sharing(Marking.GREEN),
    )
    actor = cast.coordinator.actor
    put = proposing.draft(session, actor, entry, make.NOW)
    proposing.put(session, actor, put, put.version, make.NOW)
    session.commit()
    page = sign_in(cast.liaison, scripts=False)
    page.goto("/decisions")
    page.get_by_role("link", name="Meet twice a year").click()
    page.get_by_label("Position", exact=True).select_option("object")
    page.get_by_label("Statement").fill("Too often")
    page.get_by_role("button", name="Take this position").click()
    expect(page.locator("[data-member=KE]")).to_have_attribute("data-stance", "object")
    expect(page.locator("[data-position]")).to_contain_text("Too often")


def test_search_is_one_field_away_on_every_page(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    make.deliverable(session, by=cast.coordinator, title="国際ネットワーク会合の手法")
    session.commit()
    page = sign_in(cast.observer)
    page.goto("/members")
    page.get_by_role("searchbox", name="Search everything").fill("会合")
    page.keyboard.press("Enter")
    expect(page.locator(".hits mark")).to_have_text("会合")
    page.locator(".hits a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("国際ネットワーク会合の手法")
