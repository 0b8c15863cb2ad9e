"""Choosing, one deliverable after the other: each choice is saved, and none is ever lost."""

import io
from datetime import timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from review_cast import Summit
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.markings import Marking
from app.deliverables.models import AskedQuestion, StatusUpdate
from app.deliverables.queries.questions import open_questions_for
from app.deliverables.rules.moves import Status
from app.people.models import Account
from app.reviews.models import DeadlineReview, ReviewChoice
from app.reviews.rules.choices import Choice

TODAY = make.NOW.date()
REVIEW = "/deadlines/summit/review"


def chosen(session: Session) -> list[tuple[str, int, str]]:
    """Every choice that was ever made: of what, which version, which."""
    session.rollback()
    rows = session.scalars(select(ReviewChoice).order_by(ReviewChoice.id))
    return [(choice.choice.value, choice.version, choice.reason) for choice in rows]


def choose(client: Browser, review: DeadlineReview, key: str, **fields: object) -> TestResponse:
    return client.submit(f"/reviews/{review.id}/choices/{key}", **{"seen": "0", **fields})


def test_beginning_twice_is_the_same_review(
    reviewing: Browser, review: DeadlineReview, session: Session, other_coordinator: Account
) -> None:
    reviewing.sign_in(other_coordinator)
    reviewing.submit(REVIEW, day=TODAY.isoformat())
    assert session.scalars(select(DeadlineReview.id)).all() == [review.id]


@pytest.mark.parametrize("days", [1, -10_000])
def test_a_day_that_has_not_come_or_on_which_nobody_knew_the_deadline_is_not_reviewed(
    client: Browser, cast: Cast, summit: Summit, days: int
) -> None:
    client.sign_in(cast.coordinator)
    answer = client.submit(REVIEW, day=(TODAY + timedelta(days)).isoformat())
    assert answer.status_code == 422


def test_everything_due_there_is_on_the_page_in_the_order_of_need(
    reviewing: Browser, review: DeadlineReview
) -> None:
    page = reviewing.page(REVIEW)
    cards = page.select("article[data-deliverable]")
    assert {card["data-deliverable"] for card in cards} == {"terms", "draft", "ready", "done"}
    assert cards[-1]["data-deliverable"] == "done"
    offered = {
        card["data-deliverable"]: [box["value"] for box in card.select('[name="choice"]')]
        for card in cards
    }
    assert offered["done"] == ["keep", "drop"]
    assert offered["draft"] == ["keep", "move", "ask", "escalate", "drop"]
    assert offered["ready"] == [choice.value for choice in Choice]


def test_a_file_that_is_evidence_can_be_opened_from_the_review(
    reviewing: Browser, session: Session, cast: Cast, summit: Summit
) -> None:
    """And the exports of the review name it, without a link that leads nowhere."""
    reviewing.sign_in(cast.coordinator)
    sent = {"status": "in_review", "evidence_file": (io.BytesIO(b"%PDF-1.7\n"), "report.pdf")}
    answer = reviewing.fill("/deliverables/draft/updates", **sent, evidence_title="The report")
    assert answer.status_code == 303
    page = reviewing.page("/deadlines/summit/review")
    link = page.find("a", string="The report")
    assert link is not None
    assert reviewing.get(str(link["href"])).data == b"%PDF-1.7\n"
    number = session.scalars(select(DeadlineReview.id)).one()
    assert "The report\n" in reviewing.get(f"/reviews/{number}.md").text


def test_a_choice_is_saved_and_changes_nothing_yet(
    reviewing: Browser, review: DeadlineReview, session: Session
) -> None:
    before = session.scalars(select(StatusUpdate.id)).all()
    answer = choose(reviewing, review, "draft", choice="drop", reason="Nobody needs it")
    assert answer.status_code == 303
    assert chosen(session) == [("drop", 1, "Nobody needs it")]
    assert session.scalars(select(StatusUpdate.id)).all() == before
    card = reviewing.page(REVIEW).select_one('[data-deliverable="draft"]')
    assert card.select_one("[data-choice]")["data-choice"] == "drop"  # type: ignore[index,union-attr]


@pytest.mark.parametrize(
    ("key", "fields", "says"),
    [
        ("draft", {}, "Choose one"),
        ("draft", {"choice": "burn"}, "Choose one"),
        ("draft", {"choice": "accept"}, "Open to you: Keep, Move, Ask, Escalate"),
        ("draft", {"choice": "move", "reason": "late"}, "either a new day or another deadline"),
        ("draft", {"choice": "move", "new_due_on": "2027-01-01"}, "Say why"),
        (
            "draft",
            {"choice": "move", "reason": "x", "new_due_on": "2027-01-01", "new_deadline": "later"},
            "either a new day or another deadline",
        ),
        ("draft", {"choice": "move", "reason": "x", "new_deadline": "nowhere"}, "one of the dead"),
        ("terms", {"choice": "ask"}, "Say why"),
        ("draft", {"choice": "ask", "reason": "When?"}, "nobody would see the question"),
        ("ready", {"choice": "accept"}, "needs evidence"),
        ("ready", {"choice": "accept", "evidence_url": "javascript:x"}, "https://"),
    ],
)
def test_a_choice_that_lacks_something_says_what_and_keeps_what_was_typed(
    reviewing: Browser,
    review: DeadlineReview,
    session: Session,
    key: str,
    fields: dict[str, str],
    says: str,
) -> None:
    answer = choose(reviewing, review, key, **{"evidence_title": "Kept as typed", **fields})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Kept as typed" in answer.text
    assert chosen(session) == []


def test_two_coordinators_never_lose_a_choice(
    reviewing: Browser, review: DeadlineReview, session: Session, other_coordinator: Account
) -> None:
    choose(reviewing, review, "draft", choice="drop", reason="Carla's words")
    reviewing.sign_in(other_coordinator)
    answer = choose(reviewing, review, "draft", choice="escalate", reason="Colin's words")
    assert answer.status_code == 409
    # Both are on the page: hers as what stands, his in the form, ready to be saved after all.
    text = answer.text
    assert "Carla&#39;s words" in text
    assert "Colin&#39;s words" in text
    assert chosen(session) == [("drop", 1, "Carla's words")]
    again = choose(reviewing, review, "draft", choice="escalate", reason="Colin's words", seen="1")
    assert again.status_code == 303
    assert chosen(session) == [("drop", 1, "Carla's words"), ("escalate", 2, "Colin's words")]


def test_saving_the_same_choice_again_is_no_change(
    reviewing: Browser, review: DeadlineReview, session: Session
) -> None:
    for _ in range(2):
        choose(reviewing, review, "draft", choice="keep")
    assert chosen(session) == [("keep", 1, "")]


def test_others_choices_arrive_and_no_news_is_a_304(
    reviewing: Browser, review: DeadlineReview, other_coordinator: Account, cast: Cast
) -> None:
    news = f"/reviews/{review.id}/choices"
    first = reviewing.get(f"{news}?since=0")
    assert first.json == {"cards": {}, "closed": False, "last": 0}
    tag = first.headers["ETag"]
    assert reviewing.get(f"{news}?since=0", headers={"If-None-Match": tag}).status_code == 304
    reviewing.sign_in(other_coordinator)
    choose(reviewing, review, "draft", choice="keep", reason="Colin says so")
    reviewing.sign_in(cast.coordinator)
    second = reviewing.get(f"{news}?since=0", headers={"If-None-Match": tag})
    assert second.status_code == 200
    assert list(second.json["cards"]) == ["draft"]  # type: ignore[index]
    assert "Colin says so" in second.json["cards"]["draft"]  # type: ignore[index]


def test_our_script_gets_the_card_alone(reviewing: Browser, review: DeadlineReview) -> None:
    url = f"/reviews/{review.id}/choices/draft"
    fields = {"csrf_token": reviewing.csrf_token(), "seen": "0"}
    saved = reviewing.post(url, data={**fields, "choice": "keep"}, headers={"X-Part": "card"})
    assert saved.status_code == 200
    assert saved.text.lstrip().startswith("<article")
    refused = reviewing.post(url, data=fields, headers={"X-Part": "card"})
    assert refused.status_code == 422
    assert "<html" not in refused.text


def test_a_question_shows_on_the_desk_of_the_lead_until_the_next_update(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast, summit: Summit
) -> None:
    choose(reviewing, review, "terms", choice="ask", reason="When will it be ready?")
    session.rollback()
    asked = open_questions_for(session, cast.liaison.actor, cast.kenya.id)
    assert [question.text for question in asked] == ["When will it be ready?"]
    assert open_questions_for(session, cast.other_liaison.actor, cast.britain.id) == []
    update = make.update(session, summit.terms, by=cast.coordinator)
    session.commit()
    assert open_questions_for(session, cast.liaison.actor, cast.kenya.id) == []
    question = session.scalars(select(AskedQuestion)).one()
    assert question.answered_by_id == update.id
    card = reviewing.page(REVIEW).select_one('[data-deliverable="terms"]')
    assert "Answered by the update" in card.get_text()  # type: ignore[union-attr]


def test_a_question_is_withdrawn_when_the_coordinator_chooses_something_else(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast
) -> None:
    choose(reviewing, review, "terms", choice="ask", reason="When?")
    choose(reviewing, review, "terms", choice="keep", seen="1")
    session.rollback()
    assert open_questions_for(session, cast.liaison.actor, cast.kenya.id) == []
    question = session.scalars(select(AskedQuestion)).one()
    assert question.closed_at is not None
    assert question.answered_by_id is None


def test_only_coordinators_hold_reviews_and_administrators_read_them(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast
) -> None:
    for account in (cast.liaison, cast.other_liaison, cast.observer, cast.administrator):
        reviewing.sign_in(account)
        assert reviewing.get(REVIEW).status_code == 403
        assert choose(reviewing, review, "draft", choice="keep").status_code == 403
        reads = account is cast.administrator
        assert reviewing.get(f"/reviews/{review.id}").status_code == (200 if reads else 403)
    assert chosen(session) == []


def test_what_is_marked_red_is_in_the_review_of_those_it_names_only(
    reviewing: Browser, review: DeadlineReview, session: Session, summit: Summit
) -> None:
    draft = summit.draft
    session.refresh(draft)
    draft.marking = Marking.RED
    session.commit()
    keys = [c["data-deliverable"] for c in reviewing.page(REVIEW).select("article")]
    assert "draft" not in keys
    assert choose(reviewing, review, "draft", choice="keep").status_code == 404


def test_what_moved_away_since_is_no_longer_chosen_for(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast
) -> None:
    elsewhere = make.deliverable(session, by=cast.coordinator, key="elsewhere")
    make.update(session, elsewhere, Status.IN_PROGRESS, by=cast.coordinator)
    session.commit()
    assert choose(reviewing, review, "elsewhere", choice="keep").status_code == 404
