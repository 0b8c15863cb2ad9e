"""Questions before the network, and how far they are."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.clock import today
from app.core.history import make_room
from app.core.keys import first_free, stem_of
from app.core.permissions import Actor
from app.priorities.actions.rights import check_planner
from app.priorities.models import Question, QuestionState, QuestionStatus, Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEntry:
    title: str
    theme: Theme
    recommendation: str = ""
    note: str = ""
    source_id: int | None = None


def add_question(
    session: Session,
    actor: Actor,
    key: str,
    entry: QuestionEntry,
    status: QuestionStatus,
    position: int,
    exists_from: date,
    now: datetime,
) -> Question:
    """A question that stands as `status` says from the day it exists. `position` is its place among
    the others."""
    check_planner(actor)
    question = Question(key=key, position=position, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "question.add", Subject("question", key), now)
    add(session, question, asdict(entry), line)
    set_question_status(session, actor, question, status, "", exists_from, now)
    return question


def ask_question(session: Session, actor: Actor, entry: QuestionEntry, now: datetime) -> Question:
    """Put a further question before the network from today on: open, and the last in order."""
    last, keys = 0, {"new"}
    for key, position in session.execute(select(Question.key, Question.position)):
        last = max(last, position)
        keys.add(key)
    key = first_free(stem_of(entry.title, "question"), keys)
    day = today(now)
    return add_question(session, actor, key, entry, QuestionStatus.OPEN, last + 1, day, now)


def describe_question(
    session: Session, actor: Actor, question: Question, entry: QuestionEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_planner(actor)
    line = Line(actor.account_id, "question.describe", Subject("question", question.key), now)
    return change(session, question, asdict(entry), line)


def set_question_status(
    session: Session,
    actor: Actor,
    question: Question,
    status: QuestionStatus,
    reason: str,
    from_on: date,
    now: datetime,
) -> bool:
    """How the question stands from `from_on` on; False when it stands so then."""
    check_planner(actor)
    of_it = QuestionState.question_id == question.id
    states = session.scalars(select(QuestionState).where(of_it)).all()
    before = next((state for state in states if state.from_on <= from_on < state.until_on), None)
    if before is not None and before.status is status:
        return False
    row = QuestionState(
        question_id=question.id,
        status=status,
        reason=reason,
        from_on=from_on,
        until_on=make_room(states, from_on),
        source_id=question.source_id,
        recorded_by_id=actor.account_id,
        recorded_at=now,
    )
    columns = {"status": status, "reason": reason}
    subject = Subject("question", question.key)
    line = Line(actor.account_id, "status.set", subject, now, {"from_on": from_on})
    add(session, row, columns, line)
    return True
