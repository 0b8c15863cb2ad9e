"""Who holds which office: terms as people record them, and their ends."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, change
from app.core.days import Precision
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.history import FOREVER
from app.core.permissions import Actor, Permission, can
from app.members.actions.membership import TermEntry, begin_term
from app.members.models import LeadershipTerm, Member, TermEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEntry:
    """`until_on` is the first day on which the office is not held any more."""

    until_on: date
    precision: Precision = Precision.DAY
    note: str = ""
    source_id: int | None = None


def check_bookkeeper(actor: Actor) -> None:
    if not can(actor, Permission.NETWORK_KEEP):
        raise Forbidden(N_("Only a coordinator records who is what in the network."))


def record_term(
    session: Session,
    actor: Actor,
    member: Member,
    entry: TermEntry,
    from_on: date,
    end: EndEntry | None,
    now: datetime,
) -> LeadershipTerm:
    """A term, with its end where that is known. Offices can be shared: nobody else's ends."""
    check_bookkeeper(actor)
    if from_on < member.exists_from:
        raise Refused(
            N_("It is known here from %(day)s on: give that day or a later one."),
            field="from_on",
            day=member.exists_from,
        )
    same = select(LeadershipTerm.id).where(
        LeadershipTerm.member_id == member.id,
        LeadershipTerm.title == entry.title,
        LeadershipTerm.from_on == from_on,
    )
    if session.scalar(same) is not None:
        raise Refused(N_("This term is on record already."), field="title")
    term = begin_term(session, actor, member, entry, from_on, now)
    if end is not None:
        end_term(session, actor, term, end, FOREVER, now)
    return term


def end_term(
    session: Session,
    actor: Actor,
    term: LeadershipTerm,
    entry: EndEntry,
    seen_until: date,
    now: datetime,
) -> None:
    """Record its end, or put right the one on record. `seen_until` is the end that its author had
    before them, FOREVER for none; raises Conflict where it is another."""
    check_bookkeeper(actor)
    if term.until_on != seen_until:
        raise Conflict(N_("Somebody recorded its end meanwhile. Look at it, then save again."))
    if entry.until_on <= term.from_on:
        raise Refused(
            N_("It began on %(day)s: its end comes after that."),
            field="until_on",
            day=term.from_on,
        )
    told = asdict(entry)
    until_on = told.pop("until_on")
    member = session.get_one(Member, term.member_id)
    facts = {"title": term.title, "from_on": term.from_on}
    line = Line(actor.account_id, "term.end", Subject("member", member.code), now, facts)
    change(session, term, {"until_on": until_on}, line)
    known = session.get(TermEnd, term.id)
    if known is None:
        end = TermEnd(term_id=term.id, recorded_by_id=actor.account_id, recorded_at=now, **told)
        session.add(end)
        session.flush()
    else:
        change(session, known, told, line)
