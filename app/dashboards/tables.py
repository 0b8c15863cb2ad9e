"""The tables that several dashboards show."""

from functools import partial

from flask_babel import gettext as _

from app.core.clock import AsOf
from app.core.markings import Marking
from app.deliverables.queries.moved_dates import Slip, Slips
from app.deliverables.queries.seen import highest_seen
from app.extensions import db
from app.web.day import as_of
from app.web.labels import label
from app.web.tables import Column, Table, reader

MOVED_AT_ONCE = 10


def marking_of(day: AsOf) -> Marking:
    """How a file with what the reader sees of the deliverables on the day is marked."""
    return highest_seen(db.session, reader(), day)


def moves_table(found: Slips) -> Table[Slip]:
    return Table(
        "moves",
        _("What slipped and how often dates moved"),
        (
            Column("title", _("Deliverable"), lambda slip: slip.title),
            Column("status", _("Status"), lambda slip: label(slip.status)),
            Column("first", _("First due"), lambda slip: slip.due.first),
            Column("last", _("Due now"), lambda slip: slip.due.last),
            Column("moves", _("Moved"), lambda slip: slip.due.moves, is_number=True),
            Column("moved", _("Days moved"), lambda slip: slip.due.days_moved, is_number=True),
            Column("delivered", _("Delivered"), lambda slip: slip.delivered_on),
            Column("late", _("Days late"), lambda slip: slip.days_late or None, is_number=True),
        ),
        found.rows,
        marking=partial(marking_of, as_of()),
        prefix="moves-",
        size=MOVED_AT_ONCE,
    )
