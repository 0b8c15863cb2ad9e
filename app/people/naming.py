"""Whom things can be shared with: members, and people with an account."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.permissions import Role
from app.members.models import Member
from app.people.models import Account
from app.sharing.forms import Nameable
from app.web.languages import territory


def nameable(session: Session) -> Nameable:
    """By how they are called."""
    members = session.scalars(select(Member))
    accounts = session.scalars(
        select(Account)
        .where(Account.is_active, Account.role != Role.RECORDER)
        .options(joinedload(Account.member))
    )
    return Nameable(
        members=sorted(((m.id, territory(m.code)) for m in members), key=lambda pair: pair[1]),
        accounts=sorted(((a.id, _called(a)) for a in accounts), key=lambda pair: pair[1]),
    )


def _called(account: Account) -> str:
    return f"{account.name} ({territory(account.member.code)})" if account.member else account.name
