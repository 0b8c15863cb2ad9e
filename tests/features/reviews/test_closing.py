"""Closing carries out what was chosen, all of it or nothing, and keeps what was seen."""

from datetime import timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from review_cast import Summit
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.agendas.actions.agendas import propose
from app.agendas.models import Agenda, AgendaItem
from app.agendas.queries.escalations import open_escalations
from app.agendas.queries.proposal import facts
from app.core.clock import as_of
from app.core.markings import Marking
from app.deadlines import queries as deadlines
from app.deliverables.actions.updates import UpdateEntry, log_update
from app.deliverables.models import Deliverable, ScheduleChange, StatusUpdate
from app.deliverables.queries.detail import detail
from app.deliverables.rules.moves import Status
from app.meetings.models import MeetingStatus
from app.people.models import Account
from app.reviews.models import DeadlineReview, ReviewChoice, ReviewEntry
from app.reviews.queries import content, reviews
from app.reviews.rules.content import ReviewContent
from app.sharing.actions import audience_of
from app.sharing.rules import Sharing

TODAY = make.NOW.date()
LINK = {"evidence_title": "The report", "evidence_url": "https://example.org/report"}


def choose(client: Browser, review: DeadlineReview, key: str, **fields: object) -> None:
    answer = client.submit(f"/reviews/{review.id}/choices/{key}", **{"seen": "0", **fields})
    assert answer.status_code == 303, answer.text


def last_choice(session: Session) -> int:
    session.rollback()
    return max(session.scalars(select(ReviewChoice.id)), default=0)


def close(
    client: Browser, review: DeadlineReview, session: Session, **fields: object
) -> TestResponse:
    fields = {"seen": last_choice(session), "effective_on": TODAY.isoformat(), **fields}
    return client.submit(f"/reviews/{review.id}/close", **fields)


def status_of(session: Session, reader: Account, deliverable: Deliverable) -> Status:
    session.rollback()
    found = detail(session, reader.actor, deliverable, as_of(None, make.NOW))
    assert found is not None
    return found.row.status


def test_each_choice_is_carried_out_when_the_review_is_closed(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast, summit: Summit
) -> None:
    s = summit
    choose(reviewing, review, "terms", choice="move", reason="Too early", new_deadline="later")
    choose(reviewing, review, "draft", choice="drop", reason="Nobody needs it")
    choose(reviewing, review, "ready", choice="accept", **LINK)
    answer = close(reviewing, review, session)
    assert answer.status_code == 303, answer.text
    assert status_of(session, cast.coordinator, s.draft) is Status.DROPPED
    assert status_of(session, cast.coordinator, s.ready) is Status.DELIVERED
    moves = session.scalars(
        select(ScheduleChange).where(ScheduleChange.deliverable_id == s.terms.id)
    ).all()
    assert [(m.deadline_id, m.reason) for m in moves] == [
        (s.deadline.id, ""),
        (s.later.id, "Too early"),
    ]
    kept = session.scalars(select(DeadlineReview)).one()
    assert (kept.closed_by_id, kept.effective_on) == (cast.coordinator.id, TODAY)


def test_what_is_sent_back_is_at_work_again_with_the_note(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast, summit: Summit
) -> None:
    choose(reviewing, review, "ready", choice="send_back", reason="Chapter two is missing")
    close(reviewing, review, session)
    assert status_of(session, cast.coordinator, summit.ready) is Status.IN_PROGRESS
    notes = session.scalars(select(StatusUpdate.note)).all()
    assert notes[-1] == "Chapter two is missing"


def test_if_one_choice_cannot_be_carried_out_none_is(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast, summit: Summit
) -> None:
    choose(reviewing, review, "draft", choice="drop", reason="Nobody needs it")
    choose(reviewing, review, "ready", choice="accept", **LINK)
    # Meanwhile somebody sends it back.
    back = UpdateEntry(status=Status.IN_PROGRESS, effective_on=TODAY, note="Not yet")
    log_update(session, cast.coordinator.actor, summit.ready, back, make.NOW)
    session.commit()
    answer = close(reviewing, review, session)
    assert answer.status_code == 422
    assert "cannot become" in answer.text
    assert status_of(session, cast.coordinator, summit.draft) is Status.IN_PROGRESS
    assert session.scalars(select(DeadlineReview)).one().closed_at is None
    assert session.scalars(select(ReviewEntry)).all() == []


def test_a_choice_made_since_the_page_was_opened_stops_the_closing(
    reviewing: Browser, review: DeadlineReview, session: Session
) -> None:
    seen = last_choice(session)
    choose(reviewing, review, "draft", choice="keep")
    answer = close(reviewing, review, session, seen=seen)
    assert answer.status_code == 409
    assert session.scalars(select(DeadlineReview)).one().closed_at is None


def test_a_closed_review_takes_no_more_choices(
    reviewing: Browser, review: DeadlineReview, session: Session
) -> None:
    assert close(reviewing, review, session).status_code == 303
    late = reviewing.submit(f"/reviews/{review.id}/choices/draft", choice="keep", seen="0")
    assert late.status_code == 409
    assert close(reviewing, review, session).status_code == 409


@pytest.mark.parametrize("days", [-1, 1])
def test_choices_hold_from_a_day_between_the_review_and_today(
    reviewing: Browser, review: DeadlineReview, session: Session, days: int
) -> None:
    day = (TODAY + timedelta(days)).isoformat()
    assert close(reviewing, review, session, effective_on=day).status_code == 422


def test_a_closed_review_shows_what_it_saw_whatever_happens_later(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast, summit: Summit
) -> None:
    choose(reviewing, review, "draft", choice="keep", reason="On course")
    close(reviewing, review, session)
    reviewing.page(f"/reviews/{review.id}")  # takes the message that it was closed
    before = reviewing.page(f"/reviews/{review.id}").select_one("main").get_text()  # type: ignore[union-attr]
    late = make.update(
        session,
        summit.draft,
        Status.IN_PROGRESS,
        TODAY - timedelta(1),
        by=cast.coordinator,
        blocker="No budget",
    )
    assert late.id
    session.commit()
    page = reviewing.page(f"/reviews/{review.id}")
    assert page.select_one("main").get_text() == before  # type: ignore[union-attr]
    assert "On course" in before
    assert "No budget" not in before


def test_the_next_review_tells_what_the_last_one_said(
    reviewing: Browser, review: DeadlineReview, session: Session
) -> None:
    choose(reviewing, review, "draft", choice="keep", reason="On course")
    close(reviewing, review, session)
    reviewing.submit("/deadlines/summit/review", day=TODAY.isoformat())
    card = reviewing.page("/deadlines/summit/review").select_one('[data-deliverable="draft"]')
    assert "In progress; Keep: On course" in " ".join(card.get_text().split())  # type: ignore[union-attr]


def meeting_with_agenda(session: Session, carla: Account) -> Agenda:
    meeting = make.meeting(
        session,
        TODAY + timedelta(30),
        status=MeetingStatus.PLANNED,
        exists_from=TODAY,
        series_id=make.series(session).id,
    )
    session.refresh(meeting, ["series"])
    agenda = propose(session, carla.actor, meeting, [], TODAY, make.NOW)
    session.commit()
    return agenda


def test_what_is_escalated_goes_on_the_agenda_of_the_next_meeting(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast, summit: Summit
) -> None:
    agenda = meeting_with_agenda(session, cast.coordinator)
    choose(reviewing, review, "draft", choice="escalate", reason="Two members disagree")
    close(reviewing, review, session)
    session.rollback()
    items = session.scalars(select(AgendaItem).where(AgendaItem.agenda_id == agenda.id)).all()
    assert [(item.deliverable_id, item.title) for item in items] == [(summit.draft.id, "Draft")]
    assert "Two members disagree" in items[0].note
    assert open_escalations(session, cast.coordinator.actor) == ()


def test_without_an_agenda_it_waits_and_is_part_of_the_next_one_that_is_proposed(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast
) -> None:
    choose(reviewing, review, "draft", choice="escalate", reason="Two members disagree")
    close(reviewing, review, session)
    session.rollback()
    meeting = make.meeting(
        session, TODAY + timedelta(30), status=MeetingStatus.PLANNED, key="next", exists_from=TODAY
    )
    session.refresh(meeting, ["series"])
    waiting = facts(session, cast.coordinator.actor, meeting, as_of(None, make.NOW)).escalations
    assert [escalation.key for escalation in waiting] == ["draft"]
    reviewing.submit("/agendas/next/propose")
    session.rollback()
    taken = session.scalars(select(AgendaItem).where(AgendaItem.escalation_id.is_not(None))).all()
    assert [item.title for item in taken] == ["Draft"]
    assert open_escalations(session, cast.coordinator.actor) == ()


def test_the_choice_about_what_only_another_coordinator_sees_is_carried_out_as_well(
    reviewing: Browser,
    review: DeadlineReview,
    session: Session,
    cast: Cast,
    summit: Summit,
    other_coordinator: Account,
) -> None:
    draft = summit.draft
    choose(reviewing, review, "draft", choice="drop", reason="Secret")
    session.refresh(draft)
    draft.marking = "RED"
    session.commit()
    reviewing.sign_in(other_coordinator)
    assert close(reviewing, review, session).status_code == 303
    last = session.scalars(
        select(StatusUpdate)
        .where(StatusUpdate.deliverable_id == draft.id)
        .order_by(StatusUpdate.id)
    ).all()[-1]
    assert last.status is Status.DROPPED
    assert "Draft" not in reviewing.page(f"/reviews/{review.id}").select_one("main").get_text()  # type: ignore[union-attr]


def test_what_only_others_may_see_is_kept_with_the_closed_review_for_them(
    reviewing: Browser,
    review: DeadlineReview,
    session: Session,
    cast: Cast,
    summit: Summit,
    other_coordinator: Account,
) -> None:
    """Chosen for (`draft`) or not (`terms`), by whoever is named on it."""
    named = Sharing(Marking.RED, accounts=frozenset({cast.coordinator.id}))
    choose(reviewing, review, "draft", choice="drop", reason="Secret")
    session.rollback()
    for hidden in (summit.draft, summit.terms):
        session.refresh(hidden)
        hidden.marking, hidden.audience_id = Marking.RED, audience_of(session, named)
    session.commit()
    before = {entry.key for entry in shown_to(session, cast.coordinator, review).entries}
    assert before >= {"draft", "terms"}
    assert close(reviewing.sign_in(other_coordinator), review, session).status_code == 303
    kept = shown_to(session, cast.coordinator, review)
    assert {entry.key for entry in kept.entries} == before
    (dropped,) = (entry for entry in kept.entries if entry.key == "draft")
    assert dropped.chosen
    assert (dropped.chosen.choice, dropped.chosen.reason) == ("drop", "Secret")
    assert dropped.status is Status.IN_PROGRESS
    others = {entry.key for entry in shown_to(session, other_coordinator, review).entries}
    assert others == before - {"draft", "terms"}


def shown_to(session: Session, account: Account, review: DeadlineReview) -> ReviewContent:
    session.rollback()
    found = reviews.find(session, review.id)
    assert found is not None
    if found.closed_at is not None:
        return content.kept(session, account.actor, found)
    day = as_of(found.held_on, make.NOW)
    row = deadlines.deadline(session, found.deadline.key, day)
    assert row is not None
    asked = content.Wanted(account.actor, day, lambda raised: raised.flag, "en")
    return content.live(session, asked, row, found)[0]


def test_a_review_of_a_past_day_is_the_record_of_one_that_took_place_then(
    client: Browser, session: Session, cast: Cast, summit: Summit
) -> None:
    past = TODAY - timedelta(2)
    client.sign_in(cast.coordinator)
    client.submit("/deadlines/summit/review", day=past.isoformat())
    review = session.scalars(select(DeadlineReview)).one()
    page = client.page(f"/reviews/{review.id}/close")
    assert page.select_one('[name="effective_on"]')["value"] == past.isoformat()  # type: ignore[index]
    choose(client, review, "draft", choice="drop", reason="It was dropped then")
    close(client, review, session, effective_on=past.isoformat())
    session.rollback()
    found = detail(session, cast.coordinator.actor, summit.draft, as_of(past, make.NOW))
    assert found is not None
    assert found.row.status is Status.DROPPED


def test_a_liaison_cannot_close(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast
) -> None:
    reviewing.sign_in(cast.liaison)
    assert close(reviewing, review, session).status_code == 403


def test_everything_is_in_the_trail(
    reviewing: Browser, review: DeadlineReview, session: Session, cast: Cast
) -> None:
    choose(reviewing, review, "terms", choice="ask", reason="When?")
    close(reviewing, review, session)
    reviewing.sign_in(cast.administrator)
    text = reviewing.page("/audit").get_text()
    for verb in ("review.open", "review.choose", "question.ask", "review.close"):
        assert verb in text
