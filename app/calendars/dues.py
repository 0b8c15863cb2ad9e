"""Deadlines, and what falls due, as events of whole days."""

from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.agendas.models import Action
from app.agendas.rules.outcomes import ActionState
from app.calendars.frame import Frame
from app.calendars.queries.dues import (
    DatedDeadline,
    DueDeliverable,
    actions_for,
    dated_deadlines,
    due_for,
)
from app.core.days import Precision
from app.core.icalendar import Calendar, Event, EventStatus
from app.deadlines.models import DeadlineDate
from app.deliverables.rules.moves import Status
from app.web.labels import label
from app.web.languages import day_range

SETTLED = frozenset({Status.DELIVERED, Status.DEFERRED, Status.DROPPED})


def deadline_calendar(frame: Frame, name: str) -> Calendar:
    found = dated_deadlines(frame.session, frame.as_of)
    frame.look_up("deadline", [each.deadline.key for each in found])
    events = (_deadline(frame, each) for each in found)
    unknown = [
        _(
            "%(title)s: %(when)s",
            title=each.deadline.title,
            when=day_range(each.stands.starts_on, each.stands.ends_on, each.stands.precision),
        )
        for each in found
        if each.stands.precision is not Precision.DAY
    ]
    if unknown:
        unknown.insert(0, _("On days that are not known:"))
    return Calendar(
        events=tuple(event for event in events if event is not None),
        name=name,
        description="\n".join(unknown),
    )


def due_events(frame: Frame, member_id: int) -> list[Event]:
    due = due_for(frame.session, frame.reader, member_id, frame.as_of)
    asked = actions_for(frame.session, frame.reader, member_id, frame.as_of)
    frame.look_up("deliverable", [row.key for row in due])
    frame.look_up("action", [str(action.id) for action in asked])
    words = _Words(
        _("Due: %(title)s"), _("%(status)s: %(title)s"), _("Something marked %(marking)s is due")
    )
    return [
        *(_deliverable(frame, row, words) for row in due),
        *(_action(frame, action, words) for action in asked),
    ]


@dataclass(frozen=True, slots=True)
class _Words:
    """Sentences with their gaps still open: looked up once for all events of a calendar."""

    due: str
    settled: str
    hushed: str
    _states: dict[Status | ActionState, str] = field(default_factory=dict)

    def in_state(self, state: Status | ActionState, title: str) -> str:
        if state not in self._states:
            self._states[state] = label(state)
        return self.settled % {"status": self._states[state], "title": title}


def _deadline(frame: Frame, dated: DatedDeadline) -> Event | None:
    """One whose day was known and is no more is kept on that day, as cancelled. None for one whose
    day was never known."""
    deadline, shown = dated.deadline, dated.last_on_a_day
    if shown is None:
        return None
    is_off = shown is not dated.stands
    address = f"{frame.root}/deadlines/{deadline.key}" if frame.root else ""
    lines = [_known_as(dated.stands) if is_off else "", address]
    return Event(
        uid=frame.uid("deadline", deadline.key),
        sequence=deadline.version + len(dated.dates),
        changed_at=frame.changed_at("deadline", deadline.key, deadline.exists_from),
        summary=_("No longer on this day: %(title)s", title=deadline.title)
        if is_off
        else deadline.title,
        starts=shown.starts_on,
        ends=shown.ends_on or shown.starts_on,
        status=EventStatus.CANCELLED if is_off else EventStatus.CONFIRMED,
        description="\n".join(line for line in lines if line),
        location=deadline.place,
        url=address,
        takes_time=False,
    )


def _known_as(stands: DeadlineDate) -> str:
    now = day_range(stands.starts_on, stands.ends_on, stands.precision)
    return _("It is now known as %(when)s only.", when=now)


def _deliverable(frame: Frame, row: DueDeliverable, words: _Words) -> Event:
    page = f"/deliverables/{row.key}" if row.key else "/deliverables"
    address = f"{frame.root}{page}" if frame.root else ""
    if not row.key:
        title = words.hushed % {"marking": row.marking.label}
    elif row.status in SETTLED:
        title = words.in_state(row.status, row.title)
    else:
        title = words.due % {"title": row.title}
    is_off = row.status is Status.DROPPED
    return Event(
        uid=frame.uid("deliverable", row.id),
        sequence=row.revision,
        changed_at=frame.changed_at("deliverable", row.key, row.due_on),
        summary=title,
        starts=row.due_on,
        ends=row.due_on,
        status=EventStatus.CANCELLED if is_off else EventStatus.CONFIRMED,
        description="\n".join(line for line in (row.marking.label, address) if line),
        url=address,
        takes_time=False,
    )


def _action(frame: Frame, action: Action, words: _Words) -> Event:
    is_off, is_open = action.state is ActionState.DROPPED, action.state is ActionState.OPEN
    address = f"{frame.root}/desk" if frame.root else ""
    due_on = action.due_on or action.exists_from
    return Event(
        uid=frame.uid("action", action.id),
        sequence=action.version,
        changed_at=frame.changed_at("action", str(action.id), action.exists_from),
        summary=words.due % {"title": action.task}
        if is_open
        else words.in_state(action.state, action.task),
        starts=due_on,
        ends=due_on,
        status=EventStatus.CANCELLED if is_off else EventStatus.CONFIRMED,
        description="\n".join(line for line in (action.marking.label, address) if line),
        url=address,
        takes_time=False,
    )
