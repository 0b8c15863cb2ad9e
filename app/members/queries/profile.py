"""What one member is, was and brings: functions, standing, institute, terms."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.members.models import (
    Function,
    Institute,
    LeadershipTerm,
    Level,
    MemberFunction,
    MemberStanding,
)


@dataclass(frozen=True, slots=True)
class FunctionLevel:
    """`level` None: unknown, which is not `none`."""

    key: str
    name: str
    level: Level | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Histories are oldest first and end on the day asked for."""

    functions: tuple[FunctionLevel, ...]
    standings: Sequence[MemberStanding]
    institutes: Sequence[Institute]
    terms: Sequence[LeadershipTerm]


def profile(session: Session, member_id: int, as_of: AsOf) -> Profile:
    return Profile(
        functions=_functions(session, member_id, as_of),
        standings=session.scalars(
            select(MemberStanding)
            .where(MemberStanding.member_id == member_id, MemberStanding.from_on <= as_of.day)
            .options(joinedload(MemberStanding.source))
            .order_by(MemberStanding.from_on)
        ).all(),
        institutes=session.scalars(
            select(Institute)
            .where(Institute.member_id == member_id, Institute.from_on <= as_of.day)
            .options(joinedload(Institute.source))
            .order_by(Institute.from_on)
        ).all(),
        terms=session.scalars(
            select(LeadershipTerm)
            .where(LeadershipTerm.member_id == member_id, LeadershipTerm.from_on <= as_of.day)
            .options(joinedload(LeadershipTerm.source))
            .order_by(LeadershipTerm.from_on)
        ).all(),
    )


def _functions(session: Session, member_id: int, as_of: AsOf) -> tuple[FunctionLevel, ...]:
    rows = session.execute(
        select(Function.key, Function.name, MemberFunction.level, MemberFunction.evidence)
        .outerjoin(
            MemberFunction,
            and_(
                MemberFunction.function_id == Function.id,
                MemberFunction.member_id == member_id,
                MemberFunction.holds_on(as_of.day),
            ),
        )
        .where(Function.exists_on(as_of.day))
        .order_by(Function.position, Function.id)
    )
    return tuple(FunctionLevel(key, name, level, said or "") for key, name, level, said in rows)
