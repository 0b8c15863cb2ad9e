"""What one member is, was and brings: functions, standing, institute, terms, contributions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.members.models import (
    Contribution,
    Function,
    Institute,
    LeadershipTerm,
    Level,
    MemberFunction,
    MemberStanding,
)
from app.sharing.queries import visible


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
    contributions: Sequence[Contribution]


def profile(session: Session, reader: Actor | None, member_id: int, as_of: AsOf) -> Profile:
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
        contributions=_contributions(session, reader, member_id, as_of),
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


def _contributions(
    session: Session, reader: Actor | None, member_id: int, as_of: AsOf
) -> Sequence[Contribution]:
    return session.scalars(
        select(Contribution)
        .where(
            Contribution.member_id == member_id,
            Contribution.given_on <= as_of.day,
            visible(reader, Contribution),
        )
        .options(joinedload(Contribution.source))
        .order_by(Contribution.given_on.desc(), Contribution.id.desc())
        .limit(LATEST)
    ).all()


def contributions_by_member(
    session: Session, reader: Actor | None, as_of: AsOf
) -> Mapping[int, int]:
    """How many each gave up to the day, by the id of the member."""
    query = (
        select(Contribution.member_id, func.count())
        .where(Contribution.given_on <= as_of.day, visible(reader, Contribution))
        .group_by(Contribution.member_id)
    )
    return dict(session.execute(query).all())


LATEST = 50
"""As many contributions as a page shows, the latest first."""
