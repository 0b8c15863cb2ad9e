"""Making accounts, and changing what they are."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit import actions as audit
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor, Role
from app.members.models import Member
from app.people.actions.passwords import accepted, change_password, set_password
from app.people.actions.sessions import end_all
from app.people.actions.trail import by, subject
from app.people.models import Account, OneTimeLink

__all__ = [
    "NewAccount",
    "activate",
    "change_account",
    "change_password",
    "choose_language_and_zone",
    "create_account",
    "deactivate",
    "end_everything",
    "normalised",
    "set_password",
]


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
        password_hash="",
        created_at=now,
    )
    if password is not None:
        account.password_hash = accepted(session, account, password, now)
    session.add(account)
    session.flush()
    changes = {"role": (None, new.role), "member": (None, _code(session, new.member_id))}
    audit.record(session, by(actor), "account.created", subject(account), changes, now)
    return account


def change_account(
    session: Session,
    actor: Actor | None,
    account: Account,
    name: str,
    role: Role,
    member_id: int | None,
    now: datetime,
) -> None:
    """Another name, role or member. It holds from the account's next request on."""
    _check_change(actor, account, name, role, member_id)
    changes = {
        "name": (account.name, name.strip()),
        "role": (account.role, role),
        "member": (_code(session, account.member_id), _code(session, member_id)),
    }
    account.name, account.role, account.member_id = name.strip(), role, member_id
    session.flush()
    audit.record(session, by(actor), "account.role_changed", subject(account), changes, now)


def choose_language_and_zone(
    session: Session, actor: Actor, language: str, zone: str, now: datetime
) -> None:
    account = session.get_one(Account, actor.account_id)
    changes = {"language": (account.language, language), "zone": (account.zone, zone)}
    account.language, account.zone = language, _known_zone(zone)
    audit.record(session, actor.account_id, "account.changed", subject(account), changes, now)


def deactivate(session: Session, actor: Actor | None, account: Account, now: datetime) -> None:
    """From now on the account cannot sign in, and what it has open ends."""
    if actor is not None and actor.account_id == account.id:
        raise Conflict(N_("You cannot deactivate the account you are signed in with."))
    end_everything(session, account, now)
    changes = {"is_active": (account.is_active, False)}
    account.is_active = False
    audit.record(session, by(actor), "account.deactivated", subject(account), changes, now)


def activate(session: Session, actor: Actor | None, account: Account, now: datetime) -> None:
    changes = {"is_active": (account.is_active, True)}
    account.is_active = True
    audit.record(session, by(actor), "account.activated", subject(account), changes, now)


def end_everything(session: Session, account: Account, now: datetime) -> None:
    """Every session and every token of an account, for good: opening it again revives none."""
    end_all(session, account.id, now)
    account.tokens_ended_at = now
    links = update(OneTimeLink).where(
        OneTimeLink.account_id == account.id, OneTimeLink.ended_at.is_(None)
    )
    session.execute(links.values(ended_at=now))


def normalised(email: str) -> str:
    """As it is stored and looked up."""
    return email.strip().lower()


def _check_new(session: Session, new: NewAccount, email: str) -> None:
    local, at, domain = email.partition("@")
    if not (local and at and domain) or len(email) > 254 or not email.isprintable():
        raise Refused(N_("This is no e-mail address: %(email)s"), field="email", email=new.email)
    _check_name(new.name)
    _check_member(new.role, new.member_id)
    if session.scalar(select(Account.id).where(Account.email == email)) is not None:
        raise Conflict(N_("There is already an account with this e-mail address."), field="email")


def _check_change(
    actor: Actor | None, account: Account, name: str, role: Role, member_id: int | None
) -> None:
    _check_name(name)
    _check_member(role, member_id)
    if Role.RECORDER in {account.role, role} and account.role != role:
        raise Refused(N_("The account of imports stays what it is."), field="role")
    if actor is not None and actor.account_id == account.id and account.role != role:
        raise Conflict(N_("Another administrator has to change your own role."), field="role")


def _check_name(name: str) -> None:
    if not name.strip():
        raise Refused(N_("An account needs a name."), field="name")


def _check_member(role: Role, member_id: int | None) -> None:
    if (role == Role.LIAISON) != (member_id is not None):
        raise Refused(N_("A liaison, and nobody else, is the liaison of a member."), field="role")


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise Refused(N_("There is no time zone %(zone)s."), field="zone", zone=zone)
    return zone


def _code(session: Session, member_id: int | None) -> str | None:
    return session.scalar(select(Member.code).where(Member.id == member_id)) if member_id else None
