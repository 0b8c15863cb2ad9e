"""Priorities on a day, with the question behind each and the functions it draws on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.members.models import Function
from app.priorities.models import (
    Basis,
    Horizon,
    OutsideEvent,
    Priority,
    PriorityFunction,
    Question,
    QuestionState,
    QuestionStatus,
    Theme,
)


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """The question's fields are None where there is none, or none on that day."""

    id: int
    key: str
    title: str
    theme: Theme
    horizon: Horizon
    basis: Basis
    impact: int | None
    feasibility: int | None
    note: str
    question_key: str | None
    question_title: str | None
    recommendation: str | None
    question_status: QuestionStatus | None
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionRow:
    key: str
    title: str
    theme: Theme
    recommendation: str
    status: QuestionStatus | None


def priorities(session: Session, as_of: AsOf) -> tuple[PriorityRow, ...]:
    """All that exist on the day, in the order of the plan."""
    return _with_functions(session, as_of, session.execute(_rows(as_of)).all())


def priority(session: Session, key: str, as_of: AsOf) -> PriorityRow | None:
    """None for a key that does not exist on the day."""
    rows = session.execute(_rows(as_of).where(Priority.key == key)).all()
    return next(iter(_with_functions(session, as_of, rows)), None)


def find(session: Session, key: str) -> Priority | None:
    """The priority of this key, whatever the day, with its source."""
    query = select(Priority).where(Priority.key == key).options(joinedload(Priority.source))
    return session.scalars(query).first()


def questions(session: Session, as_of: AsOf) -> tuple[QuestionRow, ...]:
    """The questions before the network on the day, in the order of the plan."""
    rows = session.execute(
        select(
            Question.key,
            Question.title,
            Question.theme,
            Question.recommendation,
            QuestionState.status,
        )
        .outerjoin(QuestionState, _state_of_question(as_of))
        .where(Question.exists_on(as_of.day))
        .order_by(Question.position, Question.id)
    )
    return tuple(QuestionRow(*row) for row in rows)


def first_known_on(session: Session) -> date | None:
    return session.scalar(select(func.min(Priority.exists_from)))


def _state_of_question(as_of: AsOf) -> Any:
    return and_(QuestionState.question_id == Question.id, QuestionState.holds_on(as_of.day))


def _rows(as_of: AsOf) -> Select[Any]:
    """The columns of a PriorityRow, in its order."""
    columns: list[Any] = [
        Priority.id,
        Priority.key,
        Priority.title,
        Priority.theme,
        Priority.horizon,
        Priority.basis,
        Priority.impact,
        Priority.feasibility,
        Priority.note,
        Question.key,
        Question.title,
        Question.recommendation,
        QuestionState.status,
    ]
    return (
        select(*columns)
        .outerjoin(
            Question, and_(Question.id == Priority.question_id, Question.exists_on(as_of.day))
        )
        .outerjoin(QuestionState, _state_of_question(as_of))
        .where(Priority.exists_on(as_of.day))
        .order_by(Priority.position, Priority.id)
    )


def _with_functions(session: Session, as_of: AsOf, rows: Sequence[Any]) -> tuple[PriorityRow, ...]:
    found = session.execute(
        select(PriorityFunction.priority_id, Function.name)
        .join(Function, Function.id == PriorityFunction.function_id)
        .where(Function.exists_on(as_of.day))
        .order_by(Function.position, Function.id)
    )
    names: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for priority_id, name in found:
        names[priority_id] += (name,)
    return tuple(replace(row, functions=names[row.id]) for row in (PriorityRow(*r) for r in rows))


def outside_events(session: Session, as_of: AsOf) -> Sequence[OutsideEvent]:
    """What happened around the network, as known on the day, oldest first."""
    return session.scalars(
        select(OutsideEvent)
        .where(OutsideEvent.exists_on(as_of.day))
        .order_by(OutsideEvent.starts_on, OutsideEvent.id)
    ).all()
