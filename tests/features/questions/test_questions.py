"""The board of questions, and what became of each."""

from datetime import date, datetime, timedelta

import make
from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.agendas.models import Agenda, AgendaItem, PublishedAgenda
from app.agendas.rules.outcomes import Outcome
from app.agendas.rules.schedule import ItemKind
from app.core.markings import Marking
from app.decisions.actions import proposing
from app.decisions.actions.proposing import ProposalEntry
from app.meetings.models import MeetingStatus
from app.members.models import DecisionRule
from app.priorities.actions.questions import QuestionEntry, add_question
from app.priorities.models import Question, QuestionStatus, Theme
from app.sharing.rules import Sharing


def question(session: Session, cast: Cast, key: str, **values: object) -> Question:
    entry = QuestionEntry(
        **{"title": f"Question {key}", "theme": Theme.GOALS, "recommendation": "Begin", **values}
    )
    actor, day = cast.coordinator.actor, make.PLANNED_ON
    return add_question(session, actor, key, entry, QuestionStatus.OPEN, 1, day, make.NOW)


def test_the_board_shows_each_question_where_it_stands_on_the_day(
    client: Browser, session: Session, cast: Cast
) -> None:
    question(session, cast, "q1")
    question(session, cast, "q2", theme=Theme.STRATEGY)
    client.sign_in(cast.coordinator)
    refused = client.submit("/questions/q1/status", status="decided", reason=" ")
    assert refused.status_code == 422
    answer = client.submit("/questions/q1/status", status="decided", reason="Agreed in Paris")
    assert answer.status_code == 303
    client.sign_in(cast.observer)

    def statuses(day: str) -> dict[str, str]:
        page = client.page(f"/questions?as_of={day}")
        return {q["data-question"]: q["data-status"] for q in page.select("[data-question]")}

    assert statuses("2026-11-24") == {"q1": "decided", "q2": "open"}
    assert statuses("2026-11-23") == {"q1": "open", "q2": "open"}
    assert statuses("2024-01-01") == {}
    assert "Agreed in Paris" in client.page("/questions/q1").text
    assert "Agreed in Paris" not in client.page("/questions/q1?as_of=2026-11-23").text


def test_a_question_shows_its_decisions_and_the_deliverables_that_follow_as_far_as_may_be_seen(
    client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    asked = question(session, cast, "q1")
    of = make.priority(session, question_id=asked.id)
    make.deliverable(session, by=cast.coordinator, key="seen", priority=of)
    make.deliverable(session, by=cast.coordinator, key="hidden", priority=of, marking=Marking.AMBER)
    make.deliverable(session, by=cast.coordinator, key="other")
    entry = ProposalEntry(
        title="Draft",
        proposal="Text",
        rule=DecisionRule.CONSENSUS,
        quorum=1,
        silence_is_assent=False,
        opens_at=None,
        closes_at=now + timedelta(days=1),
        sharing=Sharing(Marking.GREEN),
        question_id=asked.id,
    )
    proposing.draft(session, cast.coordinator.actor, entry, now)

    def shown(url: str, name: str) -> list[str]:
        return [str(tag[f"data-{name}"]) for tag in client.page(url).select(f"[data-{name}]")]

    client.sign_in(cast.observer)
    assert shown("/questions/q1", "deliverable") == ["seen"]
    assert shown("/questions/q1", "decision") == []
    assert "1 deliverable follows" in client.page("/questions").text
    client.sign_in(cast.coordinator)
    assert sorted(shown("/questions/q1", "deliverable")) == ["hidden", "seen"]
    assert shown("/questions/q1", "decision") == ["draft"]
    assert "2 deliverables follow" in client.page("/questions").text


def test_what_a_meeting_is_to_discuss_is_known_to_others_once_it_was_held(
    client: Browser, session: Session, cast: Cast
) -> None:
    asked = question(session, cast, "q1")
    meeting = make.meeting(session, date(2026, 11, 20), status=MeetingStatus.PLANNED)
    agenda = Agenda(
        meeting_id=meeting.id,
        created_by_id=cast.coordinator.id,
        created_at=make.NOW,
        proposed_as_of=make.NOW.date(),
    )
    session.add(agenda)
    session.flush()
    item = AgendaItem(
        agenda_id=agenda.id,
        position=1,
        kind=ItemKind.DISCUSSION,
        title="First areas",
        question_id=asked.id,
        outcome=Outcome.AGREED,
        outcome_text="Two areas",
    )
    session.add(item)
    session.commit()
    page = "/questions/q1"
    assert "Two areas" in client.sign_in(cast.coordinator).page(page).text
    assert "Two areas" not in client.sign_in(cast.observer).page(page).text
    session.add(
        PublishedAgenda(
            agenda_id=agenda.id,
            number=1,
            published_at=make.NOW,
            published_by_id=cast.coordinator.id,
            content="{}",
            content_hash="0" * 64,
        )
    )
    meeting.status = MeetingStatus.HELD
    assert "Two areas" in client.page(page).text
    assert "1 discussion" in client.page("/questions").text
    item.marking = Marking.AMBER
    assert "Two areas" not in client.page(page).text


def test_only_coordinators_add_and_change_questions(
    client: Browser, session: Session, cast: Cast
) -> None:
    question(session, cast, "q1")
    client.sign_in(cast.liaison)
    assert client.submit("/questions", title="Why?", theme="goals").status_code == 403
    assert client.submit("/questions/q1/status", status="decided", reason="x").status_code == 403
    client.sign_in(cast.coordinator)
    fields = {"recommendation": "", "note": ""}
    made = client.submit("/questions", title="Why now?", theme="goals", **fields)
    assert made.headers["Location"] == "/questions/why-now"
    client.submit("/questions/why-now/edit", title="Why then?", theme="goals", **fields)
    assert client.page("/questions/why-now").select_one("h1").text == "Why then?"
