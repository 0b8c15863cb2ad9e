"""A liaison's week: all eight from the keyboard alone, and nothing typed is ever lost."""

import re

import make
import pytest
from cast import Cast
from journey import SignIn
from playwright.sync_api import Page
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.deliverables.models import Deliverable, StatusUpdate
from app.deliverables.rules.moves import Status
from app.people.models import SignedInSession

pytestmark = pytest.mark.browser


@pytest.fixture
def eight(session: Session, cast: Cast) -> list[Deliverable]:
    made = []
    for n in range(1, 9):
        each = make.deliverable(session, by=cast.coordinator, key=f"work-{n}", title=f"Work {n}")
        make.assignment(session, each, cast.kenya, by=cast.coordinator)
        made.append(each)
    session.commit()
    return made


def updates(session: Session) -> list[StatusUpdate]:
    found = list(session.scalars(select(StatusUpdate).order_by(StatusUpdate.id)))
    session.commit()
    return found


def end_sessions(session: Session) -> None:
    session.execute(update(SignedInSession).values(ended_at=make.NOW))
    session.commit()


def sign_in_again(page: Page, cast: Cast) -> Page:
    """In a tab of its own, as the page that came too late offers it."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in, in a new tab").click()
    tab = opened.value
    tab.fill("[name=email]", cast.liaison.email)
    tab.fill("[name=password]", make.PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(lambda url: "/sign-in" not in url)
    return tab


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until the field or button of this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.id") == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_a_liaison_logs_all_eight_from_the_keyboard_alone(
    session: Session, cast: Cast, eight: list[Deliverable], sign_in: SignIn
) -> None:
    page = sign_in(cast.liaison)
    assert page.url.endswith("/desk")
    page.get_by_role("link", name="Log several updates").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/updates")
    for n in range(1, 9):
        tab_to(page, f"work-{n}-status")
        page.keyboard.press("I")  # as every select does: In progress
        page.keyboard.press("Tab")
        page.keyboard.press("O")  # On track
        page.keyboard.press("Tab")
        page.keyboard.type(str(n * 10))
        page.keyboard.press("Tab")
        page.keyboard.type(f"Week {n}")
    page.keyboard.press("Enter")  # in a field: sends the form
    page.wait_for_url("**/desk")
    assert "8 updates logged" in page.inner_text("main")
    logged = updates(session)
    assert [
        (u.status, u.progress, u.note) for u in sorted(logged, key=lambda u: u.progress or 0)
    ] == [(Status.IN_PROGRESS, n * 10, f"Week {n}") for n in range(1, 9)]


def test_enter_in_a_row_never_says_no_change_for_another(
    session: Session, cast: Cast, eight: list[Deliverable], sign_in: SignIn
) -> None:
    page = sign_in(cast.liaison)
    page.goto("/desk/updates")
    page.fill("[name=work-5-note]", "Only this")
    page.press("[name=work-5-note]", "Enter")
    page.wait_for_url("**/desk")
    assert [(u.deliverable_id, u.note) for u in updates(session)] == [(eight[4].id, "Only this")]


def test_no_change_is_one_press_of_a_key_on_the_desk(
    session: Session, cast: Cast, eight: list[Deliverable], sign_in: SignIn
) -> None:
    page = sign_in(cast.liaison)
    page.get_by_role("button", name=re.compile("No change.*Work 3")).press("Enter")
    page.wait_for_selector(".note-success")
    assert [u.deliverable_id for u in updates(session)] == [eight[2].id]


def test_a_lost_connection_loses_nothing(
    session: Session, cast: Cast, eight: list[Deliverable], sign_in: SignIn
) -> None:
    page = sign_in(cast.liaison)
    page.goto("/desk/updates")
    page.fill("[name=work-2-note]", "Typed in a train")
    page.context.set_offline(True)
    page.on("dialog", lambda dialog: dialog.accept())
    page.press("[name=work-2-note]", "Enter")
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.goto("/desk/updates")
    offer = page.locator("[data-draft-offer]")
    assert offer.is_visible()
    page.get_by_role("button", name="Put it back").press("Enter")
    assert page.input_value("[name=work-2-note]") == "Typed in a train"
    page.get_by_role("button", name="Log what changed").last.click()
    page.wait_for_url("**/desk")
    assert [u.note for u in updates(session)] == ["Typed in a train"]
    page.goto("/desk/updates")
    assert not page.locator("[data-draft-offer]").is_visible()


def test_an_ended_session_loses_nothing_of_a_single_update(
    session: Session, cast: Cast, eight: list[Deliverable], sign_in: SignIn
) -> None:
    page = sign_in(cast.liaison)
    page.goto("/deliverables/work-1/updates")
    page.fill("[name=note]", "An hour of words")
    end_sessions(session)
    page.get_by_role("button", name="Log it").click()
    page.wait_for_selector("text=Your session had ended")
    tab = sign_in_again(page, cast)
    assert tab.url.endswith("/deliverables/work-1/updates")
    assert tab.locator("[data-draft-offer]").is_visible()
    tab.get_by_role("button", name="Put it back").click()
    assert tab.input_value("[name=note]") == "An hour of words"
    tab.get_by_role("button", name="Log it").click()
    tab.wait_for_url("**/deliverables/work-1")
    assert [u.note for u in updates(session)] == ["An hour of words"]


def test_without_scripts_an_ended_session_loses_nothing_either(
    session: Session, cast: Cast, eight: list[Deliverable], sign_in: SignIn
) -> None:
    page = sign_in(cast.liaison, scripts=False)
    page.goto("/desk/updates")
    page.fill("[name=work-7-note]", "Without any script")
    end_sessions(session)
    page.get_by_role("button", name="Log what changed").last.click()
    page.wait_for_selector("text=Your session had ended")
    assert "Without any script" in page.inner_text("main")
    assert sign_in_again(page, cast).url.endswith("/desk/updates")
    page.get_by_role("button", name="Go on with what I typed").click()
    page.get_by_role("button", name="Send it now").click()
    page.wait_for_url("**/desk")
    assert [(u.deliverable_id, u.note) for u in updates(session)] == [
        (eight[6].id, "Without any script")
    ]


def test_whoever_signs_out_leaves_no_draft_behind(
    cast: Cast, eight: list[Deliverable], sign_in: SignIn
) -> None:
    page = sign_in(cast.liaison)
    page.goto("/desk/updates")
    page.fill("[name=work-2-note]", "Not for the next one")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("header details summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_two_browsers_on_the_same_deliverable_lose_nothing(
    session: Session, cast: Cast, eight: list[Deliverable], sign_in: SignIn
) -> None:
    liaison, coordinator = sign_in(cast.liaison), sign_in(cast.coordinator)
    for page in (liaison, coordinator):
        page.goto("/deliverables/work-1/updates")
    coordinator.fill("[name=note]", "From the coordinator")
    coordinator.get_by_role("button", name="Log it").click()
    coordinator.wait_for_url("**/deliverables/work-1")
    liaison.fill("[name=note]", "From the liaison")
    liaison.get_by_role("button", name="Log it").click()
    liaison.wait_for_selector("[data-error-summary]")
    assert "Somebody logged an update" in liaison.inner_text("main")
    assert "From the coordinator" in liaison.inner_text("main")
    assert liaison.input_value("[name=note]") == "From the liaison"
    liaison.get_by_role("button", name="Log it").click()
    liaison.wait_for_url("**/deliverables/work-1")
    assert [u.note for u in updates(session)] == ["From the coordinator", "From the liaison"]
