"""The members: what each is, brings and has taken on."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _

from app.contributions import queries as given
from app.contributions.queries import Which
from app.core.permissions import Permission
from app.dashboards.figures import over_time
from app.dashboards.loads import DEADLINES_AHEAD, load_table, loads, share_of
from app.dashboards.queries import attention
from app.dashboards.routes.not_yet import not_yet
from app.dashboards.tables import moves_table
from app.dashboards.wording import PARTS, partial_day
from app.deadlines.queries import deadlines
from app.deliverables.queries import progress
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.groups import by_part
from app.deliverables.queries.latest import latest_updates
from app.deliverables.queries.listing import PAGE_SIZE
from app.deliverables.queries.moved_dates import slips
from app.deliverables.queries.over_time import Scope
from app.deliverables.queries.parts import PartCounts, counts_by_member
from app.deliverables.rules.load import FEW, TIMES
from app.extensions import db
from app.members.actions.profile import may_keep
from app.members.queries import members as queries
from app.members.queries.profile import Profile, facts, names, profile
from app.membership.queries.standings import grounds
from app.sharing.pages import draw, kept
from app.web.access import access, load_or_404
from app.web.day import as_of
from app.web.figures import picture
from app.web.languages import member_name
from app.web.paging import Pages, asked_page
from app.web.tables import download, reader

blueprint = Blueprint("members", __name__, template_folder="../templates")

LATEST_UPDATES = 8


@blueprint.get("/members")
@access(Permission.NETWORK_READ)
@kept
def index() -> str | Response:
    session, day = db.session, as_of()
    found = queries.members(session, day)
    carried = loads(session, reader(), day, found)
    table = load_table(carried)
    if (file := download(table)) is not None:
        return file
    return draw(
        "members/index.html",
        table=table,
        counts=counts_by_member(session, reader(), day),
        no_parts=PartCounts(),
        progress=progress.by_member(session, reader(), day),
        nothing=progress.NOTHING,
        partial_day=partial_day,
        fair=share_of(carried),
        heavy=[member for member in carried if member.is_heavy],
        ahead=[d for d in deadlines(session, day) if not d.is_past][:DEADLINES_AHEAD],
        few=FEW,
        times=TIMES,
        first_known_on=queries.first_known_on(session),
    )


@blueprint.get("/members/<code>")
@access(Permission.NETWORK_READ)
@kept
def show(code: str) -> str | Response | tuple[str, int]:
    member = load_or_404(queries.find(db.session, code))
    row = queries.member(db.session, code, as_of())
    if row is None:
        return not_yet(
            member_name(member),
            member.exists_from,
            listed_at="members.index",
            listed_as=_("Members"),
            endpoint="members.show",
            code=code,
        )
    which, scope = Filter(member_id=row.id), Scope(member_id=row.id)
    figures = over_time(db.session, reader(), as_of(), scope, member_name(row))
    slipped = slips(db.session, reader(), as_of(), scope)
    moves = moves_table(slipped)
    if (file := picture(*figures.both) or download(moves, drawn=["functions"])) is not None:
        return file
    grouped = by_part(db.session, reader(), as_of(), row.id, page=asked_page())
    known = profile(db.session, row.id, as_of())
    needed = attention(db.session, reader(), as_of(), which)
    return draw(
        "members/show.html",
        row=row,
        profile=known,
        **_profile(known),
        keeps=as_of().is_today and may_keep(reader(), member),
        progress=progress.by_member(db.session, reader(), as_of()).get(row.id, progress.NOTHING),
        counts=counts_by_member(db.session, reader(), as_of()).get(row.id, PartCounts()),
        can_act_on=needed.waiting_for(code),
        grouped=grouped,
        figures=figures,
        slips=slipped,
        moves=moves,
        parts=PARTS,
        pages=Pages(asked_page(), PAGE_SIZE, grouped.total),
        updates=latest_updates(db.session, reader(), as_of(), which, limit=LATEST_UPDATES),
        contributions=given.latest(db.session, reader(), as_of(), Which(member=code)),
        partial_day=partial_day,
    )


def _profile(known: Profile) -> Mapping[str, Any]:
    """Each fact with what it was said by, the sources in their order, the names, and the decisions
    that standings rest on."""
    told = facts(known.institutes)
    return {
        "facts": told,
        "cited": list(dict.fromkeys(f.source for f in told.values() if f.source and f.text)),
        "called": names(known.institutes),
        "rests_on": grounds(db.session, reader(), as_of(), [row.id for row in known.standings]),
    }
