"""What members put in, for programs."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, validate

from app.contributions import actions, queries
from app.contributions.actions import ContributionEntry, ConversionEntry
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
from app.sharing.actions import sharing_of
from app.sharing.rules import Sharing
from app.web.access import actor, load_or_404
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import NUMBER, AsOfQuery, Body, Day, Text, a_code, a_key, a_word, receipt
from app.web.api.paging import Listed, answered, listing
from app.web.api.shapes import text
from app.web.api.writing import Made, made
from app.web.day import as_of, now, present

blueprint = ApiBlueprint("contributions", __name__, "What members put in")
Told = dict[str, Any]
AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,2})?$"
RATE = r"^[0-9]{1,9}(\.[0-9]{1,8})?$"
NOT_THERE = N_("There is no such thing in the plan.")
MARKINGS = tuple(str(marking) for marking in Marking if marking is not Marking.RED)


class ConversionSchema(Schema):
    """As somebody stated it; nothing is worked out from it."""

    amount = text()
    currency = text()
    rate = text()
    rate_on = fields.Date(required=True)
    rate_source = text()


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
    conversion = fields.Nested(ConversionSchema, required=True, allow_none=True)
    marking = a_word(Marking, required=True)


class ContributionDetail(ContributionSchema):
    """`counts` on the day; else `ended_on` and `reason` say since when it does not, and
    `replaced_by` what stands in for it, as `replaces` says for what this one stands in."""

    as_of = fields.Date(required=True)
    counts = fields.Boolean(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    reason = text()
    replaced_by = fields.Integer(required=True, allow_none=True)
    replaces = fields.Integer(required=True, allow_none=True)


class Contributions(Listed):
    member = a_code()
    priority = a_key()
    kind = a_word(ContributionKind)
    year = fields.Integer(validate=validate.Range(1900, 2200))


class ConversionBody(Body):
    """What an amount of money is stated to be in another currency: `rate` of it for one."""

    amount = fields.String(required=True, validate=validate.Regexp(AMOUNT))
    currency = fields.String(required=True, validate=validate.Regexp(r"^[A-Z]{3}$"))
    rate = fields.String(required=True, validate=validate.Regexp(RATE))
    rate_on = Day(required=True)
    rate_source = Text(longest=2000, shortest=1, required=True)


class _Given(Body):
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
    conversion = fields.Nested(ConversionBody, allow_none=True, load_default=None)


class ContributionBody(_Given):
    """Without `marking` it is GREEN."""

    member = a_code(required=True)
    marking = fields.String(load_default=str(Marking.GREEN), validate=validate.OneOf(MARKINGS))


class CorrectionBody(_Given):
    """The whole entry as it should have been. Without `marking` it is shared as it was."""

    reason = Text(longest=2000, shortest=1, required=True)
    marking = fields.String(validate=validate.OneOf(MARKINGS))


class WithdrawalBody(Body):
    """From `from_on` on it counts no more; without it, from today on."""

    from_on = Day()
    reason = Text(longest=2000, shortest=1, required=True)


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
def record(sent: Told) -> Made:
    """Record what one's own member put in; a coordinator, what any did"""
    member = find_member(db.session, sent["member"])
    if member is None:
        raise Refused(NOT_THERE, field="member")
    given = actions.record_contribution(
        db.session,
        actor(),
        member,
        _entry(sent),
        now(),
        conversion=_conversion(sent),
        sharing=Sharing(Marking(sent["marking"])),
    )
    return made(given.id, "api-contributions.one_contribution", number=given.id)


@blueprint.reads(
    f"/contributions/{NUMBER}",
    ContributionDetail,
    takes=AsOfQuery,
    permission=Permission.NETWORK_READ,
)
def one_contribution(_asked: Told, number: int) -> Told:
    """One entry, and whether it counts"""
    row = _load(number)
    end = row.given.end if row.given.end and row.given.end.from_on <= as_of().day else None
    return {
        **_told(row),
        "as_of": as_of().day,
        "counts": end is None,
        "ended_on": end.from_on if end else None,
        "reason": end.reason if end else "",
        "replaced_by": queries.replacement(db.session, actor(), end),
        "replaces": queries.replaced(db.session, actor(), row.given),
    }


@blueprint.writes(
    f"/contributions/{NUMBER}/correction",
    receipt("Correction"),
    takes=CorrectionBody,
    permission=Permission.CONTRIBUTION_RECORD,
)
def correct(sent: Told, number: int) -> Made:
    """Put an entry right: a new one stands in for it, and both are kept"""
    wrong = _load(number).given
    entry = replace(_entry(sent), source_id=wrong.source_id)
    sharing = Sharing(Marking(sent["marking"])) if "marking" in sent else None
    given = actions.correct_contribution(
        db.session,
        actor(),
        wrong,
        entry,
        sent["reason"],
        now(),
        conversion=_conversion(sent),
        sharing=sharing or sharing_of(db.session, wrong),
    )
    return made(given.id, "api-contributions.one_contribution", number=given.id)


@blueprint.writes(
    f"/contributions/{NUMBER}/withdraw",
    receipt("WithdrawnContribution"),
    takes=WithdrawalBody,
    permission=Permission.CONTRIBUTION_RECORD,
)
def withdraw(sent: Told, number: int) -> Made:
    """Take an entry back: it is kept, and counts no more"""
    given, day = _load(number).given, sent.get("from_on") or present().today
    actions.withdraw_contribution(db.session, actor(), given, day, sent["reason"], now())
    return made(number, "api-contributions.one_contribution", number=number)


def _load(number: int) -> ContributionRow:
    return load_or_404(queries.find(db.session, actor(), as_of(), number))


def _conversion(sent: Told) -> ConversionEntry | None:
    stated = sent["conversion"]
    if stated is None:
        return None
    numbers = {name: Decimal(stated[name]) for name in ("amount", "rate")}
    return ConversionEntry(**{**stated, **numbers})


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
        "conversion": given.conversion,
    }
