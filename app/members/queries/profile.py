"""What one member is, was and brings: functions, standing, institute, terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.days import Precision
from app.core.history import FOREVER
from app.members.models import (
    Function,
    Institute,
    LeadershipTerm,
    Level,
    MemberFunction,
    MemberStanding,
    TermEnd,
)
from app.members.rules.facts import told_by
from app.sources.models import Source

TOLD = ("name", "host", "established", "staff", "funding")
"""The facts of an institute that a profile shows, each with its source."""


@dataclass(frozen=True, slots=True)
class FunctionLevel:
    """`level` None: unknown, which is not `none`. `before` is what held before, oldest first."""

    key: str
    name: str
    level: Level | None = None
    evidence: str = ""
    note: str = ""
    from_on: date | None = None
    source: Source | None = None
    before: tuple[MemberFunction, ...] = ()


@dataclass(frozen=True, slots=True)
class InstituteFact:
    """A fact of an institute as it was said last: since when it holds, and who says so. Empty
    text: not public."""

    text: str
    from_on: date
    precision: Precision
    source: Source | None


@dataclass(frozen=True, slots=True)
class InstituteName:
    """`until_on` None: it is still called so on the day asked for. Empty: none was named."""

    name: str
    from_on: date
    precision: Precision
    until_on: date | None
    source: Source | None


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
            .options(
                joinedload(LeadershipTerm.source),
                joinedload(LeadershipTerm.end).joinedload(TermEnd.source),
            )
            .order_by(LeadershipTerm.from_on)
        ).all(),
    )


def facts(institutes: Sequence[Institute]) -> Mapping[str, InstituteFact]:
    """What the last of them says, fact by fact; empty where there is none. They come oldest first,
    as in a profile."""
    if not institutes:
        return {}
    said = told_by([_said(row) for row in institutes])
    return {
        fact: InstituteFact(
            getattr(institutes[-1], fact),
            institutes[place].from_on,
            institutes[place].precision,
            institutes[place].source,
        )
        for fact, place in said.items()
        if fact in TOLD
    }


def names(institutes: Sequence[Institute]) -> tuple[InstituteName, ...]:
    """What the institute was called, oldest first; an entry that leaves the name is none."""
    starts = [
        row
        for place, row in enumerate(institutes)
        if not place or row.name != institutes[place - 1].name
    ]
    ends = [*(row.from_on for row in starts[1:]), None][: len(starts)]
    return tuple(
        InstituteName(row.name, row.from_on, row.precision, until_on, row.source)
        for row, until_on in zip(starts, ends, strict=True)
    )


def _said(row: Institute) -> Mapping[str, object]:
    return {
        **{fact: getattr(row, fact) for fact in TOLD},
        "name": (row.name, row.announced_only),
        "note": row.note,
    }


def _functions(session: Session, member_id: int, as_of: AsOf) -> tuple[FunctionLevel, ...]:
    rows = session.scalars(
        select(MemberFunction)
        .where(MemberFunction.member_id == member_id, MemberFunction.from_on <= as_of.day)
        .options(joinedload(MemberFunction.source))
        .order_by(MemberFunction.from_on, MemberFunction.id)
    ).all()
    known = session.execute(
        select(Function.id, Function.key, Function.name)
        .where(Function.exists_on(as_of.day))
        .order_by(Function.position, Function.id)
    )
    return tuple(
        _level(key, name, [row for row in rows if row.function_id == id_], as_of)
        for id_, key, name in known
    )


def _level(key: str, name: str, rows: Sequence[MemberFunction], as_of: AsOf) -> FunctionLevel:
    held = next((row for row in rows if row.from_on <= as_of.day < row.until_on), None)
    before = tuple(row for row in rows if row is not held)
    if held is None:
        return FunctionLevel(key, name, before=before)
    return FunctionLevel(
        key, name, held.level, held.evidence, held.note, held.from_on, held.source, before
    )


def level_on(
    session: Session, member_id: int, function_id: int, as_of: AsOf
) -> MemberFunction | None:
    return session.scalars(
        select(MemberFunction).where(
            MemberFunction.member_id == member_id,
            MemberFunction.function_id == function_id,
            MemberFunction.holds_on(as_of.day),
        )
    ).first()


def holds_until(session: Session, member_id: int, day: date) -> date:
    """Until when what is known of its institute on the day holds."""
    query = select(Institute.until_on).where(
        Institute.member_id == member_id, Institute.holds_on(day)
    )
    return session.scalar(query) or FOREVER
