"""Meetings as events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.agendas import documents, exports
from app.agendas.queries import agendas
from app.calendars.frame import Frame
from app.calendars.queries.meetings import Told
from app.core.days import Precision
from app.core.icalendar import Event, EventStatus
from app.core.markings import Channel
from app.documents.text import plain
from app.meetings.models import Meeting, MeetingStatus
from app.web.languages import territory

AGENDAS = 5
"""Of how many meetings ahead a calendar tells the agenda."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Sentences with their gaps still open: looked up once for all events of a calendar."""

    cancelled: str
    host: str
    join: str


def meeting_events(frame: Frame, meetings: Sequence[Told]) -> list[Event]:
    """One of each whose day is known. Every agenda and minutes that was published counts as a
    change to what may be told of it."""
    papers = agendas.states(frame.session)
    minutes = agendas.minutes_counts(frame.session)
    frame.look_up("meeting", [meeting.key for meeting in meetings])
    ahead = [m for m in meetings if _is_ahead(m, frame)][:AGENDAS]
    with_agenda = [m for m in ahead if m.id in papers and papers[m.id].versions]
    told = {meeting.id: agenda_words(frame, meeting.id) for meeting in with_agenda}
    words = _Words(_("Cancelled: %(what)s"), _("Host: %(host)s"), _("To join: %(link)s"))
    published = {
        m.id: minutes.get(m.id, 0) + (papers[m.id].versions if m.id in papers else 0)
        for m in meetings
    }
    return [
        _event(frame, m, words, told.get(m.id, ""), published[m.id])
        for m in meetings
        if m.precision is Precision.DAY
    ]


def _event(frame: Frame, meeting: Told, words: _Words, agenda: str, publications: int) -> Event:
    is_off = meeting.status is MeetingStatus.CANCELLED
    starts_at = meeting.starts_at
    address = f"{frame.root}/meetings/{meeting.key}" if frame.root else ""
    return Event(
        uid=exports.meeting_uid(meeting.key, frame.origin),
        sequence=meeting.version + publications,
        changed_at=frame.changed_at("meeting", meeting.key, meeting.exists_from),
        summary=words.cancelled % {"what": meeting.title} if is_off else meeting.title,
        starts=starts_at or meeting.starts_on,
        ends=_end(meeting, starts_at) if starts_at else meeting.ends_on or meeting.starts_on,
        status=EventStatus.CANCELLED if is_off else EventStatus.CONFIRMED,
        description=_description(meeting, words, agenda, address),
        location=meeting.place or meeting.link,
        url=address,
        takes_time=not is_off,
    )


def _description(meeting: Told, words: _Words, agenda: str, address: str) -> str:
    lines = []
    if meeting.status is MeetingStatus.CANCELLED:
        lines.append(words.cancelled % {"what": meeting.cancelled_reason})
    if meeting.host_code:
        host = territory(meeting.host_code, meeting.host_name or "")
        lines.append(words.host % {"host": host})
    if meeting.link:
        lines.append(words.join % {"link": meeting.link})
    return "\n".join(line for line in (*lines, agenda, address) if line)


def agenda_words(frame: Frame, meeting_id: int) -> str:
    """The agenda last published, as far as it may go this way; empty where there is none."""
    meeting = frame.session.get_one(Meeting, meeting_id)
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


def _is_ahead(meeting: Told, frame: Frame) -> bool:
    is_to_come = meeting.starts_on >= frame.as_of.dueness
    return meeting.status is MeetingStatus.PLANNED and is_to_come


def _end(meeting: Told, starts_at: datetime) -> datetime:
    days = ((meeting.ends_on or meeting.starts_on) - meeting.starts_on).days + 1
    return exports.end_of(starts_at, meeting.zone, meeting.duration_minutes, days)
