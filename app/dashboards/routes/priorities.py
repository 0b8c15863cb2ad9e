"""The areas that the network decided to work on."""

from flask import Blueprint, Response
from flask_babel import gettext as _

from app.bodies.queries import of_priority
from app.contributions import queries as given
from app.contributions.queries import Which
from app.core.permissions import Permission
from app.dashboards.figures import over_time
from app.dashboards.routes.not_yet import not_yet
from app.dashboards.tables import moves_table
from app.deliverables.queries import progress
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.groups import by_need, unscheduled
from app.deliverables.queries.listing import PAGE_SIZE
from app.deliverables.queries.moved_dates import slips
from app.deliverables.queries.over_time import Scope
from app.deliverables.wording import NEEDS
from app.extensions import db
from app.priorities import queries
from app.priorities.models import Theme
from app.sharing.pages import draw, kept
from app.web.access import access, load_or_404
from app.web.day import as_of
from app.web.figures import picture
from app.web.labels import label
from app.web.paging import Pages, asked_page
from app.web.tables import download, reader

blueprint = Blueprint("priorities", __name__, template_folder="../templates")


@blueprint.get("/priorities")
@access(Permission.NETWORK_READ)
@kept
def index() -> str:
    found = queries.priorities(db.session, as_of())
    pages = Pages(asked_page(), PAGE_SIZE, len(found))
    shown = found[max(pages.first - 1, 0) : pages.last]
    return draw(
        "priorities/index.html",
        themes=[(theme, [row for row in shown if row.theme is theme]) for theme in Theme],
        pages=pages,
        progress=progress.by_priority(db.session, reader(), as_of()),
        nothing=progress.NOTHING,
        questions=queries.questions(db.session, as_of()),
        first_known_on=queries.first_known_on(db.session),
    )


@blueprint.get("/priorities/<key>")
@access(Permission.NETWORK_READ)
@kept
def show(key: str) -> str | Response | tuple[str, int]:
    priority = load_or_404(queries.find(db.session, key))
    row = queries.priority(db.session, key, as_of())
    if row is None:
        return not_yet(
            priority.title,
            priority.exists_from,
            listed_at="priorities.index",
            listed_as=_("Priorities"),
            endpoint="priorities.show",
            key=key,
        )
    which, scope = Filter(priority_id=row.id), Scope(priority_ids=[row.id])
    figures = over_time(db.session, reader(), as_of(), scope, row.title)
    slipped = slips(db.session, reader(), as_of(), scope)
    moves = moves_table(slipped)
    if (file := picture(*figures.both) or download(moves)) is not None:
        return file
    grouped = by_need(db.session, reader(), as_of(), which, page=asked_page())
    by_priority = progress.by_priority(db.session, reader(), as_of())
    return draw(
        "priorities/show.html",
        row=row,
        source=priority.source,
        exists_from=priority.exists_from,
        progress=by_priority.get(row.id, progress.NOTHING),
        grouped=grouped,
        figures=figures,
        slips=slipped,
        moves=moves,
        needs=NEEDS,
        pages=Pages(asked_page(), PAGE_SIZE, grouped.total),
        engaged=of_priority(db.session, reader(), as_of(), key),
        contributions=given.latest(db.session, reader(), as_of(), Which(priority=key)),
        unscheduled=unscheduled(db.session, reader(), as_of(), which),
    )


@blueprint.get("/tracks/<theme>")
@access(Permission.NETWORK_READ)
@kept
def track(theme: str) -> str | Response:
    """All priorities of one theme together."""
    chosen = load_or_404(Theme(theme) if theme in set(Theme) else None)
    found = [row for row in queries.priorities(db.session, as_of()) if row.theme is chosen]
    scope = Scope(priority_ids=[row.id for row in found])
    figures = over_time(db.session, reader(), as_of(), scope, label(chosen))
    slipped = slips(db.session, reader(), as_of(), scope)
    moves = moves_table(slipped)
    if (file := picture(*figures.both) or download(moves)) is not None:
        return file
    counted = progress.by_priority(db.session, reader(), as_of())
    of_each = [counted.get(row.id, progress.NOTHING) for row in found]
    return draw(
        "priorities/track.html",
        theme=chosen,
        rows=list(zip(found, of_each, strict=True)),
        progress=sum(of_each, start=progress.NOTHING),
        figures=figures,
        slips=slipped,
        moves=moves,
    )
