"""Planning meetings, saying that they were held, calling them off."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.clock import today
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor
from app.meetings import figures
from app.meetings.actions.access import check_begun, check_planner, check_zone, free_key
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus
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


def plan_meeting(
    session: Session, actor: Actor, series: MeetingSeries, entry: MeetingEntry, now: datetime
) -> Meeting:
    """A meeting to come. The database refuses a second one of the series on the same day."""
    check_planner(actor)
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
    check_planner(actor)
    _check_entry(entry)
    check_begun(entry.starts_on, now)
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
    check_planner(actor)
    _check_seen(meeting, seen_version)
    _check_entry(entry)
    if meeting.status is MeetingStatus.PLANNED and entry.starts_on != meeting.starts_on:
        _check_ahead(entry, now)
    if meeting.status is MeetingStatus.HELD:
        check_begun(entry.starts_on, now)
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
    check_planner(actor)
    _check_seen(meeting, seen_version)
    if meeting.status is not MeetingStatus.PLANNED:
        raise Refused(N_("Only a planned meeting can be recorded as held."))
    check_begun(meeting.starts_on, now)
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
    check_planner(actor)
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
    key = free_key(session, series, entry.starts_on)
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
    check_zone(entry.zone)


def _check_ahead(entry: MeetingEntry, now: datetime) -> None:
    if entry.starts_on < today(now):
        raise Refused(
            N_("This day is over: it is %(today)s in UTC. Record the meeting as held instead."),
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
