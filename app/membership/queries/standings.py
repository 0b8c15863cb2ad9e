"""Who stands how, by which steps, resting on what; and what speaks for candidates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.decisions.models import Decision
from app.decisions.queries.decisions import decisions, readable
from app.decisions.rules import Result
from app.members.models import Function, Level, Member, MemberFunction, MemberStanding
from app.membership.models import CriterionFinding, StandingGround
from app.membership.rules import CANDIDATES, AdmissionCriterion, Finding, not_met


@dataclass(frozen=True, slots=True)
class Step:
    """`decision` is None where none is recorded, and where the reader may not know of it."""

    standing: MemberStanding
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Books:
    """One member or candidate, with its steps up to the day, oldest first."""

    member: Member
    steps: tuple[Step, ...]
    findings: Mapping[AdmissionCriterion, CriterionFinding]

    @property
    def now(self) -> MemberStanding:
        return self.steps[-1].standing

    @property
    def decision(self) -> Decision | None:
        return self.steps[-1].decision

    @property
    def is_candidate(self) -> bool:
        return self.now.status in CANDIDATES

    @property
    def not_met(self) -> tuple[AdmissionCriterion, ...]:
        """The criteria that are not known to be met."""
        return not_met({criterion: row.finding for criterion, row in self.findings.items()})

    def finding(self, criterion: AdmissionCriterion) -> Finding:
        row = self.findings.get(criterion)
        return row.finding if row else Finding.NOT_KNOWN


def books(
    session: Session, reader: Actor, as_of: AsOf, code: str | None = None
) -> tuple[Books, ...]:
    """All with a standing on the day, by name; or the one of this code."""
    query = (
        select(MemberStanding)
        .join(Member, Member.id == MemberStanding.member_id)
        .where(MemberStanding.from_on <= as_of.day, Member.exists_on(as_of.day))
        .options(joinedload(MemberStanding.member), joinedload(MemberStanding.source))
        .order_by(Member.name, MemberStanding.from_on)
    )
    if code is not None:
        query = query.where(Member.code == code)
    rows = session.scalars(query).all()
    rest = grounds(session, reader, as_of, [row.id for row in rows])
    found = _findings(session, as_of)
    steps: dict[int, list[Step]] = {}
    for row in rows:
        steps.setdefault(row.member_id, []).append(Step(row, rest.get(row.id)))
    return tuple(
        Books(taken[0].standing.member, tuple(taken), found.get(member_id, {}))
        for member_id, taken in steps.items()
    )


def grounds(
    session: Session, reader: Actor, as_of: AsOf, standing_ids: Sequence[int]
) -> Mapping[int, Decision]:
    """By standing, the decision that it rests on, as far as the reader may know of it."""
    rows = session.execute(
        select(StandingGround.standing_id, Decision)
        .join(Decision, Decision.id == StandingGround.decision_id)
        .where(StandingGround.standing_id.in_(standing_ids), readable(reader, as_of))
    )
    return dict(rows.all())


def findings_of(session: Session, member_id: int, as_of: AsOf) -> Sequence[CriterionFinding]:
    """Everything that was found of it up to the day, the latest first."""
    return session.scalars(
        select(CriterionFinding)
        .where(CriterionFinding.member_id == member_id, CriterionFinding.from_on <= as_of.day)
        .options(joinedload(CriterionFinding.source))
        .order_by(CriterionFinding.from_on.desc(), CriterionFinding.id.desc())
    ).all()


def newest_finding(session: Session, member_id: int, criterion: AdmissionCriterion) -> int:
    """The number of the finding that was recorded last; 0 for none."""
    query = select(func.max(CriterionFinding.id)).where(
        CriterionFinding.member_id == member_id, CriterionFinding.criterion == criterion
    )
    return session.scalar(query) or 0


def passed(session: Session, reader: Actor, as_of: AsOf, now: datetime) -> Sequence[Decision]:
    """Decisions that a step may rest on."""
    return [
        row.decision
        for row in decisions(session, reader, as_of, now)
        if row.outcome is not None and row.outcome.result is Result.PASSED
    ]


def levels(session: Session, member_id: int, as_of: AsOf) -> Sequence[tuple[str, Level, str]]:
    """What is known of its functions on the day, with the evidence: it may speak for a criterion,
    which is for people to say."""
    rows = session.execute(
        select(Function.name, MemberFunction.level, MemberFunction.evidence)
        .join(MemberFunction, MemberFunction.function_id == Function.id)
        .where(
            and_(MemberFunction.member_id == member_id, MemberFunction.holds_on(as_of.day)),
            Function.exists_on(as_of.day),
        )
        .order_by(Function.position, Function.id)
    )
    return [(name, level, evidence) for name, level, evidence in rows]


def _findings(
    session: Session, as_of: AsOf
) -> Mapping[int, Mapping[AdmissionCriterion, CriterionFinding]]:
    found: dict[int, dict[AdmissionCriterion, CriterionFinding]] = {}
    rows = session.scalars(
        select(CriterionFinding)
        .where(CriterionFinding.holds_on(as_of.day))
        .options(joinedload(CriterionFinding.source))
        .order_by(CriterionFinding.id)
    )
    for row in rows:
        found.setdefault(row.member_id, {})[row.criterion] = row
    return found
