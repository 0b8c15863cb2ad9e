"""Geometry of the plots: plain numbers in, coordinates out.

Words, colours and links belong to templates/plots/. A route builds a plot here and hands it to the
macro of the same name. Nothing here reads a clock or a database.
"""

from app.web.plots.countdown import Countdown, countdown
from app.web.plots.deadlines import TimelineEntry, deadline_timeline
from app.web.plots.history import STACK, planned_delivered, status_history
from app.web.plots.ranking import ranking
from app.web.plots.scales import LABEL, DayScale
from app.web.plots.slips import slip_plot
from app.web.plots.timeline import Event, Timeline, Work, timeline

__all__ = [
    "LABEL",
    "STACK",
    "Countdown",
    "DayScale",
    "Event",
    "Timeline",
    "TimelineEntry",
    "Work",
    "countdown",
    "deadline_timeline",
    "planned_delivered",
    "ranking",
    "slip_plot",
    "status_history",
    "timeline",
]
