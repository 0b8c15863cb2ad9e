"""Deadlines on a day: their date as it stood then, and how it came to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.days import Precision
from app.deadlines.models import Deadline, DeadlineDate, DeadlineKind
from app.deadlines.rules import Distance, Phase, distance
from app.members.models import Member


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """`due_on` is the last day by precision; `distance` is seen from the day asked for."""

    id: int
    key: str
    title: str
    kind: DeadlineKind
    place: str
    host_code: str | None
    host_name: str | None
    is_public: bool
    note: str
    starts_on: date
    ends_on: date | None
    precision: Precision
    due_on: date
    distance: Distance

    @property
    def is_past(self) -> bool:
        return self.distance.phase is Phase.PAST


def deadlines(session: Session, as_of: AsOf) -> tuple[DeadlineRow, ...]:
    """All that are known on the day, by the day they fall due."""
    rows = session.execute(_rows(as_of).order_by(DeadlineDate.due_on, Deadline.id))
    return tuple(_seen_from(as_of, row) for row in rows)


def deadline(session: Session, key: str, as_of: AsOf) -> DeadlineRow | None:
    """None for a key that does not exist on the day."""
    row = session.execute(_rows(as_of).where(Deadline.key == key)).first()
    return _seen_from(as_of, row) if row else None


def find(session: Session, key: str) -> Deadline | None:
    """The deadline of this key, whatever the day, with its source."""
    query = select(Deadline).where(Deadline.key == key).options(joinedload(Deadline.source))
    return session.scalars(query).first()


def dates(session: Session, deadline_id: int, as_of: AsOf) -> Sequence[DeadlineDate]:
    """The first date and every change up to the day, oldest first."""
    return session.scalars(
        select(DeadlineDate)
        .where(DeadlineDate.deadline_id == deadline_id, DeadlineDate.from_on <= as_of.day)
        .options(joinedload(DeadlineDate.source))
        .order_by(DeadlineDate.from_on, DeadlineDate.id)
    ).all()


def first_known_on(session: Session) -> date | None:
    return session.scalar(select(func.min(Deadline.exists_from)))


def _rows(as_of: AsOf) -> Select[Any]:
    """The columns of a DeadlineRow, in its order, but for the distance."""
    columns: list[Any] = [
        Deadline.id,
        Deadline.key,
        Deadline.title,
        Deadline.kind,
        Deadline.place,
        Member.code,
        Member.name,
        Deadline.is_public,
        Deadline.note,
        DeadlineDate.starts_on,
        DeadlineDate.ends_on,
        DeadlineDate.precision,
        DeadlineDate.due_on,
    ]
    return (
        select(*columns)
        .join(
            DeadlineDate,
            and_(DeadlineDate.deadline_id == Deadline.id, DeadlineDate.holds_on(as_of.day)),
        )
        .outerjoin(Member, Member.id == Deadline.host_id)
        .where(Deadline.exists_on(as_of.day))
    )


def _seen_from(as_of: AsOf, row: Any) -> DeadlineRow:
    away = distance(row.starts_on, row.ends_on, row.precision, as_of.day, as_of.dueness)
    columns: list[Any] = [*row, away]
    return DeadlineRow(*columns)
