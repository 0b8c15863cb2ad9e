"""Giving an account a password, and judging it first."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import actions as audit
from app.core.clock import today
from app.core.errors import N_, Refused
from app.core.permissions import Actor
from app.members.models import NetworkName
from app.people import passwords
from app.people.actions.sessions import end_all
from app.people.actions.trail import by, subject
from app.people.models import Account, SecondFactor
from app.people.queries import DEMO_DOMAIN
from app.people.rules.passwords import LONGEST_PASSWORD, PasswordFault, password_fault, shortest

FAULTS = {
    PasswordFault.TOO_SHORT: N_("At least %(least)s characters. Several words do well."),
    PasswordFault.TOO_LONG: N_("At most %(most)s characters."),
    PasswordFault.UNWRITABLE: N_("Only characters that can be typed and seen, and blanks."),
    PasswordFault.GUESSABLE: N_(
        "This is easily guessed: it follows from common passwords, words or patterns, or from "
        "what is known of you. Several words that have nothing to do with each other do well."
    ),
}


def change_password(
    session: Session, actor: Actor, current: str, new: str, keep_session: int, now: datetime
) -> None:
    """Change one's own password; every other session ends."""
    account = session.get_one(Account, actor.account_id)
    if not passwords.matches(current, account.password_hash):
        raise Refused(N_("This is not your present password."), field="current")
    account.password_hash = accepted(session, account, new, now)
    end_all(session, account.id, now, keep_session)
    audit.record(session, actor.account_id, "account.password_changed", subject(account), {}, now)


def set_password(
    session: Session, actor: Actor | None, account: Account, password: str, now: datetime
) -> None:
    """Give an account a password; all its sessions end."""
    account.password_hash = accepted(session, account, password, now)
    end_all(session, account.id, now)
    audit.record(session, by(actor), "account.password_set", subject(account), {}, now)


def bring_hash_up_to_date(session: Session, account_id: int, password: str) -> str:
    """The hash of a password that was just found right, made anew where hashing became dearer
    since. No line in the trail: the password is the same."""
    account = session.get_one(Account, account_id)
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)
    return account.password_hash


def accepted(session: Session, account: Account, password: str, now: datetime) -> str:
    """The hash of a new password, once nothing speaks against it."""
    is_second = has_second_factor(session, account.id)
    known = {account.email, account.name, *_network_names(session, today(now))}
    fault = password_fault(password, known, has_second_factor=is_second)
    if fault is PasswordFault.GUESSABLE and account.email.endswith(f"@{DEMO_DOMAIN}"):
        fault = None  # a demonstration, on one machine: its password is for whoever started it
    if fault is not None:
        least = shortest(has_second_factor=is_second)
        raise Refused(FAULTS[fault], field="new", least=least, most=LONGEST_PASSWORD)
    return passwords.hashed(password)


def has_second_factor(session: Session, account_id: int) -> bool:
    found = select(SecondFactor.id).where(
        SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None)
    )
    return session.scalar(found) is not None


def _network_names(session: Session, day: date) -> set[str]:
    called = select(NetworkName.name, NetworkName.short_name).where(NetworkName.from_on <= day)
    return {name for row in session.execute(called) for name in row if name}
