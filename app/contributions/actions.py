"""Recording what members put in, putting it right, and taking it back."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.audit.writing import Line, add
from app.contributions.models import (
    Contribution,
    ContributionEnd,
    ContributionKind,
    Conversion,
)
from app.core.clock import today
from app.core.days import Precision
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.markings import Marking
from app.core.permissions import Actor, Permission, can
from app.deliverables.actions.marks import check_within
from app.deliverables.models import Deliverable
from app.members.models import Member
from app.people.models import Account
from app.sharing.actions import audience_of, check_named_see, check_sharing, mark, sharing_of
from app.sharing.rules import Sharing, settled

OVER = N_("This entry counts no more. Look at it again first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionEntry:
    """As somebody stated it; `rate` is so much of `currency` for one of what was given."""

    amount: Decimal
    currency: str
    rate: Decimal
    rate_on: date
    rate_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionEntry:
    given_on: date
    kind: ContributionKind
    precision: Precision = Precision.DAY
    amount: Decimal | None = None
    unit: str = ""
    currency: str = ""
    period_starts_on: date | None = None
    period_ends_on: date | None = None
    about: str = ""
    note: str = ""
    deliverable_id: int | None = None
    priority_id: int | None = None
    marking: Marking = Marking.GREEN
    audience_id: int | None = None
    source_id: int | None = None


def record_contribution(
    session: Session,
    actor: Actor,
    member: Member,
    entry: ContributionEntry,
    now: datetime,
    *,
    conversion: ConversionEntry | None = None,
    sharing: Sharing | None = None,
) -> Contribution:
    """The member's own liaison records what it gave, or a coordinator for it. Never wider than the
    deliverable that it was made for."""
    check_recorder(actor, member)
    check_entry(entry, conversion, today(now))
    if sharing is not None:
        wanted = settled(sharing, actor.account_id)
        _check_deliverable(session, actor, entry.deliverable_id, wanted)
        audience = audience_of(session, wanted)
        entry = replace(entry, marking=wanted.marking, audience_id=audience)
    contribution = Contribution(
        member_id=member.id, recorded_by_id=actor.account_id, recorded_at=now, **asdict(entry)
    )
    stated = asdict(conversion) if conversion else {}
    facts = {f"stated_{name}": value for name, value in stated.items()}
    subject = Subject("member", member.code)
    line = Line(actor.account_id, "contribution.record", subject, now, facts)
    add(session, contribution, asdict(entry), line, named="contribution")
    if conversion is not None:
        session.add(Conversion(contribution_id=contribution.id, **stated))
        session.flush()
    return contribution


def correct_contribution(
    session: Session,
    actor: Actor,
    wrong: Contribution,
    entry: ContributionEntry,
    reason: str,
    now: datetime,
    *,
    conversion: ConversionEntry | None = None,
    sharing: Sharing,
) -> Contribution:
    """A new entry stands in for the wrong one, which is kept and counts on no day. Never wider than
    what it corrects."""
    member = session.get_one(Member, wrong.member_id)
    check_recorder(actor, member)
    _check_counts(session, wrong)
    wanted = settled(sharing, actor.account_id)
    if wanted != sharing_of(session, wrong):
        own = sharing_of(session, wrong)
        check_sharing(wanted, replace(own, members=own.members | {wrong.member_id}))
        others = wanted.accounts - {actor.account_id}
        named = session.scalars(select(Account).where(Account.id.in_(others)))
        check_named_see(session, (each.actor for each in named), Contribution, wrong.id)
    made = record_contribution(
        session, actor, member, entry, now, conversion=conversion, sharing=sharing
    )
    end = ContributionEnd(
        contribution_id=wrong.id, from_on=wrong.given_on, replaced_by_id=made.id, reason=reason
    )
    _end(session, actor, member, end, "contribution.correct", now)
    return made


def withdraw_contribution(
    session: Session,
    actor: Actor,
    contribution: Contribution,
    from_on: date,
    reason: str,
    now: datetime,
) -> None:
    """From this day on it counts no more; from the day it was given, where it never should have."""
    member = session.get_one(Member, contribution.member_id)
    check_recorder(actor, member)
    _check_counts(session, contribution)
    if from_on < contribution.given_on:
        raise Refused(N_("That is before it was given."), field="from_on")
    if from_on > today(now):
        raise Refused(N_("That day is still to come."), field="from_on")
    end = ContributionEnd(contribution_id=contribution.id, from_on=from_on, reason=reason)
    _end(session, actor, member, end, "contribution.withdraw", now)


def mark_contribution(
    session: Session,
    actor: Actor,
    member: Member,
    contribution: Contribution,
    wanted: Sharing,
    now: datetime,
) -> bool:
    """By whoever may record it; never wider than the deliverable that it was made for. False when
    nothing differs."""
    check_recorder(actor, member)
    after = settled(wanted, actor.account_id)
    _check_deliverable(session, actor, contribution.deliverable_id, after)
    subject = Subject("member", member.code)
    facts = {"contribution": contribution.id}
    line = Line(actor.account_id, "contribution.mark", subject, now, facts)
    return mark(session, actor, contribution, wanted, line)


def may_record(actor: Actor, member_id: int) -> bool:
    """For this member: its own liaison, a coordinator, and whoever imports a record."""
    own = actor.member_id == member_id and can(actor, Permission.CONTRIBUTION_RECORD)
    return own or can(actor, Permission.DELIVERABLE_PLAN) or can(actor, Permission.PLAN_IMPORT)


def check_recorder(actor: Actor, member: Member) -> None:
    if not may_record(actor, member.id):
        raise Forbidden(N_("Only the member's own liaison records what it contributes."))


def check_entry(entry: ContributionEntry, conversion: ConversionEntry | None, day: date) -> None:
    """Raises Refused, naming the field."""
    if entry.given_on > day:
        raise Refused(N_("That day is still to come."), field="given_on")
    starts, ends = entry.period_starts_on, entry.period_ends_on
    if starts is not None and ends is not None and ends < starts:
        raise Refused(N_("The period ends before it begins."), field="period_ends_on")
    is_money = entry.kind is ContributionKind.MONEY
    (_check_money if is_money else _check_other)(entry, conversion)


def _check_money(entry: ContributionEntry, conversion: ConversionEntry | None) -> None:
    if entry.amount is None or not entry.currency:
        raise Refused(N_("Money needs an amount and its currency."), field="amount")
    if conversion is not None and conversion.currency == entry.currency:
        raise Refused(N_("That is the currency in which it was given."), field="converted_currency")


def _check_other(entry: ContributionEntry, conversion: ConversionEntry | None) -> None:
    if entry.currency:
        raise Refused(N_("Only money has a currency."), field="currency")
    if entry.amount is not None and not entry.unit:
        raise Refused(N_("Say in which unit: hours, months, GPU hours…"), field="unit")
    if conversion is not None:
        raise Refused(N_("Only money is converted."), field="converted_amount")


def _check_counts(session: Session, contribution: Contribution) -> None:
    if session.get(ContributionEnd, contribution.id) is not None:
        raise Conflict(OVER)


def _end(
    session: Session, actor: Actor, member: Member, end: ContributionEnd, verb: str, now: datetime
) -> None:
    end.ended_by_id, end.ended_at = actor.account_id, now
    session.add(end)
    session.flush()
    changes = {
        "contribution": (None, end.contribution_id),
        "counts_until": (None, end.from_on),
        "reason": (None, end.reason),
    }
    record(session, actor.account_id, verb, Subject("member", member.code), changes, now)


def _check_deliverable(
    session: Session, actor: Actor, deliverable_id: int | None, wanted: Sharing
) -> None:
    if deliverable_id is not None:
        deliverable = session.get_one(Deliverable, deliverable_id)
        check_within(session, actor, deliverable, wanted)
