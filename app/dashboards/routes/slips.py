"""How far dates moved: per deadline, priority and member, from the same rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Blueprint, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core.permissions import Permission
from app.dashboards.tables import moves_table
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, every
from app.deliverables.queries.moved_dates import Slips, slips
from app.deliverables.queries.over_time import Scope
from app.deliverables.rules.moves import Status
from app.extensions import db
from app.sharing.pages import draw, kept
from app.web import plots
from app.web.access import access
from app.web.day import as_of, at
from app.web.figures import Figure, picture
from app.web.languages import territory
from app.web.tables import download, reader

blueprint = Blueprint("slips", __name__, template_folder="../templates")


@dataclass(frozen=True, slots=True)
class Belongs:
    """A group that a deliverable is in."""

    key: str
    label: str
    url: str


def _deadline(row: DeliverableRow) -> list[Belongs]:
    if row.deadline_key is None:
        return [Belongs("", _("A day of its own, or none"), "")]
    url = at("deadlines.show", key=row.deadline_key)
    return [Belongs(row.deadline_key, row.deadline_title or row.deadline_key, url)]


def _priority(row: DeliverableRow) -> list[Belongs]:
    return [
        Belongs(row.priority_key, row.priority_title, at("priorities.show", key=row.priority_key))
    ]


def _members(row: DeliverableRow) -> list[Belongs]:
    """Those who lead it or are asked to."""
    return [
        Belongs(part.code, territory(part.code, part.name), at("members.show", code=part.code))
        for part in row.lead_parts
    ] or [Belongs("", _("Nobody leads"), "")]


BY: dict[str, tuple[str, Callable[[DeliverableRow], list[Belongs]]]] = {
    "deadline": (_l("By deadline"), _deadline),
    "priority": (_l("By priority"), _priority),
    "member": (_l("By the member that leads"), _members),
}


@blueprint.get("/slips")
@access(Permission.NETWORK_READ)
@kept
def index() -> str | Response:
    by = request.args.get("by", "deadline")
    by = by if by in BY else "deadline"
    heading, belongs = BY[by]
    found = slips(db.session, reader(), as_of(), Scope())
    rows = every(db.session, reader(), as_of(), Filter())
    groups = _groups((row for row in rows if row.status is not Status.DROPPED), found, belongs)
    figure = (
        Figure("slips", _("Days moved: %(by)s", by=heading), "slips", plots.slip_plot(groups))
        if any(moved for _label, _url, _of, moved in groups)
        else None
    )
    moves = moves_table(found)
    if (file := picture(figure) or download(moves)) is not None:
        return file
    return draw(
        "dashboards/slips.html",
        figure=figure,
        found=found,
        moves=moves,
        ways=[(name, heading, name == by) for name, (heading, _belongs) in BY.items()],
    )


def _groups(
    rows: Iterable[DeliverableRow],
    found: Slips,
    belongs: Callable[[DeliverableRow], list[Belongs]],
) -> list[tuple[str, str, int, list[int]]]:
    """The group that moved furthest in all comes first."""
    days = {slip.key: slip.due.days_moved for slip in found.rows if slip.due.moves}
    of: defaultdict[Belongs, int] = defaultdict(int)
    moved: defaultdict[Belongs, list[int]] = defaultdict(list)
    for row in rows:
        for group in belongs(row):
            of[group] += 1
            by = days.get(row.key)
            if by is not None:
                moved[group].append(by)
    ordered = sorted(of, key=lambda group: (-sum(moved[group]), group.label))
    return [(group.label, group.url, of[group], moved[group]) for group in ordered]
