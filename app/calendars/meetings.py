"""Meetings as events."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.agendas import documents, exports
from app.agendas.queries import agendas
from app.calendars.frame import Frame
from app.core.days import Precision
from app.core.icalendar import Event, EventStatus
from app.core.markings import Channel
from app.documents.text import plain
from app.meetings.models import Meeting, MeetingStatus
from app.web.languages import territory

AGENDAS = 5
"""Of how many meetings ahead a calendar tells the agenda."""


def meeting_events(frame: Frame, meetings: Sequence[Meeting]) -> list[Event]:
    """One of each whose day is known."""
    versions = agendas.states(frame.session)
    ahead = [m for m in meetings if _is_ahead(m, frame)][:AGENDAS]
    told = {meeting.id: agenda_words(frame, meeting) for meeting in ahead}
    return [
        meeting_event(
            frame, m, told.get(m.id, ""), versions[m.id].versions if m.id in versions else 0
        )
        for m in meetings
        if m.precision is Precision.DAY
    ]


def meeting_event(frame: Frame, meeting: Meeting, agenda: str, versions: int) -> Event:
    """`versions`: how many of its agenda were published, each a change to what is told here."""
    is_off = meeting.status is MeetingStatus.CANCELLED
    address = f"{frame.root}/meetings/{meeting.key}" if frame.root else ""
    starts_at = meeting.starts_at
    host = territory(meeting.host.code, meeting.host.name) if meeting.host else ""
    lines = [
        _("Cancelled: %(reason)s", reason=meeting.cancelled_reason) if is_off else "",
        _("Host: %(host)s", host=host) if host else "",
        _("To join: %(link)s", link=meeting.link) if meeting.link else "",
        agenda,
        address,
    ]
    return Event(
        uid=exports.meeting_uid(meeting.key, frame.origin),
        sequence=meeting.version + versions,
        changed_at=frame.changed_at("meeting", meeting.key, meeting.exists_from),
        summary=_("Cancelled: %(title)s", title=meeting.title) if is_off else meeting.title,
        starts=starts_at or meeting.starts_on,
        ends=_end(meeting, starts_at) if starts_at else meeting.ends_on or meeting.starts_on,
        status=EventStatus.CANCELLED if is_off else EventStatus.CONFIRMED,
        description="\n".join(line for line in lines if line),
        location=meeting.place or meeting.link,
        url=address,
        takes_time=not is_off,
    )


def agenda_words(frame: Frame, meeting: Meeting) -> str:
    """The agenda last published, as far as it may go this way; empty where there is none."""
    content = agendas.published(frame.session, frame.reader, meeting)
    if content is None:
        return ""
    told = plain(documents.document(exports.exportable(content)))
    reader = frame.reader.through(Channel.EXPORT)
    every = agendas.published(frame.session, reader, meeting)
    hidden = len(every.items) - len(content.items) if every else 0
    if not hidden:
        return told
    more = ngettext(
        "%(num)s item is not told in a calendar.",
        "%(num)s items are not told in a calendar.",
        hidden,
    )
    return f"{told}\n{more}"


def _is_ahead(meeting: Meeting, frame: Frame) -> bool:
    is_to_come = meeting.starts_on >= frame.as_of.dueness
    return meeting.status is MeetingStatus.PLANNED and is_to_come


def _end(meeting: Meeting, starts_at: datetime) -> datetime:
    of_series = meeting.series.duration_minutes if meeting.series else None
    days = ((meeting.ends_on or meeting.starts_on) - meeting.starts_on).days + 1
    minutes = meeting.duration_minutes or of_series
    return exports.end_of(starts_at, meeting.zone, minutes, days)
