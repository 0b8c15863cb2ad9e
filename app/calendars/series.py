"""A cadence as a recurring event, with its exceptions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.calendars.frame import Frame
from app.calendars.meetings import meeting_events
from app.calendars.queries import meetings as queries
from app.calendars.queries.meetings import Told
from app.calendars.rules import Cadence, Exceptions, Place, exceptions, first_day, rule_text
from app.core.days import Precision
from app.core.icalendar import Calendar, Event, EventStatus
from app.meetings.models import MeetingSeries, MeetingStatus
from app.meetings.queries.cadences import amendments
from app.meetings.rules.adherence import Sitting
from app.web.languages import day_range


@dataclass(frozen=True, slots=True)
class _Written:
    """The event with the rule, and those of the meetings by the number of the meeting."""

    cadence: Cadence
    master: Event
    events: dict[int, Event]


def series_calendar(frame: Frame, series: MeetingSeries) -> Calendar:
    """A rule with its exceptions; of a flexible cadence, whose rule names no days, the meetings."""
    meetings = queries.meetings_in(frame.session, series, frame.as_of)
    events = meeting_events(frame, meetings)
    description = _days_not_known(meetings)
    if not series.is_flexible:
        events = list(_recurring(frame, series, meetings, events, description))
    return Calendar(events=tuple(events), name=series.title, description=description)


def _recurring(
    frame: Frame,
    series: MeetingSeries,
    meetings: Sequence[Told],
    events: Sequence[Event],
    description: str,
) -> Iterator[Event]:
    on_days = [m.id for m in meetings if m.precision is Precision.DAY]
    # Clients take an exception for outdated whose number is below that of the series: all of it
    # has one, which rises with every change to any part.
    revision = (
        series.version
        + sum(event.sequence for event in events)
        + sum(m.version for m in meetings if m.precision is not Precision.DAY)
        + queries.amended_often(frame.session, series)
    )
    events = [replace(event, sequence=revision) for event in events]
    found = _exceptions(frame, series, meetings)
    master = _master(frame, series, revision, description)
    written = _Written(_cadence(series), master, dict(zip(on_days, events, strict=True)))
    yield from _written(written, found)


def _written(written: _Written, found: Exceptions) -> Iterator[Event]:
    cadence, events = written.cadence, written.events
    on_no_day = {p.of for p in found.places if p.of and p.meeting_id and p.meeting_id not in events}
    gone = sorted({*on_no_day, *found.gone})
    yield replace(written.master, excluded=tuple(cadence.moment(day) for day in gone))
    for place in found.places:
        if place.of is not None and place.of not in on_no_day:
            yield _instead(written, place)
        elif place.of is None and place.meeting_id is None:
            yield _added(written, place)
    placed = {place.meeting_id for place in found.places if place.of is not None}
    yield from (event for meeting_id, event in events.items() if meeting_id not in placed)


def _instead(written: _Written, place: Place) -> Event:
    """What is in the place of an occurrence: a meeting, another day, or nothing."""
    master, cadence = written.master, written.cadence
    of = cadence.moment(place.of or place.on)
    if place.meeting_id is not None:
        event = written.events[place.meeting_id]
        return replace(event, uid=master.uid, instead_of=of, zone=master.zone)
    reason = place.amended.reason if place.amended else ""
    changed = replace(_once(written, place), instead_of=of, description=reason)
    if not place.is_skipped:
        return changed
    called = _("Skipped: %(title)s", title=master.summary)
    return replace(changed, summary=called, status=EventStatus.CANCELLED, takes_time=False)


def _added(written: _Written, place: Place) -> Event:
    once = _once(written, place)
    kind, _at, origin = once.uid.rpartition("@")
    reason = place.amended.reason if place.amended else ""
    return replace(once, uid=f"{kind}-{place.on:%Y%m%d}@{origin}", description=reason)


def _once(written: _Written, place: Place) -> Event:
    cadence = written.cadence
    starts, ends = cadence.moment(place.on), cadence.end(place.on)
    return replace(written.master, starts=starts, ends=ends, rule="", excluded=())


def _master(frame: Frame, series: MeetingSeries, revision: int, description: str) -> Event:
    cadence = _cadence(series)
    begins = first_day(cadence)
    frame.look_up("series", [series.key])
    return Event(
        uid=frame.uid("series", series.key),
        sequence=revision,
        changed_at=frame.changed_at("series", series.key, series.exists_from),
        summary=series.title,
        starts=cadence.moment(begins),
        ends=cadence.end(begins),
        zone=series.zone if cadence.at else "",
        status=EventStatus.TENTATIVE,
        description=description,
        url=f"{frame.root}/cadence" if frame.root else "",
        rule=rule_text(cadence),
    )


def _exceptions(frame: Frame, series: MeetingSeries, meetings: Sequence[Told]) -> Exceptions:
    """A meeting that was called off stands for an occurrence only where no other does."""
    cadence, day = _cadence(series), frame.as_of.day
    amended = amendments(frame.session, day)[series.id]
    sittings = [
        Sitting(m.id, m.starts_on, m.precision)
        for m in meetings
        if m.status is not MeetingStatus.CANCELLED
    ]
    found = exceptions(cadence, sittings, amended, day)
    taken = {place.on for place in found.places if place.meeting_id is not None}
    called_off = [
        Sitting(m.id, m.starts_on, m.precision)
        for m in meetings
        if m.status is MeetingStatus.CANCELLED
        and m.precision is Precision.DAY
        and m.starts_on not in taken
    ]
    alone = exceptions(cadence, called_off, amended, day).places
    standing = {p.of for p in found.places if p.meeting_id is not None}
    more = [p for p in alone if p.meeting_id is not None and p.of not in standing]
    replaced = {p.of for p in more}
    kept = [p for p in found.places if p.of is None or p.of not in replaced]
    return replace(found, places=tuple(sorted([*kept, *more], key=lambda p: p.on)))


def _cadence(series: MeetingSeries) -> Cadence:
    return Cadence(
        recurrence=series.recurrence,
        starts_on=series.starts_on,
        zone=series.zone,
        at=series.starts_at,
        minutes=series.duration_minutes,
        days=series.days,
        tolerance_days=series.tolerance_days,
    )


def _days_not_known(meetings: Sequence[Told]) -> str:
    """What has no place in a calendar is said in words."""
    told = [
        _("%(title)s: %(when)s", title=m.title, when=day_range(m.starts_on, m.ends_on, m.precision))
        for m in meetings
        if m.precision is not Precision.DAY
    ]
    return "\n".join([_("On days that are not known:"), *told]) if told else ""
