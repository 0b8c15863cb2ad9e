"""What can be done with accounts and their sessions."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit import actions as audit
from app.audit.actions import Subject
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor, Role
from app.people import passwords
from app.people.models import Account, SignedInSession
from app.people.rules import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    PasswordFault,
    password_fault,
)

PASSWORD_FAULTS = {
    PasswordFault.TOO_SHORT: N_("At least %(least)s characters. Several words do well."),
    PasswordFault.TOO_LONG: N_("At most %(most)s characters."),
    PasswordFault.UNWRITABLE: N_("Only characters that can be typed and seen, and blanks."),
    PasswordFault.ABOUT_THE_ACCOUNT: N_("Not the e-mail address itself."),
    PasswordFault.REPETITIVE: N_("It repeats so few characters that it is easily guessed."),
}


@dataclass(frozen=True, slots=True)
class NewAccount:
    email: str
    name: str
    role: Role
    member_id: int | None = None
    zone: str = "UTC"
    language: str = "en"


def create_account(
    session: Session, actor: Actor | None, new: NewAccount, password: str | None, now: datetime
) -> Account:
    """Make an account; without a password it cannot sign in yet. No actor: the command line."""
    email = normalised(new.email)
    _check_new(session, new, email)
    account = Account(
        email=email,
        name=new.name.strip(),
        role=new.role,
        member_id=new.member_id,
        zone=_known_zone(new.zone),
        language=new.language,
        password_hash=_accepted(password, email) if password is not None else "",
        created_at=now,
    )
    session.add(account)
    session.flush()
    changes = {"role": (None, new.role), "member": (None, new.member_id)}
    audit.record(session, _id(actor), "account.created", _subject(account), changes, now)
    return account


def sign_in(
    session: Session, account_id: int, token_hash: str, address: str, agent: str, now: datetime
) -> None:
    """Open a session for an account whose password was found right."""
    session.add(
        SignedInSession(
            token_hash=token_hash,
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            address=address[:64],
            agent=agent[:300],
        )
    )
    account = session.get_one(Account, account_id)
    audit.record(session, account_id, "account.signed_in", _subject(account), {}, now, address)


def end_session(session: Session, actor: Actor, session_id: int, now: datetime) -> bool:
    """End one of the actor's own sessions. False where there is no such session to end."""
    open_one = select(SignedInSession).where(
        SignedInSession.id == session_id,
        SignedInSession.account_id == actor.account_id,
        SignedInSession.ended_at.is_(None),
    )
    found = session.scalars(open_one).one_or_none()
    if found is None:
        return False
    found.ended_at = now
    account = session.get_one(Account, actor.account_id)
    audit.record(session, actor.account_id, "account.session_ended", _subject(account), {}, now)
    return True


def change_password(
    session: Session, actor: Actor, current: str, new: str, keep_session: int, now: datetime
) -> None:
    """Change one's own password; every other session ends."""
    account = session.get_one(Account, actor.account_id)
    if not passwords.matches(current, account.password_hash):
        raise Refused(N_("This is not your present password."), field="current")
    account.password_hash = _accepted(new, account.email)
    _end_all(session, account, now, keep_session)
    audit.record(session, actor.account_id, "account.password_changed", _subject(account), {}, now)


def set_password(
    session: Session, actor: Actor | None, account: Account, password: str, now: datetime
) -> None:
    """Give an account a password; all its sessions end."""
    account.password_hash = _accepted(password, account.email)
    _end_all(session, account, now)
    audit.record(session, _id(actor), "account.password_set", _subject(account), {}, now)


def choose_language_and_zone(
    session: Session, actor: Actor, language: str, zone: str, now: datetime
) -> None:
    account = session.get_one(Account, actor.account_id)
    changes = {"language": (account.language, language), "zone": (account.zone, zone)}
    account.language, account.zone = language, _known_zone(zone)
    audit.record(session, actor.account_id, "account.changed", _subject(account), changes, now)


def deactivate(session: Session, actor: Actor | None, account: Account, now: datetime) -> None:
    """From now on the account cannot sign in, and what it has open ends."""
    if actor is not None and actor.account_id == account.id:
        raise Conflict(N_("You cannot deactivate the account you are signed in with."))
    _end_all(session, account, now)
    changes = {"is_active": (account.is_active, False)}
    account.is_active = False
    audit.record(session, _id(actor), "account.deactivated", _subject(account), changes, now)


def activate(session: Session, actor: Actor | None, account: Account, now: datetime) -> None:
    changes = {"is_active": (account.is_active, True)}
    account.is_active = True
    audit.record(session, _id(actor), "account.activated", _subject(account), changes, now)


def normalised(email: str) -> str:
    """As it is stored and looked up."""
    return email.strip().lower()


def _check_new(session: Session, new: NewAccount, email: str) -> None:
    local, at, domain = email.partition("@")
    if not (local and at and domain) or len(email) > 254 or not email.isprintable():
        raise Refused(N_("This is no e-mail address: %(email)s"), field="email", email=new.email)
    if not new.name.strip():
        raise Refused(N_("An account needs a name."), field="name")
    if (new.role == Role.LIAISON) != (new.member_id is not None):
        raise Refused(N_("A liaison, and nobody else, is the liaison of a member."), field="role")
    if session.scalar(select(Account.id).where(Account.email == email)) is not None:
        raise Conflict(N_("There is already an account with this e-mail address."), field="email")


def _accepted(password: str, email: str) -> str:
    fault = password_fault(password, email)
    if fault is not None:
        limits = {"least": SHORTEST_PASSWORD, "most": LONGEST_PASSWORD}
        raise Refused(PASSWORD_FAULTS[fault], field="new", **limits)
    return passwords.hashed(password)


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise Refused(N_("There is no time zone %(zone)s."), field="zone", zone=zone)
    return zone


def _end_all(session: Session, account: Account, now: datetime, but: int | None = None) -> None:
    still_open = update(SignedInSession).where(
        SignedInSession.account_id == account.id, SignedInSession.ended_at.is_(None)
    )
    if but is not None:
        still_open = still_open.where(SignedInSession.id != but)
    session.execute(still_open.values(ended_at=now))


def _id(actor: Actor | None) -> int | None:
    return actor.account_id if actor else None


def _subject(account: Account) -> Subject:
    return Subject("account", account.email)
