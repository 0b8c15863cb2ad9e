"""The dates that the network works towards."""

from flask import Blueprint, Response
from flask_babel import gettext as _

from app.core.permissions import Permission
from app.dashboards.figures import over_time
from app.dashboards.routes.not_yet import not_yet
from app.dashboards.tables import moves_table
from app.deadlines import queries
from app.deliverables.queries import progress
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.groups import by_need
from app.deliverables.queries.listing import PAGE_SIZE
from app.deliverables.queries.moved_dates import slips
from app.deliverables.queries.over_time import Scope
from app.deliverables.queries.slips import moved_away
from app.deliverables.wording import NEEDS
from app.extensions import db
from app.sharing.pages import draw, kept
from app.web.access import access, load_or_404
from app.web.day import as_of
from app.web.figures import picture
from app.web.paging import Pages, asked_page
from app.web.tables import download, reader

blueprint = Blueprint("deadlines", __name__, template_folder="../templates")


@blueprint.get("/deadlines")
@access(Permission.NETWORK_READ)
@kept
def index() -> str:
    """Those ahead first, the soonest first; then those that passed, the latest first."""
    found = queries.deadlines(db.session, as_of())
    ordered = [d for d in found if not d.is_past] + [d for d in reversed(found) if d.is_past]
    return draw(
        "deadlines/index.html",
        ahead=[row for row in ordered if not row.is_past],
        past=[row for row in ordered if row.is_past],
        progress=progress.by_deadline(db.session, reader(), as_of()),
        nothing=progress.NOTHING,
        first_known_on=queries.first_known_on(db.session),
    )


@blueprint.get("/deadlines/<key>")
@access(Permission.NETWORK_READ)
@kept
def show(key: str) -> str | Response | tuple[str, int]:
    deadline = load_or_404(queries.find(db.session, key))
    row = queries.deadline(db.session, key, as_of())
    if row is None:
        return not_yet(
            deadline.title,
            deadline.exists_from,
            listed_at="deadlines.index",
            listed_as=_("Deadlines"),
            endpoint="deadlines.show",
            key=key,
        )
    which, scope = Filter(deadline_id=row.id), Scope(deadline_id=row.id)
    marks = ((row.due_on, row.title),)
    figures = over_time(db.session, reader(), as_of(), scope, row.title, marks)
    slipped = slips(db.session, reader(), as_of(), scope)
    moves = moves_table(slipped)
    if (file := picture(*figures.both) or download(moves)) is not None:
        return file
    grouped = by_need(db.session, reader(), as_of(), which, page=asked_page())
    by_deadline = progress.by_deadline(db.session, reader(), as_of())
    return draw(
        "deadlines/show.html",
        row=row,
        source=deadline.source,
        exists_from=deadline.exists_from,
        dates=queries.dates(db.session, row.id, as_of()),
        progress=by_deadline.get(row.id, progress.NOTHING),
        grouped=grouped,
        figures=figures,
        slips=slipped,
        moves=moves,
        needs=NEEDS,
        pages=Pages(asked_page(), PAGE_SIZE, grouped.total),
        moved=moved_away(db.session, reader(), as_of(), row.id),
    )
