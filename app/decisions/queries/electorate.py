"""Who has a say in a decision: the members, as far as it is shared with them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.markings import OPEN_TO_ACCOUNTS, Marking
from app.decisions.models import Decision
from app.decisions.rules import Seat
from app.members.models import MemberStanding, MemberStatus
from app.people.models import Account
from app.sharing.models import AudienceAccount, AudienceMember


def seats_of(session: Session, decisions: Sequence[Decision]) -> Mapping[int, list[Seat]]:
    """By decision: the days on which each member was one, of those that can see it."""
    rows = session.execute(
        select(MemberStanding.member_id, MemberStanding.from_on, MemberStanding.until_on)
        .where(MemberStanding.status == MemberStatus.MEMBER)
        .order_by(MemberStanding.member_id, MemberStanding.from_on)
    )
    every = [Seat(*row) for row in rows]
    named = _named(session, [d.audience_id for d in decisions if d.audience_id is not None])
    return {
        decision.id: [
            seat
            for seat in every
            if decision.marking in OPEN_TO_ACCOUNTS
            or (decision.marking, decision.audience_id, seat.member_id) in named
        ]
        for decision in decisions
    }


def _named(session: Session, audiences: Sequence[int]) -> set[tuple[Marking, int, int]]:
    """The members that an audience names, by the markings under which that lets them see."""
    members = session.execute(
        select(AudienceMember.audience_id, AudienceMember.member_id).where(
            AudienceMember.audience_id.in_(audiences)
        )
    ).all()
    through_accounts = session.execute(
        select(AudienceAccount.audience_id, Account.member_id)
        .join(Account, Account.id == AudienceAccount.account_id)
        .where(AudienceAccount.audience_id.in_(audiences), Account.member_id.is_not(None))
    ).all()
    return {
        *((Marking.AMBER, of, member) for of, member in members),
        *((Marking.AMBER_STRICT, of, member) for of, member in members),
        *((Marking.RED, of, member) for of, member in through_accounts if member is not None),
    }
