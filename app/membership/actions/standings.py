"""Recording candidates, what speaks for them, and the steps from one standing to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add
from app.core.clock import today
from app.core.days import Precision
from app.core.errors import N_, Conflict, Refused
from app.core.history import make_room
from app.core.permissions import Actor
from app.core.territories import member_codes
from app.decisions.models import Decision
from app.decisions.queries.decisions import outcome_at
from app.decisions.rules import DecisionState, Result
from app.members.actions.membership import (
    MemberEntry,
    StandingEntry,
    add_member,
    set_standing,
)
from app.members.actions.profile import claim
from app.members.actions.terms import check_bookkeeper
from app.members.models import Member, MemberStanding, MemberStatus
from app.membership.models import CriterionFinding, StandingGround
from app.membership.rules import STEPS, AdmissionCriterion, Finding, open_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateEntry:
    code: str
    name: str
    zone: str
    status: MemberStatus
    reason: str
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEntry:
    criterion: AdmissionCriterion
    finding: Finding
    note: str
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEntry:
    """`decision` is the one that the step rests on, if there is one."""

    status: MemberStatus
    from_on: date
    reason: str
    precision: Precision = Precision.DAY
    decision: Decision | None = None
    source_id: int | None = None


def record_candidate(
    session: Session, actor: Actor, entry: CandidateEntry, from_on: date, now: datetime
) -> Member:
    """Somebody who may join, in the network's books from `from_on` on."""
    check_bookkeeper(actor)
    if entry.code not in member_codes():
        raise Refused(N_("Give a code of ISO 3166 in two capital letters, or EU."), field="code")
    if session.scalar(select(Member.id).where(Member.code == entry.code)) is not None:
        raise Refused(N_("It is in the network's books already."), field="code")
    if entry.zone not in available_timezones():
        raise Refused(N_("Give a time zone as Africa/Nairobi."), field="zone")
    if entry.status not in STEPS[None]:
        raise Refused(N_("One begins as one of: %(open)s."), field="status", open=open_steps(None))
    member_entry = MemberEntry(name=entry.name, zone=entry.zone, source_id=entry.source_id)
    member = add_member(session, actor, entry.code, member_entry, from_on, now)
    standing = StandingEntry(status=entry.status, note=entry.reason, source_id=entry.source_id)
    set_standing(session, actor, member, standing, from_on, now)
    return member


def tick(
    session: Session,
    actor: Actor,
    member: Member,
    entry: FindingEntry,
    from_on: date,
    seen_finding: int,
    now: datetime,
) -> CriterionFinding:
    """Whether it meets a criterion from a day on. What was found before stays. `seen_finding` is
    the number of the last finding that its author had before them, 0 for none."""
    check_bookkeeper(actor)
    rows = _findings(session, member, entry.criterion)
    if (rows[-1].id if rows else 0) != seen_finding:
        raise Conflict(N_("Somebody judged this meanwhile. Look at it, then save again."))
    if not member.exists_from <= from_on <= today(now):
        raise Refused(
            N_("Give a day from %(day)s to today."), field="from_on", day=member.exists_from
        )
    row = CriterionFinding(
        member_id=member.id,
        from_on=from_on,
        until_on=make_room(rows, from_on),
        recorded_by_id=actor.account_id,
        recorded_at=now,
        criterion=entry.criterion,
        finding=entry.finding,
        note=entry.note,
        source_id=entry.source_id,
    )
    said = {"criterion": entry.criterion, "finding": entry.finding, "note": entry.note}
    subject, facts = Subject("member", member.code), {"from_on": from_on}
    add(session, row, said, Line(actor.account_id, "criterion.judge", subject, now, facts))
    return row


def _findings(
    session: Session, member: Member, criterion: AdmissionCriterion
) -> Sequence[CriterionFinding]:
    of_it = (CriterionFinding.member_id == member.id, CriterionFinding.criterion == criterion)
    query = select(CriterionFinding).where(*of_it).order_by(CriterionFinding.id)
    return session.scalars(query).all()


def step(
    session: Session,
    actor: Actor,
    member: Member,
    entry: StepEntry,
    seen_version: int,
    now: datetime,
) -> MemberStanding:
    """On to the next standing from a day on. Raises Conflict when anything of the member changed
    since `seen_version`, and Refused where the step is not one that the standings allow."""
    check_bookkeeper(actor)
    claim(member, seen_version)
    last = session.scalars(
        select(MemberStanding)
        .where(MemberStanding.member_id == member.id)
        .order_by(MemberStanding.from_on.desc())
    ).first()
    _check_step(member, last, entry)
    if entry.decision is not None:
        _check_decision(session, entry.decision, entry.from_on, now)
    standing = StandingEntry(
        status=entry.status,
        precision=entry.precision,
        note=entry.reason,
        source_id=entry.source_id,
    )
    set_standing(session, actor, member, standing, entry.from_on, now)
    made = session.scalars(
        select(MemberStanding).where(
            MemberStanding.member_id == member.id, MemberStanding.from_on == entry.from_on
        )
    ).one()
    if entry.decision is not None:
        _rest_on(session, actor, member, made, entry.decision, now)
    return made


def _check_step(member: Member, last: MemberStanding | None, entry: StepEntry) -> None:
    held = last.status if last else None
    if entry.status not in STEPS[held]:
        raise Refused(
            N_("From there it goes on to one of: %(open)s."), field="status", open=open_steps(held)
        )
    since = last.from_on if last else member.exists_from
    if entry.from_on <= since and last is not None:
        raise Refused(
            N_("Its standing of today holds from %(day)s: the next one begins after that."),
            field="from_on",
            day=since,
        )


def _check_decision(session: Session, decision: Decision, from_on: date, now: datetime) -> None:
    is_put = decision.state is not DecisionState.DRAFT
    if not is_put or outcome_at(session, decision, now).result is not Result.PASSED:
        raise Refused(N_("This decision has not passed."), field="decision")
    if decision.closes_at is not None and from_on < today(decision.closes_at):
        raise Refused(
            N_("It was decided on %(day)s: what rests on it cannot hold before."),
            field="from_on",
            day=today(decision.closes_at),
        )


def _rest_on(
    session: Session,
    actor: Actor,
    member: Member,
    standing: MemberStanding,
    decision: Decision,
    now: datetime,
) -> None:
    row = StandingGround(
        standing_id=standing.id,
        decision_id=decision.id,
        recorded_by_id=actor.account_id,
        recorded_at=now,
    )
    line = Line(actor.account_id, "standing.ground", Subject("member", member.code), now)
    add(session, row, {"decision": decision.id, "from_on": standing.from_on}, line)
