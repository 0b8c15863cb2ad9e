"""The areas in which institutes work, and how far each is in them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.history import make_room
from app.core.permissions import Actor
from app.members.actions.rights import check_planner
from app.members.models import Function, Level, Member, MemberFunction


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionEntry:
    name: str
    note: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelEntry:
    level: Level
    evidence: str = ""
    note: str = ""
    source_id: int | None = None


def add_function(
    session: Session,
    actor: Actor,
    key: str,
    entry: FunctionEntry,
    position: int,
    exists_from: date,
    now: datetime,
) -> Function:
    """`position` is its place among the others."""
    check_planner(actor)
    function = Function(key=key, position=position, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "function.add", Subject("function", key), now)
    add(session, function, asdict(entry), line)
    return function


def describe_function(
    session: Session, actor: Actor, function: Function, entry: FunctionEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_planner(actor)
    subject = Subject("function", function.key)
    line = Line(actor.account_id, "function.describe", subject, now)
    return change(session, function, asdict(entry), line)


def set_level(
    session: Session,
    actor: Actor,
    member: Member,
    function: Function,
    entry: LevelEntry,
    from_on: date,
    now: datetime,
) -> bool:
    """How far the member is from `from_on` on. What was said for the same day before is put right;
    False when it is the same."""
    check_planner(actor)
    return put_level(session, actor, member, function, entry, from_on, now)


def put_level(
    session: Session,
    actor: Actor,
    member: Member,
    function: Function,
    entry: LevelEntry,
    from_on: date,
    now: datetime,
) -> bool:
    """The same, for whoever was found to have the right to it."""
    subject = Subject("member", member.code)
    facts = {"function": function.key, "from_on": from_on}
    line = Line(actor.account_id, "level.set", subject, now, facts)
    of_both = (
        MemberFunction.member_id == member.id,
        MemberFunction.function_id == function.id,
    )
    rows = session.scalars(select(MemberFunction).where(*of_both)).all()
    if same := next((row for row in rows if row.from_on == from_on), None):
        return change(session, same, asdict(entry), line)
    row = MemberFunction(
        member_id=member.id,
        function_id=function.id,
        from_on=from_on,
        until_on=make_room(rows, from_on),
        **asdict(entry),
    )
    add(session, row, asdict(entry), line)
    return True
