"""Members by deliverables: who has which part, and how fresh each member's last word is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from itertools import groupby

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.clock import AsOf
from app.core.permissions import Permission
from app.core.table_files import Cell as FileCell
from app.dashboards.tables import marking_of
from app.deliverables.queries.choices import Choices, Option, choices
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import PAGE_SIZE
from app.deliverables.queries.matrix import Cell, Lack, MatrixRow, matrix
from app.deliverables.queries.thresholds import thresholds
from app.extensions import db
from app.sharing.pages import draw, kept
from app.web.access import DOWNLOAD, access
from app.web.day import as_of
from app.web.labels import label
from app.web.languages import territory
from app.web.paging import Pages, asked_page
from app.web.tables import Column, Table, download, reader

blueprint = Blueprint("matrix", __name__, template_folder="../templates")

LACKS: dict[Lack, str] = {
    Lack.LEAD: _l("No lead"),
    Lack.ACCEPTED_LEAD: _l("No lead that accepted"),
    Lack.ANSWER: _l("Somebody has not answered"),
}
AGEING = 3
"""After so many times the days that may pass between updates, a word is old."""


class Freshness(StrEnum):
    FRESH = "fresh"
    AGEING = "ageing"
    OLD = "old"
    SILENT = "silent"


FRESHNESS: dict[Freshness, str] = {
    Freshness.FRESH: _l("spoke lately"),
    Freshness.AGEING: _l("has not spoken for a while"),
    Freshness.OLD: _l("has not spoken for long"),
    Freshness.SILENT: _l("has said nothing yet"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    which: Filter
    lacks: Lack | None
    chosen: dict[str, str]


@blueprint.get("/matrix")
@access(Permission.NETWORK_READ)
@kept
def show() -> str | Response:
    offered = choices(db.session, as_of())
    asked = _asked(offered)
    page = None if DOWNLOAD in request.args else asked_page()
    found = matrix(db.session, reader(), as_of(), asked.which, asked.lacks, page=page)
    if (file := download(_table(found.rows, found.codes))) is not None:
        return file
    usual = thresholds(db.session).stale_days
    return draw(
        "dashboards/matrix.html",
        found=found,
        offered=offered,
        chosen=asked.chosen,
        lacks=[Option(0, lack.value, str(text)) for lack, text in LACKS.items()],
        groups=[(title, list(rows)) for title, rows in groupby(found.rows, _priority)],
        pages=Pages(asked_page(), PAGE_SIZE, found.total),
        table=_table((), ()),
        freshness=partial(freshness, as_of(), usual),
        said=FRESHNESS,
        usual=usual,
        old=usual * AGEING,
    )


def freshness(day: AsOf, usual: int, spoke_on: date | None) -> Freshness:
    if spoke_on is None:
        return Freshness.SILENT
    days = (day.day - spoke_on).days
    if days <= usual:
        return Freshness.FRESH
    return Freshness.AGEING if days <= usual * AGEING else Freshness.OLD


def _priority(row: MatrixRow) -> str:
    return row.priority_title


def _asked(offered: Choices) -> Asked:
    names = ("lacks", "priority", "deadline", "member")
    chosen = {name: request.args.get(name, "").strip() for name in names}
    lacks = Lack(chosen["lacks"]) if chosen["lacks"] in set(Lack) else None
    which = Filter(
        priority_id=offered.priorities.id_of(chosen["priority"]),
        deadline_id=offered.deadlines.id_of(chosen["deadline"]),
        member_id=offered.members.id_of(chosen["member"]),
    )
    return Asked(which, lacks, chosen)


def _table(rows: tuple[MatrixRow, ...], codes: tuple[str, ...]) -> Table[MatrixRow]:
    def part(code: str, row: MatrixRow) -> FileCell:
        cell = row.cells.get(code)
        return _words(cell) if cell else None

    return Table(
        "matrix",
        _("Members by deliverables"),
        (
            Column("priority", _("Priority"), lambda row: row.priority_title),
            Column("key", _("Key"), lambda row: row.key),
            Column("title", _("Deliverable"), lambda row: row.title),
            Column("status", _("Status"), lambda row: label(row.status)),
            Column("due", _("Due"), lambda row: row.due_on),
            *(Column(code, territory(code), partial(part, code)) for code in codes),
        ),
        rows,
        marking=partial(marking_of, as_of()),
    )


def _words(cell: Cell) -> str:
    spoke = cell.spoke_on.isoformat() if cell.spoke_on else _("nothing yet")
    return _(
        "%(role)s, %(state)s, last word: %(day)s",
        role=label(cell.role),
        state=label(cell.state).lower(),
        day=spoke,
    )
