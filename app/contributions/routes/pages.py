"""What members put in: by member, priority and year; and each entry with what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app.contributions import queries
from app.contributions.actions import may_record
from app.contributions.forms import TakeBackForm
from app.contributions.models import ContributionKind
from app.contributions.queries import ContributionRow, Which
from app.contributions.rules import Sum, sums, weights
from app.contributions.tables import contributions_table, shown_table, stated
from app.core.permissions import Permission
from app.deliverables.queries.choices import Choices, choices
from app.extensions import db
from app.members.models import MemberStatus
from app.members.queries.members import members
from app.sharing.pages import draw, kept
from app.web.access import access, actor, load_or_404
from app.web.day import as_of
from app.web.labels import choices as words
from app.web.languages import territory
from app.web.tables import download, reader

blueprint = Blueprint("contributions", __name__, template_folder="../templates")

BY = ("member", "priority", "year")
FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it says that there is not narrows nothing."""

    which: Which
    by: str
    wants_weights: bool


@blueprint.get("/contributions")
@access(Permission.NETWORK_READ)
@kept
def index() -> str | Response:
    asked, known = _asked(), choices(db.session, as_of())
    rows = queries.contributions(db.session, reader(), as_of(), asked.which)
    if (file := download(contributions_table(rows), drawn=["weights"])) is not None:
        return file
    everything = queries.contributions(db.session, reader(), as_of(), Which())
    found = sums(queries.given_by(rows, asked.by))
    return draw(
        "contributions/index.html",
        table=shown_table(rows),
        asked=asked,
        kinds=ContributionKind,
        member_options=sorted(
            {(row.member_code, territory(row.member_code, row.member_name)) for row in everything},
            key=lambda pair: pair[1],
        ),
        priority_options=[(option.key, option.title) for option in known.priorities.options],
        year_options=[(str(y), y) for y in sorted({row.year for row in everything}, reverse=True)],
        kind_options=words(ContributionKind),
        is_empty=not everything,
        sums=found,
        names=_names(rows, known),
        heads={"member": _("Member"), "priority": _("Priority"), "year": _("Year given")},
        weights=_weights(everything) if asked.wants_weights else None,
        stated=stated,
    )


@blueprint.get("/contributions/<int:contribution_id>")
@access(Permission.NETWORK_READ)
def show(contribution_id: int) -> str:
    row = load(contribution_id)
    form = TakeBackForm(formdata=None)
    form.from_on.data = as_of().today
    return page(row, form)


def load(contribution_id: int) -> ContributionRow:
    return load_or_404(queries.find(db.session, actor(), as_of(), contribution_id))


def page(row: ContributionRow, form: TakeBackForm) -> str:
    given = row.given
    end = given.end if given.end and given.end.from_on <= as_of().day else None
    return draw(
        "contributions/show.html",
        row=row,
        stated=stated,
        recorded_by=queries.name_of(db.session, given.recorded_by_id),
        end=end,
        ended_by=queries.name_of(db.session, end.ended_by_id) if end else "",
        replacement=queries.replacement(db.session, actor(), end),
        replaced=queries.replaced(db.session, actor(), given),
        may_change=given.end is None and may_record(actor(), given.member_id),
        form=form,
        page_marking=given.marking,
    )


@dataclass(frozen=True, slots=True)
class Weights:
    """`by_member` gives the shares in the order of `kinds`; `equal` is how many have a say."""

    kinds: tuple[Sum, ...]
    by_member: Mapping[str, tuple[object, ...]]
    equal: int


def _weights(rows: tuple[ContributionRow, ...]) -> Weights:
    found = sums(queries.given_by(rows, "member"))
    with_a_say = [
        row.code for row in members(db.session, as_of()) if row.status is MemberStatus.MEMBER
    ]
    kinds = tuple(each for each in found if each.total)
    return Weights(kinds, weights(found, with_a_say), len(with_a_say))


def _names(rows: tuple[ContributionRow, ...], known: Choices) -> Mapping[str, str]:
    """What the sums are by, by its key; the years are called as they are."""
    priorities = {option.key: option.title for option in known.priorities.options}
    own = {row.member_code: territory(row.member_code, row.member_name) for row in rows}
    return {**priorities, **own, "": _("No priority named")}


def _asked() -> Asked:
    args = request.args
    kind, by = args.get("kind", ""), args.get("by", "")
    year = args.get("year", "")
    is_year = year.isascii() and year.isdigit() and len(year) == len(str(FIRST_YEAR))
    return Asked(
        Which(
            member=args.get("member") or None,
            priority=args.get("priority") or None,
            year=int(year) if is_year and int(year) >= FIRST_YEAR else None,
            kind=ContributionKind(kind) if kind in set(ContributionKind) else None,
        ),
        by if by in BY else "member",
        args.get("weights") == "1",
    )
