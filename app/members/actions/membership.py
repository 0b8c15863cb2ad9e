"""Who is in the network, since when, with which institute, in which office."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.days import Precision
from app.core.history import make_room
from app.core.permissions import Actor
from app.members.actions.rights import check_planner
from app.members.models import Institute, LeadershipTerm, Member, MemberStanding, MemberStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEntry:
    name: str
    zone: str
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingEntry:
    status: MemberStatus
    precision: Precision = Precision.DAY
    note: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstituteEntry:
    """All that is known of an institute; empty text is not public."""

    name: str = ""
    host: str = ""
    established: str = ""
    announced_only: bool = False
    staff: str = ""
    funding: str = ""
    funding_usd_per_year: Decimal | None = None
    precision: Precision = Precision.DAY
    """How well the day from which this holds is known."""
    note: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEntry:
    title: str
    precision: Precision = Precision.DAY
    note: str = ""
    source_id: int | None = None


def add_member(
    session: Session, actor: Actor, code: str, entry: MemberEntry, exists_from: date, now: datetime
) -> Member:
    """A member that has neither standing nor institute yet."""
    check_planner(actor)
    member = Member(code=code, exists_from=exists_from, **asdict(entry))
    add(session, member, asdict(entry), _line(actor, "member.add", code, now))
    return member


def describe_member(
    session: Session, actor: Actor, member: Member, entry: MemberEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_planner(actor)
    line = _line(actor, "member.describe", member.code, now)
    return change(session, member, asdict(entry), line)


def set_standing(
    session: Session,
    actor: Actor,
    member: Member,
    entry: StandingEntry,
    from_on: date,
    now: datetime,
) -> bool:
    """Its standing from `from_on` on. One given for the same day before is put right; False when it
    is that standing."""
    check_planner(actor)
    line = _line(actor, "standing.set", member.code, now, from_on)
    of_it = MemberStanding.member_id == member.id
    rows = session.scalars(select(MemberStanding).where(of_it)).all()
    if same := next((row for row in rows if row.from_on == from_on), None):
        return change(session, same, asdict(entry), line)
    until_on = make_room(rows, from_on)
    row = MemberStanding(member_id=member.id, from_on=from_on, until_on=until_on, **asdict(entry))
    add(session, row, asdict(entry), line)
    return True


def describe_institute(
    session: Session,
    actor: Actor,
    member: Member,
    entry: InstituteEntry,
    from_on: date,
    now: datetime,
) -> bool:
    """All that is known from `from_on` on. What was said for the same day before is put right;
    False when it is the same."""
    check_planner(actor)
    return put_institute(session, actor, member, entry, from_on, now)


def put_institute(
    session: Session,
    actor: Actor,
    member: Member,
    entry: InstituteEntry,
    from_on: date,
    now: datetime,
) -> bool:
    """The same, for whoever was found to have the right to it."""
    line = _line(actor, "institute.describe", member.code, now, from_on)
    of_it = Institute.member_id == member.id
    rows = session.scalars(select(Institute).where(of_it)).all()
    if same := next((row for row in rows if row.from_on == from_on), None):
        return change(session, same, asdict(entry), line)
    until_on = make_room(rows, from_on)
    row = Institute(member_id=member.id, from_on=from_on, until_on=until_on, **asdict(entry))
    add(session, row, asdict(entry), line)
    return True


def begin_term(
    session: Session, actor: Actor, member: Member, entry: TermEntry, from_on: date, now: datetime
) -> LeadershipTerm:
    """The member holds an office from `from_on` on. Offices can be shared: nobody else's ends."""
    check_planner(actor)
    term = LeadershipTerm(member_id=member.id, from_on=from_on, **asdict(entry))
    add(session, term, asdict(entry), _line(actor, "term.begin", member.code, now, from_on))
    return term


def _line(actor: Actor, verb: str, code: str, now: datetime, from_on: date | None = None) -> Line:
    facts = {"from_on": from_on} if from_on else {}
    return Line(actor.account_id, verb, Subject("member", code), now, facts)
