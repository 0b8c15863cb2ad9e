"""The made-up accounts of a demonstration."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.permissions import Role
from app.members.models import Member, MemberStanding, MemberStatus
from app.people import actions, queries
from app.people.actions import NewAccount
from app.people.models import Account
from app.people.queries import DEMO_DOMAIN


@dataclass(frozen=True, slots=True)
class KeptPassword:
    """The one password of all demo accounts, and where it is kept."""

    text: str
    path: Path
    is_new: bool


def kept_password(instance: Path) -> KeptPassword:
    """Read the password; at the first start take DEMO_PASSWORD or a random one, and keep it."""
    path = instance / "demo_password"
    chosen = os.environ.get("DEMO_PASSWORD", "")
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if chosen in {"", kept}:
            return KeptPassword(kept, path, is_new=False)
        path.unlink()
        return kept_password(instance)
    text = chosen or secrets.token_urlsafe(12)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{text}\n")
    return KeptPassword(text, path, is_new=True)


def make_coordinator(session: Session, password: str, now: datetime) -> Account:
    """The coordinator, under whom the plan is imported."""
    new = NewAccount(f"coordinator@{DEMO_DOMAIN}", "Coordinator (demo)", Role.COORDINATOR)
    return _made(session, new, password, now)


def make_others(session: Session, password: str, now: datetime) -> None:
    """Everybody else: an administrator, an observer and a liaison of each member."""
    for new in (
        NewAccount(f"admin@{DEMO_DOMAIN}", "Administrator (demo)", Role.ADMINISTRATOR),
        NewAccount(f"observer@{DEMO_DOMAIN}", "Observer (demo)", Role.OBSERVER),
        *_liaisons(session, now),
    ):
        _made(session, new, password, now)


def set_password_of_all(session: Session, password: str, now: datetime) -> None:
    """For accounts of an earlier start that had another password."""
    for account in queries.demo_accounts(session):
        actions.set_password(session, None, account, password, now)


def _liaisons(session: Session, now: datetime) -> list[NewAccount]:
    members = session.scalars(
        select(Member)
        .join(MemberStanding, MemberStanding.member_id == Member.id)
        .where(MemberStanding.status == MemberStatus.MEMBER, MemberStanding.holds_on(today(now)))
        .order_by(Member.code)
    )
    return [
        NewAccount(
            email=f"liaison.{member.code.lower()}@{DEMO_DOMAIN}",
            name=f"Liaison of {member.name} (demo)",
            role=Role.LIAISON,
            member_id=member.id,
            zone=member.zone,
        )
        for member in members
    ]


def _made(session: Session, new: NewAccount, password: str, now: datetime) -> Account:
    found = queries.account_by_email(session, new.email)
    return found or actions.create_account(session, None, new, password, now)
