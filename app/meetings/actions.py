"""Planning meetings, saying that they were held, calling them off."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.audit.writing import Line, add, change
from app.core.clock import today
from app.core.days import Precision
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.meetings import figures
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus
from app.priorities.models import Basis
from app.sources.actions import SourceEntry, cite
from app.sources.models import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingEntry:
    """What is settled of a meeting. `starts_at` is what the clock on the wall shows in `zone`, in
    which the days are days; none while nobody has said at what hour it begins."""

    title: str
    starts_on: date
    ends_on: date | None = None
    starts_at: time | None = None
    zone: str = "UTC"
    duration_minutes: int | None = None
    place: str = ""
    link: str = ""
    host_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Where it is shown that a meeting was held."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesEntry:
    """A cadence as a plan sets it out."""

    title: str
    recurrence: str
    starts_on: date
    zone: str
    duration_minutes: int
    basis: Basis
    days: int = 1
    note: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecord:
    """A meeting as a published record tells of it, with its days as far as they are known."""

    status: MeetingStatus
    starts_on: date
    ends_on: date | None = None
    precision: Precision = Precision.DAY
    zone: str = "UTC"
    place: str = ""
    host_id: int | None = None
    deadline_id: int | None = None
    note: str = ""
    source_id: int | None = None


def add_series(
    session: Session,
    actor: Actor,
    key: str,
    entry: SeriesEntry,
    exists_from: date,
    now: datetime,
) -> MeetingSeries:
    _check_recorder(actor)
    series = MeetingSeries(key=key, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "series.add", Subject("series", key), now)
    add(session, series, asdict(entry), line)
    return series


def describe_series(
    session: Session, actor: Actor, series: MeetingSeries, entry: SeriesEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    _check_recorder(actor)
    line = Line(actor.account_id, "series.describe", Subject("series", series.key), now)
    return change(session, series, asdict(entry), line)


def record_meeting(
    session: Session,
    actor: Actor,
    series: MeetingSeries,
    title: str,
    entry: MeetingRecord,
    exists_from: date,
    now: datetime,
) -> Meeting:
    """A meeting that a published record tells of, known from `exists_from` on."""
    _check_recorder(actor)
    if entry.status is MeetingStatus.HELD:
        _check_begun(entry.starts_on, now)
    key = meeting_key(series, entry.starts_on)
    meeting = Meeting(
        key=key, series_id=series.id, title=title, exists_from=exists_from, **asdict(entry)
    )
    line = Line(actor.account_id, "meeting.record", Subject("meeting", key), now)
    add(session, meeting, asdict(entry), line)
    return meeting


def correct_record(
    session: Session, actor: Actor, meeting: Meeting, entry: MeetingRecord, now: datetime
) -> bool:
    """The record tells of the meeting otherwise; False when it does not."""
    _check_recorder(actor)
    if entry.status is MeetingStatus.HELD:
        _check_begun(entry.starts_on, now)
    line = Line(actor.account_id, "meeting.correct", Subject("meeting", meeting.key), now)
    return change(session, meeting, asdict(entry), line)


def meeting_key(series: MeetingSeries, starts_on: date) -> str:
    return f"{series.key}-{starts_on.isoformat()}"


def plan_meeting(
    session: Session, actor: Actor, series: MeetingSeries, entry: MeetingEntry, now: datetime
) -> Meeting:
    """A meeting to come. The database refuses a second one of the series on the same day."""
    _check_planner(actor)
    _check_entry(entry)
    _check_ahead(entry, now)
    meeting = _add(session, actor, series, entry, MeetingStatus.PLANNED, None, now)
    _trail(session, actor, "meeting.plan", meeting, _from_nothing(entry), now)
    return meeting


def record_held(
    session: Session,
    actor: Actor,
    series: MeetingSeries,
    entry: MeetingEntry,
    shown: Shown,
    now: datetime,
) -> Meeting:
    """A meeting that took place without having been planned here."""
    _check_planner(actor)
    _check_entry(entry)
    _check_begun(entry.starts_on, now)
    meeting = _add(session, actor, series, entry, MeetingStatus.HELD, shown, now)
    figures.freeze(session, actor, meeting, now)
    _trail(session, actor, "meeting.record", meeting, _from_nothing(entry), now)
    return meeting


def change_meeting(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    entry: MeetingEntry,
    seen_version: int,
    now: datetime,
) -> bool:
    """Settle something else about a meeting; False when nothing differs."""
    _check_planner(actor)
    _check_seen(meeting, seen_version)
    _check_entry(entry)
    if meeting.status is MeetingStatus.PLANNED and entry.starts_on != meeting.starts_on:
        _check_ahead(entry, now)
    if meeting.status is MeetingStatus.HELD:
        _check_begun(entry.starts_on, now)
    if meeting.status is MeetingStatus.CANCELLED:
        raise Refused(N_("This meeting was cancelled. Plan another one."))
    changes: dict[str, tuple[Any, Any]] = {
        name: (getattr(meeting, name), value)
        for name, value in _columns(entry).items()
        if getattr(meeting, name) != value
    }
    for name, (_, value) in changes.items():
        setattr(meeting, name, value)
    if changes:
        session.flush()
        _trail(session, actor, "meeting.change", meeting, changes, now)
    return bool(changes)


def hold_meeting(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    shown: Shown,
    seen_version: int,
    now: datetime,
) -> None:
    """Say that a planned meeting took place."""
    _check_planner(actor)
    _check_seen(meeting, seen_version)
    if meeting.status is not MeetingStatus.PLANNED:
        raise Refused(N_("Only a planned meeting can be recorded as held."))
    _check_begun(meeting.starts_on, now)
    meeting.status = MeetingStatus.HELD
    meeting.source_id = _cite(session, actor, meeting.key, shown, now).id
    session.flush()
    figures.freeze(session, actor, meeting, now)
    changes = {
        "status": (MeetingStatus.PLANNED, MeetingStatus.HELD),
        "source": (None, shown.url),
    }
    _trail(session, actor, "meeting.hold", meeting, changes, now)


def cancel_meeting(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    reason: str,
    seen_version: int,
    now: datetime,
) -> None:
    """Call a planned meeting off. It is kept, with the reason."""
    _check_planner(actor)
    _check_seen(meeting, seen_version)
    if meeting.status is not MeetingStatus.PLANNED:
        raise Refused(N_("Only a planned meeting can be cancelled."))
    if not reason.strip():
        raise Refused(N_("Say why the meeting is cancelled."), field="reason")
    meeting.status = MeetingStatus.CANCELLED
    meeting.cancelled_on = today(now)
    meeting.cancelled_reason = reason
    session.flush()
    changes = {
        "status": (MeetingStatus.PLANNED, MeetingStatus.CANCELLED),
        "reason": (None, reason),
    }
    _trail(session, actor, "meeting.cancel", meeting, changes, now)


def _add(
    session: Session,
    actor: Actor,
    series: MeetingSeries,
    entry: MeetingEntry,
    status: MeetingStatus,
    shown: Shown | None,
    now: datetime,
) -> Meeting:
    key = meeting_key(series, entry.starts_on)
    meeting = Meeting(
        key=key,
        series_id=series.id,
        status=status,
        exists_from=min(today(now), entry.starts_on),
        source_id=_cite(session, actor, key, shown, now).id if shown else None,
        **_columns(entry),
    )
    session.add(meeting)
    session.flush()
    return meeting


def _from_nothing(entry: MeetingEntry) -> dict[str, tuple[Any, Any]]:
    return {name: (None, value) for name, value in _columns(entry).items()}


def _columns(entry: MeetingEntry) -> dict[str, Any]:
    return {**asdict(entry), "starts_at": _instant(entry)}


def _instant(entry: MeetingEntry) -> datetime | None:
    """In UTC. Refused where the clocks go forward over that time."""
    if entry.starts_at is None:
        return None
    zone = ZoneInfo(entry.zone)
    wall = datetime.combine(entry.starts_on, entry.starts_at, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise Refused(
            N_("The clocks change on that day in %(zone)s, and this time does not exist there."),
            field="starts_at",
            zone=entry.zone,
        )
    return moment


def _cite(session: Session, actor: Actor, meeting_key: str, shown: Shown, now: datetime) -> Source:
    entry = SourceEntry(title=shown.title, url=shown.url)
    return cite(session, actor, f"held-{meeting_key}"[:80], entry, now)


def _check_planner(actor: Actor) -> None:
    if not can(actor, Permission.MEETING_PLAN):
        raise Forbidden(N_("Only a coordinator plans meetings."))


def _check_recorder(actor: Actor) -> None:
    if not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator records meetings."))


def _check_seen(meeting: Meeting, seen_version: int) -> None:
    if meeting.version != seen_version:
        raise Conflict(
            N_(
                "Somebody changed this meeting while you were writing. How it stands now is shown "
                "below; your own text is kept. Look at it, then save again."
            )
        )


def _check_entry(entry: MeetingEntry) -> None:
    if entry.ends_on is not None and entry.ends_on < entry.starts_on:
        raise Refused(N_("The last day is before the first."), field="ends_on")
    if entry.zone not in available_timezones():
        raise Refused(N_("This is no time zone. Write it as Europe/Paris."), field="zone")


def _check_ahead(entry: MeetingEntry, now: datetime) -> None:
    if entry.starts_on < today(now):
        raise Refused(
            N_("This day is over: it is %(today)s in UTC. Record the meeting as held instead."),
            field="starts_on",
            today=today(now),
        )


def _check_begun(starts_on: date, now: datetime) -> None:
    if starts_on > today(now):
        raise Refused(
            N_("This day has not come yet: it is %(today)s in UTC. Plan the meeting instead."),
            field="starts_on",
            today=today(now),
        )


def _trail(
    session: Session,
    actor: Actor,
    verb: str,
    meeting: Meeting,
    changes: dict[str, tuple[Any, Any]],
    now: datetime,
) -> None:
    record(session, actor.account_id, verb, Subject("meeting", meeting.key), changes, now)
