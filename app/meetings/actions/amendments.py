"""Single occurrences of a cadence: moved, skipped, added, and all of that undone."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.clock import today
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor
from app.meetings.actions.access import check_planner
from app.meetings.models import MeetingSeries, SeriesAmendment
from app.meetings.rules.adherence import Amendment
from app.meetings.rules.recurrence import expected


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentEntry:
    """`day` is the occurrence of the rule, or the day that is added."""

    kind: Amendment
    day: date
    moved_to: date | None = None
    reason: str = ""


def amend(
    session: Session, actor: Actor, series: MeetingSeries, entry: AmendmentEntry, now: datetime
) -> SeriesAmendment:
    """Takes the place of what was said of the same occurrence before."""
    check_planner(actor)
    _check(series, entry, now)
    before = _standing(session, series, entry.day)
    if before is not None:
        before.undone_on = today(now)
        session.flush()
    row = SeriesAmendment(
        series_id=series.id,
        kind=entry.kind,
        day=entry.day,
        moved_to=entry.moved_to if entry.kind is Amendment.MOVED else None,
        reason=entry.reason,
        made_by_id=actor.account_id,
        made_at=now,
        exists_from=today(now),
    )
    session.add(row)
    session.flush()
    changes = {
        "kind": (before.kind if before else None, row.kind),
        "day": (None, row.day),
        "moved_to": (before.moved_to if before else None, row.moved_to),
        "reason": (None, row.reason),
    }
    record(session, actor.account_id, "series.amend", _subject(series), changes, now)
    return row


def undo_amendment(
    session: Session, actor: Actor, series: MeetingSeries, day: date, now: datetime
) -> None:
    """The occurrence is again what the rule has."""
    check_planner(actor)
    standing = _standing(session, series, day)
    if standing is None:
        raise Conflict(N_("Somebody undid this meanwhile."))
    standing.undone_on = today(now)
    session.flush()
    changes = {"kind": (standing.kind, None), "day": (standing.day, None)}
    record(session, actor.account_id, "series.undo_amendment", _subject(series), changes, now)


def _check(series: MeetingSeries, entry: AmendmentEntry, now: datetime) -> None:
    if series.is_flexible:
        raise Refused(N_("A flexible cadence has no fixed occurrences: plan the meeting itself."))
    if not entry.reason.strip():
        raise Refused(N_("Give the reason."), field="reason")
    is_of_rule = _is_of_rule(series, entry.day)
    if entry.kind is Amendment.ADDED:
        if is_of_rule:
            raise Refused(N_("The series meets on this day already."), field="day")
    elif not is_of_rule:
        raise Refused(N_("The series has no occurrence on this day."), field="day")
    if entry.kind is Amendment.MOVED and entry.moved_to in {None, entry.day}:
        raise Refused(N_("Say to which other day it moves."), field="moved_to")
    if min(entry.day, entry.moved_to or entry.day) < today(now):
        raise Refused(
            N_("This day is over. What was expected of a day that is over stays as it was."),
            field="moved_to" if entry.day >= today(now) else "day",
        )


def _is_of_rule(series: MeetingSeries, day: date) -> bool:
    return day in expected(series.recurrence, series.starts_on, series.zone, day, series.starts_at)


def _standing(session: Session, series: MeetingSeries, day: date) -> SeriesAmendment | None:
    return session.scalars(
        select(SeriesAmendment).where(
            SeriesAmendment.series_id == series.id,
            SeriesAmendment.day == day,
            SeriesAmendment.undone_on.is_(None),
        )
    ).first()


def _subject(series: MeetingSeries) -> Subject:
    return Subject("series", series.key)
