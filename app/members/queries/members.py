"""Members on a day: their standing and what was known of their institute then."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.members.models import Institute, Member, MemberStanding, MemberStatus
from app.members.rules.hours import WorkingWeek, weekend_of


@dataclass(frozen=True, slots=True)
class MemberRow:
    """`status` is None on a day on which no standing is known; `institute` likewise."""

    id: int
    code: str
    name: str
    zone: str
    status: MemberStatus | None
    institute: Institute | None
    works_from: time
    works_until: time
    weekend: str

    @property
    def week(self) -> WorkingWeek:
        return WorkingWeek(self.works_from, self.works_until, weekend_of(self.weekend))


def members(session: Session, as_of: AsOf) -> tuple[MemberRow, ...]:
    """All that are known on the day: members first, then by name."""
    rows = [MemberRow(*row) for row in session.execute(_rows(as_of))]
    ranks = [MemberStatus.MEMBER, *(s for s in MemberStatus if s is not MemberStatus.MEMBER), None]
    return tuple(sorted(rows, key=lambda row: (ranks.index(row.status), row.name)))


def member(session: Session, code: str, as_of: AsOf) -> MemberRow | None:
    """None for a code that does not exist on the day."""
    row = session.execute(_rows(as_of).where(Member.code == code)).first()
    return MemberRow(*row) if row else None


def find(session: Session, code: str) -> Member | None:
    """The member of this code, whatever the day, with its source."""
    query = select(Member).where(Member.code == code).options(joinedload(Member.source))
    return session.scalars(query).first()


def first_known_on(session: Session) -> date | None:
    return session.scalar(select(func.min(Member.exists_from)))


def _rows(as_of: AsOf) -> Select[int, str, str, str, MemberStatus, Institute, time, time, str]:
    return (
        select(
            Member.id,
            Member.code,
            Member.name,
            Member.zone,
            MemberStanding.status,
            Institute,
            Member.works_from,
            Member.works_until,
            Member.weekend,
        )
        .outerjoin(
            MemberStanding,
            and_(MemberStanding.member_id == Member.id, MemberStanding.holds_on(as_of.day)),
        )
        .outerjoin(Institute, and_(Institute.member_id == Member.id, Institute.holds_on(as_of.day)))
        .where(Member.exists_on(as_of.day))
        .order_by(Member.name)
    )
