"""Taking out of the outbox what ended long ago. That a reader was told stays in the log."""

from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, delete, select
from sqlalchemy.orm import Session

from app.notices.models import Occurrence, Parcel, State

AT_ONCE = 1000
"""Rows that go in one transaction: nobody waits long for it."""


def is_any_old(session: Session, before: datetime) -> bool:
    found = select(Parcel.id).where(_ended(before)).limit(1)
    told = select(Occurrence.id).where(_told(before)).limit(1)
    return session.scalar(found) is not None or session.scalar(told) is not None


def clear_old(session: Session, before: datetime) -> int:
    """Mails and calls that ended before then, and what happened and was handed on before then; how
    many rows went, at most `AT_ONCE` of each."""
    return sum(
        _delete(session, table, which)
        for table, which in ((Parcel, _ended(before)), (Occurrence, _told(before)))
    )


def _delete(session: Session, table: type[Parcel | Occurrence], which: ColumnElement[bool]) -> int:
    oldest = select(table.id).where(which).order_by(table.id).limit(AT_ONCE)
    if session.get_bind().dialect.name == "postgresql":
        oldest = oldest.with_for_update(skip_locked=True)
    ids = session.scalars(oldest).all()
    done = session.execute(delete(table).where(table.id.in_(ids)))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _ended(before: datetime) -> ColumnElement[bool]:
    return (Parcel.ended_at < before) & (Parcel.state != State.WAITING)


def _told(before: datetime) -> ColumnElement[bool]:
    called = select(Parcel.id).where(Parcel.occurrence_id == Occurrence.id)
    return (Occurrence.told_at < before) & ~called.exists()
