"""A coordinator reviews a deadline in ten minutes; two on the same review lose nothing."""

import io
from datetime import timedelta

import hand_count
import make
import pytest
from cast import Cast
from journey import SignIn
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.deliverables.actions.schedule import Due
from app.people.models import Account
from app.plans.actions import import_files
from app.reviews.models import DeadlineReview, ReviewChoice

pytestmark = pytest.mark.browser

SUMMIT = "/deadlines/summit/review?as_of=2025-01-20"


@pytest.fixture
def carla(session: Session) -> Account:
    """A coordinator of the real network."""
    carla = make.account(session, Role.COORDINATOR, name="Carla")
    import_files(session, carla.actor, hand_count.FILES, make.NOW)
    session.commit()
    return carla


@pytest.fixture
def colin(session: Session, cast: Cast) -> Account:
    """Coordinates beside the Carla of the cast, who has a summit with a paper due at it."""
    colin = make.account(session, Role.COORDINATOR, name="Colin")
    due_on = make.NOW.date() + timedelta(20)
    deadline = make.deadline(session, due_on, by=cast.coordinator, key="summit", title="Summit")
    due = Due(deadline_id=deadline.id)
    for key in ("paper", "tools"):
        make.deliverable(session, by=cast.coordinator, key=key, title=key.title(), due=due)
    session.commit()
    return colin


def chosen(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.scalars(select(ReviewChoice).order_by(ReviewChoice.id))
    return [(choice.choice.value, choice.reason) for choice in rows]


def begin(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Begin the review of this day").click()
    page.wait_for_selector("[data-review]")


def choose(page: Page, key: str, choice: str, reason: str = "", **more: str) -> None:
    card = page.locator(f"#d-{key}")
    card.locator(f'[name=choice][value="{choice}"]').check()
    if reason:
        card.locator("[name=reason]").fill(reason)
    for name, value in more.items():
        card.locator(f"select[name={name}]").select_option(value)
    card.get_by_role("button", name="Save the choice").click()


def test_a_coordinator_reviews_the_summit_and_prints_the_review(
    session: Session, carla: Account, sign_in: SignIn
) -> None:
    page = sign_in(carla)
    begin(page, SUMMIT)
    choose(page, "risk-list", "move", "Nobody has begun", new_deadline="eu-code")
    expect(page.locator("#d-risk-list [data-choice=move]")).to_be_visible()
    choose(page, "vocabulary", "ask", "Is there a draft?")
    choose(page, "showcase", "escalate", "The agenda it shows is late")
    choose(page, "exchange", "drop", "No institute offered a place")
    choose(page, "joint-test-2", "keep")
    expect(page.locator("[data-choice]")).to_have_count(5)
    assert page.url.endswith("as_of=2025-01-20")  # nothing loaded the page anew
    page.get_by_role("link", name="Close the review").click()
    expect(page.locator('[name="effective_on"]')).to_have_value("2025-01-20")
    page.get_by_role("button", name="Close the review").click()
    page.wait_for_url("**/reviews/*")
    page.emulate_media(media="print")
    printed = "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages)
    flowing = " ".join(printed.split())
    for words in (
        "Review: AI Action Summit",
        "20 January 2025",
        "0 of 5 delivered, 0 overdue",
        "List of the specific risks to be tested",
        "Nobody has begun",
        "Is there a draft?",
        "TLP:GREEN",
    ):
        assert words in flowing, words
    assert "Save the choice" not in flowing
    session.rollback()
    assert session.scalars(select(DeadlineReview)).one().closed_at is not None


def test_without_scripts_the_same_review_is_held(
    session: Session, carla: Account, sign_in: SignIn
) -> None:
    page = sign_in(carla, scripts=False)
    begin(page, SUMMIT)
    choose(page, "exchange", "drop")
    page.wait_for_selector("[data-error-summary]")
    assert "Say why" in page.inner_text("main")
    choose(page, "exchange", "drop", "No institute offered a place")
    page.wait_for_url("**/deadlines/summit/review**")
    assert chosen(session) == [("drop", "No institute offered a place")]


def test_two_coordinators_on_one_review_see_each_other_and_lose_nothing(
    session: Session, cast: Cast, colin: Account, sign_in: SignIn
) -> None:
    hers, his = sign_in(cast.coordinator), sign_in(colin)
    begin(hers, "/deadlines/summit/review")
    his.goto("/deadlines/summit/review")
    # He is typing about the paper when she chooses for both.
    his.locator("#d-paper [name=reason]").fill("His words")
    choose(hers, "paper", "keep", "Her words")
    choose(hers, "tools", "drop", "Not needed")
    expect(his.locator("#d-tools [data-choice=drop]")).to_be_visible(timeout=15_000)
    expect(his.locator("#d-paper [role=status]")).to_be_visible(timeout=15_000)
    expect(his.locator("#d-paper [name=reason]")).to_have_value("His words")
    his.locator('#d-paper [name=choice][value="escalate"]').check()
    his.locator("#d-paper").get_by_role("button", name="Save the choice").click()
    expect(his.locator("#d-paper [data-error-summary]")).to_be_visible()
    expect(his.locator("#d-paper [data-choice=keep]")).to_contain_text("Her words")
    expect(his.locator("#d-paper [name=reason]")).to_have_value("His words")
    his.locator("#d-paper").get_by_role("button", name="Save the choice").click()
    expect(his.locator("#d-paper [data-choice=escalate]")).to_contain_text("His words")
    expect(hers.locator("#d-paper [data-choice=escalate]")).to_be_visible(timeout=15_000)
    assert chosen(session) == [
        ("keep", "Her words"),
        ("drop", "Not needed"),
        ("escalate", "His words"),
    ]


def test_a_lost_connection_keeps_the_choice_in_the_form(
    session: Session, cast: Cast, colin: Account, sign_in: SignIn
) -> None:
    page = sign_in(cast.coordinator)
    begin(page, "/deadlines/summit/review")
    page.context.set_offline(True)
    choose(page, "paper", "drop", "Typed in a train")
    expect(page.locator("#d-paper [role=status]")).to_contain_text("connection is gone")
    page.context.set_offline(False)
    page.locator("#d-paper").get_by_role("button", name="Save the choice").click()
    expect(page.locator("#d-paper [data-choice=drop]")).to_be_visible()
    assert chosen(session) == [("drop", "Typed in a train")]


def test_two_browsers_on_the_same_deliverable_never_overwrite_each_other(
    session: Session, cast: Cast, colin: Account, sign_in: SignIn
) -> None:
    hers, his = sign_in(cast.coordinator), sign_in(colin)
    for page in (hers, his):
        page.goto("/deliverables/paper/edit")
    hers.fill("[name=title]", "Her title")
    hers.get_by_role("button", name="Save").click()
    hers.wait_for_url("**/deliverables/paper")
    his.fill("[name=note]", "His note")
    his.get_by_role("button", name="Save").click()
    his.wait_for_selector("[data-error-summary]")
    assert "Her title" in his.inner_text("main")
    assert his.input_value("[name=note]") == "His note"
    his.fill("[name=title]", "Her title")
    his.get_by_role("button", name="Save").click()
    his.wait_for_url("**/deliverables/paper")
    hers.reload()
    assert hers.inner_text("h1") == "Her title"
