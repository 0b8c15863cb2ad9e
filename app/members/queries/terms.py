"""Terms of office, and names, up to a day."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.members.models import Institute, LeadershipTerm, Member, NetworkName, TermEnd


def terms(session: Session, as_of: AsOf) -> Sequence[LeadershipTerm]:
    """All that had begun by the day, oldest first, with member, sources and end."""
    return session.scalars(
        select(LeadershipTerm)
        .join(Member, Member.id == LeadershipTerm.member_id)
        .where(LeadershipTerm.from_on <= as_of.day, Member.exists_on(as_of.day))
        .options(
            joinedload(LeadershipTerm.member),
            joinedload(LeadershipTerm.source),
            joinedload(LeadershipTerm.end).joinedload(TermEnd.source),
        )
        .order_by(LeadershipTerm.from_on, LeadershipTerm.id)
    ).all()


def term(session: Session, term_id: int) -> LeadershipTerm | None:
    return session.scalars(
        select(LeadershipTerm)
        .where(LeadershipTerm.id == term_id)
        .options(
            joinedload(LeadershipTerm.member),
            joinedload(LeadershipTerm.source),
            joinedload(LeadershipTerm.end).joinedload(TermEnd.source),
        )
    ).first()


def network_names(session: Session, as_of: AsOf) -> Sequence[NetworkName]:
    """What the network was called up to the day, oldest first."""
    return session.scalars(
        select(NetworkName)
        .where(NetworkName.from_on <= as_of.day)
        .options(joinedload(NetworkName.source))
        .order_by(NetworkName.from_on)
    ).all()


def institutes(session: Session, as_of: AsOf) -> dict[str, list[Institute]]:
    """By the code of the member, what was known of its institute up to the day, oldest first."""
    rows = session.execute(
        select(Member.code, Institute)
        .join(Institute, Institute.member_id == Member.id)
        .where(Institute.from_on <= as_of.day, Member.exists_on(as_of.day))
        .options(joinedload(Institute.source))
        .order_by(Member.name, Institute.from_on)
    )
    found: dict[str, list[Institute]] = {}
    for code, row in rows:
        found.setdefault(code, []).append(row)
    return found


def newest_name(session: Session) -> int:
    """The number of the network's name that was recorded last; 0 where there is none."""
    return session.scalar(select(func.max(NetworkName.id))) or 0
