"""Cadences: as a plan sets them out, as a coordinator agrees them with the members, and what
becomes of single occurrences."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.audit.writing import Line, add, change
from app.core.clock import today
from app.core.errors import N_, Conflict, Refused
from app.core.keys import first_free, stem_of
from app.core.permissions import Actor
from app.meetings.actions.access import check_planner, check_recorder, check_zone
from app.meetings.models import Hosting, MeetingSeries, SeriesKind, SeriesMember
from app.meetings.rules.flexible import interval_of
from app.meetings.rules.recurrence import BadRecurrence, RecurrenceFault, expected
from app.priorities.models import Basis

FAULTS = {
    RecurrenceFault.UNREADABLE: N_("This is no rule that RFC 5545 has for whole days."),
    RecurrenceFault.UNKNOWN_ZONE: N_("This is no time zone. Write it as Europe/Paris."),
    RecurrenceFault.SUB_DAILY: N_("A series meets at most once a day."),
    RecurrenceFault.NO_OCCURRENCE: N_("By this rule the series never meets."),
    RecurrenceFault.TOO_MANY: N_("By this rule the series meets too often."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesEntry:
    """A cadence as a plan sets it out."""

    title: str
    recurrence: str
    starts_on: date
    zone: str
    duration_minutes: int
    basis: Basis
    zone_stated: bool = True
    days: int = 1
    note: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceEntry:
    """A cadence as a coordinator settles it. `members` are in the order in which they host."""

    title: str
    kind: SeriesKind
    recurrence: str
    is_flexible: bool
    starts_on: date
    starts_at: time | None
    zone: str
    duration_minutes: int
    days: int
    tolerance_days: int | None
    hosting: Hosting
    host_id: int | None
    members: tuple[int, ...] = ()
    note: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        named = {name: value for name, value in asdict(self).items() if name != "members"}
        return {**named, "zone_stated": True}


def add_series(
    session: Session,
    actor: Actor,
    key: str,
    entry: SeriesEntry,
    exists_from: date,
    now: datetime,
) -> MeetingSeries:
    check_recorder(actor)
    series = MeetingSeries(key=key, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "series.add", Subject("series", key), now)
    add(session, series, asdict(entry), line)
    return series


def describe_series(
    session: Session, actor: Actor, series: MeetingSeries, entry: SeriesEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_recorder(actor)
    line = Line(actor.account_id, "series.describe", Subject("series", series.key), now)
    return change(session, series, asdict(entry), line)


def agree_cadence(
    session: Session, actor: Actor, entry: CadenceEntry, now: datetime
) -> MeetingSeries:
    """A new series, known from today, under a key made from its title."""
    check_planner(actor)
    check_cadence(entry)
    key = _free_key(session, entry.title)
    series = MeetingSeries(key=key, exists_from=today(now), basis=Basis.PROPOSED, **entry.columns)
    session.add(series)
    session.flush()
    _seat(session, series, entry.members)
    changes = {name: (None, value) for name, value in asdict(entry).items()}
    record(session, actor.account_id, "series.agree", Subject("series", key), changes, now)
    return series


def change_cadence(
    session: Session,
    actor: Actor,
    series: MeetingSeries,
    entry: CadenceEntry,
    seen_version: int,
    now: datetime,
) -> bool:
    """False when nothing differs."""
    check_planner(actor)
    if series.version != seen_version:
        raise Conflict(
            N_(
                "Somebody changed this series while you were writing. Your own text is kept: "
                "compare it with the page of the cadence, then save again."
            )
        )
    check_cadence(entry)
    before = members_now(session, series)
    wanted = {**entry.columns, "members": entry.members}
    stands = {name: getattr(series, name) for name in entry.columns} | {"members": before}
    changes = {name: (stands[name], new) for name, new in wanted.items() if stands[name] != new}
    if not changes:
        return False
    for name, value in entry.columns.items():
        setattr(series, name, value)
    session.flush()
    _seat(session, series, entry.members)
    record(session, actor.account_id, "series.change", Subject("series", series.key), changes, now)
    return True


def members_now(session: Session, series: MeetingSeries) -> tuple[int, ...]:
    """In the order in which they host."""
    query = select(SeriesMember.member_id).where(SeriesMember.series_id == series.id)
    return tuple(session.scalars(query.order_by(SeriesMember.position)))


def check_cadence(entry: CadenceEntry) -> None:
    """Raises Refused, naming the field, for a rule that cannot be kept."""
    check_zone(entry.zone)
    try:
        expected(entry.recurrence, entry.starts_on, entry.zone, entry.starts_on, entry.starts_at)
    except BadRecurrence as bad:
        raise Refused(FAULTS[bad.reason], field="recurrence") from bad
    if entry.is_flexible:
        _check_interval(entry.recurrence)
    if entry.hosting is Hosting.ROTATING and not entry.members:
        raise Refused(N_("Say which members host in turn."), field="members")


def _check_interval(recurrence: str) -> None:
    try:
        interval_of(recurrence)
    except BadRecurrence as bad:
        raise Refused(
            N_("A flexible cadence says how often, and no weekday."), field="recurrence"
        ) from bad


def _seat(session: Session, series: MeetingSeries, members: Sequence[int]) -> None:
    session.execute(delete(SeriesMember).where(SeriesMember.series_id == series.id))
    session.add_all(
        SeriesMember(series_id=series.id, member_id=member, position=position)
        for position, member in enumerate(members)
    )
    session.flush()


def _free_key(session: Session, title: str) -> str:
    stem = stem_of(title, "series")
    alike = MeetingSeries.key.startswith(stem, autoescape=True)
    return first_free(stem, {"new", *session.scalars(select(MeetingSeries.key).where(alike))})
