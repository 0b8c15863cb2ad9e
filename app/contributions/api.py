"""What members put in, for programs."""

from decimal import Decimal
from typing import Any

from flask import url_for
from marshmallow import Schema, fields, validate

from app.contributions import actions, queries
from app.contributions.actions import ContributionEntry
from app.contributions.models import ContributionKind
from app.contributions.queries import ContributionRow, Which
from app.core.days import Precision
from app.core.errors import N_, Refused
from app.core.markings import Marking
from app.core.permissions import Permission
from app.deliverables.queries.choices import choices
from app.deliverables.queries.detail import find as find_deliverable
from app.extensions import db
from app.members.queries.members import find as find_member
from app.sharing.rules import Sharing
from app.web.access import actor
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import Body, Day, Text, a_code, a_key, a_word, receipt
from app.web.api.paging import Listed, answered, listing
from app.web.api.shapes import text
from app.web.day import as_of, now, present

blueprint = ApiBlueprint("contributions", __name__, "What members put in")
Told = dict[str, Any]
AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,2})?$"
NOT_THERE = N_("There is no such thing in the plan.")
MARKINGS = tuple(str(marking) for marking in Marking if marking is not Marking.RED)


class ContributionSchema(Schema):
    """`amount` as it was given, in `currency` or else in `unit`; null: not known."""

    id = fields.Integer(required=True)
    member = text()
    kind = a_word(ContributionKind, required=True)
    given_on = fields.Date(required=True)
    precision = a_word(Precision, required=True)
    amount = text(or_none=True)
    currency = text()
    unit = text()
    period_starts_on = fields.Date(required=True, allow_none=True)
    period_ends_on = fields.Date(required=True, allow_none=True)
    about = text()
    note = text()
    deliverable = text(or_none=True)
    priority = text(or_none=True)
    marking = a_word(Marking, required=True)


class Contributions(Listed):
    member = a_code()
    priority = a_key()
    kind = a_word(ContributionKind)
    year = fields.Integer(validate=validate.Range(1900, 2200))


class ContributionBody(Body):
    """Without `marking` it is GREEN."""

    member = a_code(required=True)
    kind = a_word(ContributionKind, required=True)
    given_on = Day(required=True)
    precision = a_word(Precision, load_default=Precision.DAY)
    amount = fields.String(allow_none=True, load_default=None, validate=validate.Regexp(AMOUNT))
    currency = fields.String(load_default="", validate=validate.Regexp(r"^([A-Z]{3})?$"))
    unit = Text(longest=60, load_default="")
    period_starts_on = Day(allow_none=True, load_default=None)
    period_ends_on = Day(allow_none=True, load_default=None)
    about = Text(longest=2000, shortest=1, required=True)
    note = Text(longest=5000, load_default="")
    deliverable = a_key(allow_none=True, load_default=None)
    priority = a_key(allow_none=True, load_default=None)
    marking = fields.String(load_default=str(Marking.GREEN), validate=validate.OneOf(MARKINGS))


@blueprint.reads(
    "/contributions",
    listing(ContributionSchema),
    takes=Contributions,
    permission=Permission.NETWORK_READ,
)
def all_contributions(asked: Told) -> Told:
    """What members put in, the latest first"""
    which = Which(**{name: asked.get(name) for name in ("member", "priority", "kind", "year")})
    found = queries.contributions(db.session, actor(), as_of(), which)
    return answered(found, lambda row: row.given.id, asked, _told)


@blueprint.writes(
    "/contributions",
    receipt("Contribution"),
    takes=ContributionBody,
    permission=Permission.CONTRIBUTION_RECORD,
)
def record(sent: Told) -> tuple[Told, int, dict[str, str]]:
    """Record what one's own member put in; a coordinator, what any did"""
    member = find_member(db.session, sent["member"])
    if member is None:
        raise Refused(NOT_THERE, field="member")
    made = actions.record_contribution(
        db.session,
        actor(),
        member,
        _entry(sent),
        now(),
        sharing=Sharing(Marking(sent["marking"])),
    )
    address = url_for("api-contributions.all_contributions", member=member.code)
    return {"id": made.id, "url": address}, 201, {"Location": address}


def _entry(sent: Told) -> ContributionEntry:
    same = ("given_on", "kind", "precision", "unit", "currency", "about", "note")
    return ContributionEntry(
        **{name: sent[name] for name in same},
        amount=Decimal(sent["amount"]) if sent["amount"] else None,
        period_starts_on=sent["period_starts_on"],
        period_ends_on=sent["period_ends_on"],
        deliverable_id=_deliverable(sent["deliverable"]),
        priority_id=_priority(sent["priority"]),
    )


def _deliverable(key: str | None) -> int | None:
    found = find_deliverable(db.session, actor(), key) if key else None
    if key and found is None:
        raise Refused(NOT_THERE, field="deliverable")
    return found.id if found else None


def _priority(key: str | None) -> int | None:
    found = choices(db.session, present()).priorities.id_of(key) if key else None
    if key and found is None:
        raise Refused(NOT_THERE, field="priority")
    return found


def _told(row: ContributionRow) -> Told:
    same = ("id", "kind", "given_on", "precision", "currency", "unit", "about", "note", "marking")
    given = row.given
    return {
        **{name: getattr(given, name) for name in same},
        "member": row.member_code,
        "amount": None if given.amount is None else str(given.amount),
        "period_starts_on": given.period_starts_on,
        "period_ends_on": given.period_ends_on,
        "deliverable": row.deliverable.key if row.deliverable else None,
        "priority": row.priority.key if row.priority else None,
    }
