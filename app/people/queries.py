"""Reading accounts and sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.people.models import (
    Account,
    ApiToken,
    OneTimeLink,
    RecoveryCode,
    SecondFactor,
    SignedInSession,
)
from app.people.tokens import token_hash

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


def link_by_token(session: Session, token: str, now: datetime) -> OneTimeLink | None:
    """An open link with its account; none where it was used, is over, or never was."""
    query = (
        select(OneTimeLink)
        .join(Account, Account.id == OneTimeLink.account_id)
        .where(
            OneTimeLink.token_hash == token_hash(token),
            OneTimeLink.ended_at.is_(None),
            OneTimeLink.expires_at > now,
            Account.is_active,
        )
        .options(joinedload(OneTimeLink.account))
    )
    return session.scalars(query).one_or_none()


def token_lives(created_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """What every query by a token asks of its account, joined: open, and not closed since the
    token was made."""
    ended = Account.tokens_ended_at
    return and_(Account.is_active, or_(ended.is_(None), ended < created_at))


def second_factor(session: Session, account_id: int) -> SecondFactor | None:
    """The key of an account, confirmed or not."""
    found = select(SecondFactor).where(SecondFactor.account_id == account_id)
    return session.scalars(found).one_or_none()


def recovery_codes_left(session: Session, account_id: int) -> int:
    unused = select(func.count()).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as administrators see it in the list."""

    account: Account
    has_second_factor: bool
    last_seen_at: datetime | None
    open_sessions: int
    link: OneTimeLink | None
    """The link that still works, if there is one."""


def account_rows(session: Session, now: datetime) -> list[AccountRow]:
    """Every account, by role and address."""
    factors = set(
        session.scalars(
            select(SecondFactor.account_id).where(SecondFactor.confirmed_at.is_not(None))
        )
    )
    used = _use_of_sessions(session)
    links = session.scalars(
        select(OneTimeLink).where(OneTimeLink.ended_at.is_(None), OneTimeLink.expires_at > now)
    )
    by_account = {link.account_id: link for link in links}
    return [
        AccountRow(
            account=account,
            has_second_factor=account.id in factors,
            last_seen_at=used[account.id][0] if account.id in used else None,
            open_sessions=used[account.id][1] if account.id in used else 0,
            link=by_account.get(account.id),
        )
        for account in accounts(session)
    ]


def _use_of_sessions(session: Session) -> dict[int, tuple[datetime, int]]:
    """When each account was last seen, and how many sessions of it have not ended."""
    rows = session.execute(
        select(
            SignedInSession.account_id,
            func.max(SignedInSession.last_seen_at),
            func.count().filter(SignedInSession.ended_at.is_(None)),
        ).group_by(SignedInSession.account_id)
    )
    return {account_id: (last_seen_at, still_open) for account_id, last_seen_at, still_open in rows}


def own_tokens(session: Session, account_id: int, now: datetime) -> Sequence[ApiToken]:
    """Those of an account that still open something, newest first."""
    return session.scalars(
        select(ApiToken)
        .join(Account, Account.id == ApiToken.account_id)
        .where(
            ApiToken.account_id == account_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            token_lives(ApiToken.created_at.expression),
        )
        .order_by(ApiToken.id.desc())
    ).all()


def own_token(session: Session, account_id: int, token_id: int) -> ApiToken | None:
    query = select(ApiToken).where(ApiToken.id == token_id, ApiToken.account_id == account_id)
    return session.scalars(query).one_or_none()


def every_token(session: Session) -> Sequence[ApiToken]:
    """With its account, those that ended among them; oldest first."""
    return session.scalars(
        select(ApiToken).options(joinedload(ApiToken.account)).order_by(ApiToken.id)
    ).all()


def token_by_id(session: Session, token_id: int) -> ApiToken | None:
    return session.get(ApiToken, token_id)
