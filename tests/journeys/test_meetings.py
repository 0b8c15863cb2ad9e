"""A cadence is agreed, an agenda ordered by keyboard and by hand, and a meeting run to minutes."""

from datetime import UTC, date, datetime

import make
import pytest
from cast import Cast
from journey import SignIn
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.actions.agendas import propose
from app.agendas.models import AgendaItem
from app.agendas.rules.schedule import Draft, ItemKind
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus
from app.web.database import Tracker

pytestmark = pytest.mark.browser
TODAY = make.NOW.date()


@pytest.fixture
def meeting(session: Session, cast: Cast) -> Meeting:
    """Today, with a draft of four items."""
    series = make.series(session, key="plenary", title="Plenary")
    made: Meeting = make.meeting(
        session,
        TODAY,
        key="m",
        title="Plenary",
        series_id=series.id,
        status=MeetingStatus.PLANNED,
        starts_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
        duration_minutes=60,
        exists_from=date(2026, 10, 1),
    )
    drafts = [
        Draft(kind=ItemKind.DISCUSSION, title=title, why="On a fixed day") for title in "ABCD"
    ]
    session.refresh(made, ["series"])
    propose(session, cast.coordinator.actor, made, drafts, TODAY, make.NOW)
    session.commit()
    return made


def order(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AgendaItem.title).order_by(AgendaItem.position)))


def expect_order(page: Page, titles: str) -> None:
    numbered = [f"{number}{title}" for number, title in enumerate(titles, 1)]
    expect(page.locator("[data-item] h3")).to_have_text(numbered)


def test_a_series_is_built_by_keyboard_and_its_dates_are_seen_before_it_is_kept(
    sign_in: SignIn, session: Session, cast: Cast
) -> None:
    page = sign_in(cast.coordinator)
    page.goto("/cadence/new")
    page.get_by_label("Once every").fill("6")
    page.get_by_label("Which one").select_option("Third")
    page.get_by_label("Weekday").select_option("Wednesday")
    page.get_by_label("From", exact=True).fill("2026-12-01")
    page.get_by_label("Begins at").fill("14:00")
    page.get_by_label("Time zone").fill("Pacific/Auckland")
    page.get_by_label("Length in minutes").fill("120")
    page.get_by_label("Title").fill("Track on evaluation")
    page.keyboard.press("Enter")
    expect(page.locator("[data-next]")).to_have_count(5)
    expect(page.locator("[data-next]").first).to_contain_text("16 December 2026")
    assert session.scalars(select(MeetingSeries)).all() == []
    session.rollback()
    page.get_by_role("button", name="Save the series").press("Enter")
    expect(page.get_by_role("heading", name="Track on evaluation")).to_be_visible()
    expect(page.get_by_text("Every 6 months, on the third Wednesday")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_items_are_ordered_by_keyboard_and_the_focus_stays(
    sign_in: SignIn, session: Session, cast: Cast, meeting: Meeting, scripts: bool
) -> None:
    page = sign_in(cast.coordinator, scripts=scripts)
    page.goto("/agendas/m")
    page.get_by_role("button", name="Down A", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Down A", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect_order(page, "BCAD")
    assert order(session) == ["B", "C", "A", "D"]


def test_an_item_is_dragged_to_its_place(
    sign_in: SignIn, session: Session, cast: Cast, meeting: Meeting
) -> None:
    page = sign_in(cast.coordinator)
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto("/agendas/m")
    drag(page, "D", "B")
    expect_order(page, "ADBC")
    assert order(session) == ["A", "D", "B", "C"]


def drag(page: Page, title: str, before: str) -> None:
    """By its grip, to just under the upper edge of another."""
    rows = page.locator("[data-item]")
    row = rows.filter(has=page.get_by_role("link", name=f"Edit {title}", exact=True))
    box = row.locator(".ag-drag").bounding_box()
    above = rows.filter(has=page.get_by_role("link", name=f"Edit {before}", exact=True))
    target = above.bounding_box()
    assert box
    assert target
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 40, target["y"] + 4, steps=5)
    page.mouse.up()


def test_a_meeting_is_run_to_its_minutes(
    sign_in: SignIn, session: Session, cast: Cast, meeting: Meeting, app: Tracker
) -> None:
    page = sign_in(cast.coordinator)
    page.goto("/agendas/m")
    page.get_by_role("link", name="Run the meeting").click()
    page.get_by_role("button", name="Next: A").click()
    expect(page.locator("[data-show=elapsed]")).not_to_have_text("0:00")
    page.get_by_label("Outcome").select_option("Agreed")
    page.get_by_label("Notes for the minutes").fill("We agreed **quickly**.")
    page.get_by_role("button", name="Keep the notes").click()
    page.get_by_label("What is to be done").fill("Circulate the paper")
    page.get_by_label("By whom").select_option("Kenya")
    page.get_by_label("By when").fill("2027-01-15")
    page.get_by_role("button", name="Ask for it").click()
    page.get_by_role("button", name="Attended Kenya", exact=True).click()
    page.get_by_role("button", name="Next: B").click()
    expect(page.locator(".rn-t")).to_have_text("B")
    page.get_by_role("button", name="Close the meeting").click()
    expect(page.locator("[data-outcome=agreed]")).to_contain_text("Circulate the paper")
    page.get_by_role("button", name="Publish the minutes").click()
    expect(page.get_by_role("heading", name="Minutes: Plenary")).to_be_visible()
    wanjiru = sign_in(cast.liaison)
    wanjiru.goto("/actions")
    row = wanjiru.locator("[data-action]")
    expect(row).to_contain_text("Circulate the paper")
    row.get_by_role("button", name="Done").click()
    expect(wanjiru.locator("[data-action]")).to_have_count(0)
    wanjiru.goto("/agendas/m/minutes")
    expect(wanjiru.get_by_text("We agreed")).to_be_visible()
    titles = wanjiru.get_by_role("list", name="Not reached").locator("h3")
    assert [title.lstrip("0123456789") for title in titles.all_text_contents()] == ["C", "D"]


def test_two_coordinators_who_order_at_once_both_have_it_their_way(
    sign_in: SignIn, session: Session, cast: Cast, meeting: Meeting
) -> None:
    first, second = sign_in(cast.coordinator), sign_in(cast.coordinator)
    for page in (first, second):
        page.goto("/agendas/m")
    first.get_by_role("button", name="Up C", exact=True).click()
    expect_order(first, "ACBD")
    second.get_by_role("button", name="Down A", exact=True).click()
    expect_order(second, "CBAD")
    assert order(session) == ["C", "B", "A", "D"]
