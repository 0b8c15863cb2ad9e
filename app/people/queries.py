"""Reading accounts and sessions."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.people.models import Account, SignedInSession

DEMO_DOMAIN = "demo.example"


def account_by_email(session: Session, email: str) -> Account | None:
    """By its address in whatever case it was typed."""
    return session.scalars(
        select(Account).where(Account.email == email.strip().lower())
    ).one_or_none()


def account_by_id(session: Session, account_id: int) -> Account | None:
    return session.scalars(
        select(Account).where(Account.id == account_id).options(joinedload(Account.member))
    ).one_or_none()


def accounts(session: Session) -> Sequence[Account]:
    """Every account, with its member, by role and address."""
    return session.scalars(
        select(Account).options(joinedload(Account.member)).order_by(Account.role, Account.email)
    ).all()


def open_sessions(session: Session, account_id: int) -> Sequence[SignedInSession]:
    """Those not ended, last used first. Some of them may have lapsed."""
    return session.scalars(
        select(SignedInSession)
        .where(SignedInSession.account_id == account_id, SignedInSession.ended_at.is_(None))
        .order_by(SignedInSession.last_seen_at.desc(), SignedInSession.id.desc())
    ).all()


def demo_accounts(session: Session) -> Sequence[Account]:
    """The made-up accounts of a demonstration."""
    return session.scalars(
        select(Account)
        .where(Account.email.endswith(f"@{DEMO_DOMAIN}"), Account.is_active)
        .order_by(Account.id)
    ).all()
