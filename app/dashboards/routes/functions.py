"""What institutes do, where it overlaps, and where the network could put its next effort."""

from functools import partial

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app.core.permissions import Permission
from app.core.table_files import Cell
from app.dashboards.figures import over_time
from app.dashboards.ranking import active, full_members, ranking_of
from app.dashboards.routes.not_yet import not_yet
from app.dashboards.tables import moves_table
from app.deliverables.queries.moved_dates import slips
from app.deliverables.queries.over_time import Scope
from app.extensions import db
from app.members.queries.functions import FunctionRow, find, functions
from app.members.queries.members import MemberRow
from app.priorities.queries import PriorityRow, priorities
from app.priorities.rules import (
    HEAVIEST,
    Criterion,
    Ranked,
    Weights,
)
from app.sharing.pages import draw, kept
from app.web import plots
from app.web.access import access, load_or_404
from app.web.day import as_of, at
from app.web.figures import Figure, picture
from app.web.labels import label
from app.web.languages import territory
from app.web.paging import Pages, asked_page
from app.web.tables import Column, Table, download, reader

blueprint = Blueprint("functions", __name__, template_folder="../templates")

MEMBERS_PAGE, MEMBERS_AT_ONCE = "members-page", 40


@blueprint.get("/functions")
@access(Permission.NETWORK_READ)
@kept
def index() -> str | Response:
    found, everybody = functions(db.session, as_of()), full_members(db.session, as_of())
    listed = priorities(db.session, as_of())
    weights = _weights()
    order = ranking_of(listed, found, everybody, weights)
    ranking = _ranking_table(order, listed)
    figure = _figure(order)
    matrix = _matrix_table(found, everybody)
    if (file := picture(figure) or download(matrix, ranking)) is not None:
        return file
    pages = Pages(asked_page(MEMBERS_PAGE), MEMBERS_AT_ONCE, len(everybody), MEMBERS_PAGE)
    return draw(
        "functions/index.html",
        functions=found,
        members=everybody[max(pages.first - 1, 0) : pages.last],
        pages=pages,
        matrix=matrix,
        ranking=ranking,
        figure=figure,
        priorities={row.key: row for row in listed},
        weights=weights,
        heaviest=HEAVIEST,
        active={row.name: active(row) for row in found},
        unknown=len(found) * len(everybody) - sum(len(row.known) for row in found),
    )


@blueprint.get("/functions/<key>")
@access(Permission.NETWORK_READ)
@kept
def show(key: str) -> str | Response | tuple[str, int]:
    function = load_or_404(find(db.session, key))
    row = next((f for f in functions(db.session, as_of()) if f.key == key), None)
    if row is None:
        return not_yet(
            function.name,
            function.exists_from,
            listed_at="functions.index",
            listed_as=_("Functions"),
            endpoint="functions.show",
            key=key,
        )
    drawing_on = [p for p in priorities(db.session, as_of()) if row.name in p.functions]
    scope = Scope(priority_ids=[p.id for p in drawing_on])
    figures = over_time(db.session, reader(), as_of(), scope, row.name)
    slipped = slips(db.session, reader(), as_of(), scope)
    moves = moves_table(slipped)
    if (file := picture(*figures.both) or download(moves, drawn=["levels"])) is not None:
        return file
    return draw(
        "functions/show.html",
        row=row,
        members=full_members(db.session, as_of()),
        priorities=drawing_on,
        figures=figures,
        slips=slipped,
        moves=moves,
    )


def _weights() -> Weights:
    """From the address; what is no weight from 0 to HEAVIEST counts as 1."""
    asked = {c: request.args.get(c.value, "") for c in Criterion}
    return {
        criterion: int(text) if text.isascii() and text.isdigit() and int(text) <= HEAVIEST else 1
        for criterion, text in asked.items()
    }


def _figure(order: tuple[Ranked, ...]) -> Figure | None:
    if not order:
        return None
    rows = [
        (row.title, at("priorities.show", key=row.key), row.score, _by_name(row)) for row in order
    ]
    names = [criterion.value for criterion in Criterion]
    title = _("Where the next effort could go")
    return Figure("ranking", title, "ranking", plots.ranking(rows, names))


def _by_name(row: Ranked) -> dict[str, float]:
    return {criterion.value: share for criterion, share in row.shares.items()}


def _ranking_table(order: tuple[Ranked, ...], listed: tuple[PriorityRow, ...]) -> Table[Ranked]:
    by_key = {row.key: row for row in listed}

    def part(criterion: Criterion, row: Ranked) -> Cell:
        share = row.parts[criterion]
        return None if share is None else round(100 * share, 1)

    def score(row: Ranked) -> Cell:
        return None if row.score is None else round(100 * row.score, 1)

    return Table(
        "ranking",
        _("Priorities, ranked"),
        (
            Column("title", _("Priority"), lambda row: row.title),
            Column("functions", _("Functions"), lambda row: ", ".join(by_key[row.key].functions)),
            *(Column(c.value, label(c), partial(part, c), is_number=True) for c in Criterion),
            Column("score", _("Score"), score, is_number=True),
        ),
        order,
    )


def _matrix_table(found: tuple[FunctionRow, ...], everybody: list[MemberRow]) -> Table[FunctionRow]:
    def level(code: str, row: FunctionRow) -> Cell:
        known = row.known.get(code)
        return f"{label(known.level)}: {known.evidence}" if known else None

    return Table(
        "functions",
        _("Functions by members"),
        (
            Column("name", _("Function"), lambda row: row.name),
            *(Column(m.code, territory(m.code, m.name), partial(level, m.code)) for m in everybody),
        ),
        found,
        prefix="functions-",
    )
