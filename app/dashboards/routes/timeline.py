"""Deliverables, deadlines, meetings and outside events on one axis."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.clock import AsOf
from app.core.days import FIRST_YEAR, LAST_YEAR, first_day, last_day, parse_day
from app.core.permissions import Permission
from app.deadlines.queries import DeadlineRow, deadlines
from app.deliverables.queries.plan import ROWS_ON_A_PAGE, Grouping, Plan, PlanRow, plan
from app.deliverables.rules.progress import is_overdue
from app.extensions import db
from app.meetings.models import MeetingStatus
from app.meetings.queries.meetings import MeetingRow, meeting_rows
from app.priorities.models import OutsideEvent
from app.priorities.queries import outside_events
from app.sharing.pages import draw, kept
from app.web import plots
from app.web.access import access
from app.web.day import BadDay, as_of, at
from app.web.figures import Figure, picture
from app.web.paging import Pages, asked_page
from app.web.tables import reader

blueprint = Blueprint("timeline", __name__, template_folder="../templates")

MARGIN = timedelta(days=20)


class Zoom(StrEnum):
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


ZOOMS: dict[Zoom, str] = {
    Zoom.QUARTER: _l("Quarter"),
    Zoom.YEAR: _l("Year"),
    Zoom.ALL: _l("All"),
}
GROUPINGS: dict[Grouping, str] = {
    Grouping.PRIORITY: _l("By priority"),
    Grouping.DEADLINE: _l("By deadline"),
}
Window = tuple[date, date]


@dataclass(frozen=True, slots=True)
class View:
    zoom: Zoom
    grouping: Grouping
    around: date

    @property
    def window(self) -> Window | None:
        """The quarter or the year around the day; None: all there is."""
        year = self.around.year
        match self.zoom:
            case Zoom.ALL:
                return None
            case Zoom.YEAR:
                return date(year, 1, 1), date(year, 12, 31)
            case Zoom.QUARTER:
                month = (self.around.month - 1) // 3 * 3 + 1
                following = date(year + month // 10, (month + 2) % 12 + 1, 1)
                return date(year, month, 1), following - timedelta(days=1)

    @property
    def before(self) -> date | None:
        """A day in the window before this one."""
        if self.window is None or self.window[0].year <= FIRST_YEAR:
            return None
        return self.window[0] - timedelta(days=1)

    @property
    def after(self) -> date | None:
        if self.window is None or self.window[1].year >= LAST_YEAR:
            return None
        return self.window[1] + timedelta(days=1)


@blueprint.get("/timeline")
@access(Permission.NETWORK_READ)
@kept
def show() -> str | Response:
    session, day, view = db.session, as_of(), _view()
    found = plan(session, reader(), day, view.grouping, page=asked_page(), window=view.window)
    due = deadlines(session, day)
    met = meeting_rows(session, reader(), day)
    around = outside_events(session, day)
    window = view.window or _bounds(found, due, met, day)
    drawn = plots.timeline(
        _groups(found.rows, day),
        [
            (_("Deadlines"), [_of_deadline(row) for row in due]),
            (_("Meetings"), [_of_meeting(row, day) for row in reversed(met) if _counts(row)]),
            (_("Outside events"), [_of_event(row, day) for row in around]),
        ],
        window,
        day=day.day,
        today=day.today,
    )
    figure = Figure("timeline", _("Timeline"), "work", drawn)
    if (file := picture(figure)) is not None:
        return file
    return draw(
        "dashboards/timeline.html",
        figure=figure,
        view=view,
        window=window,
        zooms=ZOOMS,
        groupings=GROUPINGS,
        pages=Pages(asked_page(), ROWS_ON_A_PAGE, found.total),
        unseen=_unseen(found.rows),
    )


def _view() -> View:
    zoom, group = request.args.get("zoom", ""), request.args.get("group", "")
    text = request.args.get("around", "").strip()
    try:
        around = parse_day(text) if text else as_of().day
    except ValueError:
        raise BadDay(text) from None
    return View(
        Zoom(zoom) if zoom in set(Zoom) else Zoom.ALL,
        Grouping(group) if group in set(Grouping) else Grouping.PRIORITY,
        around,
    )


def _bounds(
    found: Plan, due: Iterable[DeadlineRow], met: Iterable[MeetingRow], day: AsOf
) -> Window:
    """As much of the axis as the work, the deadlines and the meetings take; outside events that
    lie farther back do not stretch it."""
    days = [day.day, *(on for on in (found.first_on, found.last_on) if on)]
    days += [on for row in due for on in (row.starts_on, row.due_on)]
    days += [row.starts_on for row in met]
    return min(days) - MARGIN, max(days) + MARGIN


def _groups(rows: Iterable[PlanRow], day: AsOf) -> list[tuple[str, list[plots.Work]]]:
    return [
        (title or _("No deadline"), [_work(row, day) for row in members])
        for title, members in groupby(rows, lambda row: row.group)
    ]


def _work(row: PlanRow, day: AsOf) -> plots.Work:
    is_late = is_overdue(row.status, row.due_on, day.dueness)
    return plots.Work(
        key=row.key,
        label=row.title,
        url=at("deliverables.show", key=row.key),
        status=row.status.value,
        starts_on=row.exists_from,
        ends_on=row.delivered_on or row.due_on,
        late_until=day.day if is_late else None,
        needs=row.needs,
    )


def _of_deadline(row: DeadlineRow) -> plots.Event:
    return plots.Event(
        row.title,
        first_day(row.starts_on, row.precision),
        row.due_on,
        row.precision.value,
        row.is_past,
        at("deadlines.show", key=row.key),
    )


def _counts(row: MeetingRow) -> bool:
    return row.status is not MeetingStatus.CANCELLED


def _of_meeting(row: MeetingRow, day: AsOf) -> plots.Event:
    last = last_day(row.starts_on, row.ends_on, row.precision)
    return plots.Event(
        row.title,
        first_day(row.starts_on, row.precision),
        last,
        row.precision.value,
        last < day.dueness,
        at("meetings.show", key=row.key),
    )


def _of_event(row: OutsideEvent, day: AsOf) -> plots.Event:
    last = last_day(row.starts_on, row.ends_on, row.precision)
    first = first_day(row.starts_on, row.precision)
    return plots.Event(row.title, first, last, row.precision.value, last < day.dueness)


def _unseen(rows: tuple[PlanRow, ...]) -> int:
    """Dependencies that lead off the page."""
    shown = {row.key for row in rows}
    return sum(key not in shown for row in rows for key in row.needs)
