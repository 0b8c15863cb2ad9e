"""What others did since the reader was last at the desk, about what its member works on."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.core.history import FOREVER
from app.core.permissions import Actor
from app.deliverables.models import (
    Assignment,
    AssignmentSpan,
    AssignmentState,
    DateProposal,
    Deliverable,
    ScheduleChange,
    StatusUpdate,
)
from app.people.models import Account
from app.reports.models import ReportVerdict
from app.sharing.queries import visible

MOST = 30
"""Of each kind; more than that is a week's reading, not news."""


class Kind(StrEnum):
    UPDATE = "update"
    DATE_MOVED = "date_moved"
    DATE_ANSWERED = "date_answered"
    PART = "part"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class Change:
    """`facts` is the row that says so, with what its sentence needs loaded."""

    at: datetime
    kind: Kind
    key: str
    title: str
    by: str
    facts: Any = field(compare=False)


def changes(session: Session, reader: Actor, since: datetime) -> tuple[Change, ...]:
    """Newest first. For coordinators, of every deliverable; one's own deeds are no news."""
    found = [
        *_updates(session, reader, since),
        *_dates_moved(session, reader, since),
        *_dates_answered(session, reader, since),
        *_parts(session, reader, since),
        *_verdicts(session, reader, since),
    ]
    return tuple(sorted(found, key=lambda change: change.at, reverse=True)[:MOST])


def _updates(session: Session, reader: Actor, since: datetime) -> list[Change]:
    query = (
        select(StatusUpdate, Deliverable.key, Deliverable.title, Account.name)
        .join(Deliverable, Deliverable.id == StatusUpdate.deliverable_id)
        .join(Account, Account.id == StatusUpdate.account_id)
        .where(StatusUpdate.account_id != reader.account_id, visible(reader, StatusUpdate))
    )
    return _read(session, query, reader, StatusUpdate.recorded_at, since, Kind.UPDATE)


def _dates_moved(session: Session, reader: Actor, since: datetime) -> list[Change]:
    query = (
        select(ScheduleChange, Deliverable.key, Deliverable.title, Account.name)
        .join(Deliverable, Deliverable.id == ScheduleChange.deliverable_id)
        .join(Account, Account.id == ScheduleChange.recorded_by_id)
        .where(ScheduleChange.recorded_by_id != reader.account_id, _is_a_move())
        .options(joinedload(ScheduleChange.deadline))
    )
    return _read(session, query, reader, ScheduleChange.recorded_at, since, Kind.DATE_MOVED)


def _dates_answered(session: Session, reader: Actor, since: datetime) -> list[Change]:
    query = (
        select(DateProposal, Deliverable.key, Deliverable.title, Account.name)
        .join(Deliverable, Deliverable.id == DateProposal.deliverable_id)
        .join(Account, Account.id == DateProposal.answered_by_id)
        .where(DateProposal.answered_by_id != reader.account_id)
        .options(joinedload(DateProposal.deadline))
    )
    return _read(session, query, reader, DateProposal.answered_at, since, Kind.DATE_ANSWERED)


def _parts(session: Session, reader: Actor, since: datetime) -> list[Change]:
    query = (
        select(AssignmentSpan, Deliverable.key, Deliverable.title, Account.name)
        .join(Assignment, Assignment.id == AssignmentSpan.assignment_id)
        .join(Deliverable, Deliverable.id == Assignment.deliverable_id)
        .join(Account, Account.id == AssignmentSpan.recorded_by_id)
        .where(AssignmentSpan.recorded_by_id != reader.account_id)
        .options(joinedload(AssignmentSpan.assignment).joinedload(Assignment.member))
    )
    return _read(session, query, reader, AssignmentSpan.recorded_at, since, Kind.PART)


def _verdicts(session: Session, reader: Actor, since: datetime) -> list[Change]:
    query = (
        select(ReportVerdict, Deliverable.key, Deliverable.title, Account.name)
        .join(Deliverable, Deliverable.id == ReportVerdict.deliverable_id)
        .join(Account, Account.id == ReportVerdict.given_by_id)
        .where(ReportVerdict.given_by_id != reader.account_id)
    )
    return _read(session, query, reader, ReportVerdict.given_at, since, Kind.VERDICT)


def _is_a_move() -> ColumnElement[bool]:
    """The first date of a deliverable comes with it and moves nothing."""
    earlier = aliased(ScheduleChange)
    return exists(
        select(earlier.id).where(
            earlier.deliverable_id == ScheduleChange.deliverable_id, earlier.id < ScheduleChange.id
        )
    )


def _read(
    session: Session, query: Any, reader: Actor, at: Any, since: datetime, kind: Kind
) -> list[Change]:
    mine = [] if reader.member_id is None else [_takes_part(reader.member_id)]
    newest = query.where(at > since, visible(reader, Deliverable), *mine).order_by(at.desc())
    return [
        Change(getattr(row, at.key), kind, key, title, by, row)
        for row, key, title, by in session.execute(newest.limit(MOST))
    ]


def _takes_part(member_id: int) -> ColumnElement[bool]:
    """Has a part in it today, whatever the role, or was asked to and has declined."""
    return Deliverable.id.in_(
        select(Assignment.deliverable_id)
        .join(AssignmentSpan)
        .where(
            Assignment.member_id == member_id,
            AssignmentSpan.until_on == FOREVER,
            AssignmentSpan.state != AssignmentState.ENDED,
        )
    )
