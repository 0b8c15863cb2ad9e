"""The plots over time that the pages of a priority, a deadline, a member or a function share."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.queries.over_time import (
    OverTime,
    Scope,
    planned_and_delivered,
    status_over_time,
)
from app.web import plots
from app.web.figures import Figure

HALF = 560
"""The width of a plot that stands beside another."""

Marks = tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class OverTimeFigures:
    """None where there is nothing to draw."""

    history: Figure | None
    planned: Figure | None

    @property
    def both(self) -> tuple[Figure | None, Figure | None]:
        return self.history, self.planned


def over_time(
    session: Session,
    reader: Actor | None,
    as_of: AsOf,
    scope: Scope,
    name: str,
    marks: Marks = (),
) -> OverTimeFigures:
    """`name` is what the plots are of; `marks` are days to be seen on them."""
    states = status_over_time(session, reader, as_of, scope)
    points = planned_and_delivered(session, reader, as_of, scope)
    return OverTimeFigures(
        _history(states, as_of, name, marks), _planned(states, points, as_of, name, marks)
    )


def _history(states: OverTime, as_of: AsOf, name: str, marks: Marks) -> Figure | None:
    if not any(counts for _on, counts in states):
        return None
    plot = plots.status_history(states, as_of.day, marks=marks, width=HALF)
    return Figure("history", _("Status over time: %(name)s", name=name), "history", plot)


def _planned(
    states: OverTime, points: OverTime, as_of: AsOf, name: str, marks: Marks
) -> Figure | None:
    if not points:
        return None
    # Both lines begin with the work, not with the first thing that was due.
    begin = min(states[0][0], points[0][0]) if states else points[0][0]
    start: OverTime = ((begin, {}),) if begin < points[0][0] else ()
    plot = plots.planned_delivered((*start, *points), as_of.day, marks=marks, width=HALF)
    return Figure("planned", _("Planned against delivered: %(name)s", name=name), "planned", plot)
