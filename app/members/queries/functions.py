"""The functions of institutes, and how far each member is in each, on a day."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.members.models import Function, Level, Member, MemberFunction


@dataclass(frozen=True, slots=True)
class Known:
    level: Level
    evidence: str


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """`known` holds, by the code of the member, what is known; who is missing is unknown, which is
    not none."""

    id: int
    key: str
    name: str
    known: Mapping[str, Known]


def functions(session: Session, as_of: AsOf) -> tuple[FunctionRow, ...]:
    """All that exist on the day, in the order of the plan; two queries."""
    known: dict[int, dict[str, Known]] = {}
    rows = session.execute(
        select(
            MemberFunction.function_id, Member.code, MemberFunction.level, MemberFunction.evidence
        )
        .join(Member, Member.id == MemberFunction.member_id)
        .where(MemberFunction.holds_on(as_of.day), Member.exists_on(as_of.day))
    )
    for function_id, code, level, evidence in rows:
        known.setdefault(function_id, {})[code] = Known(level, evidence)
    found = session.execute(
        select(Function.id, Function.key, Function.name)
        .where(Function.exists_on(as_of.day))
        .order_by(Function.position, Function.id)
    )
    return tuple(FunctionRow(id_, key, name, known.get(id_, {})) for id_, key, name in found)


def find(session: Session, key: str) -> Function | None:
    return session.scalars(select(Function).where(Function.key == key)).first()
