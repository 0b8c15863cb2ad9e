"""Links by which an account gets a password, once, within 72 hours."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.audit import actions as audit
from app.audit.actions import Subject
from app.core.errors import N_, Conflict, Missing, Refused
from app.core.permissions import Actor, Role
from app.notices.actions import tell
from app.notices.rules import Departure, Telling, Topic
from app.people.actions.accounts import NewAccount, create_account, end_everything, normalised
from app.people.actions.passwords import accepted
from app.people.actions.trail import by, subject
from app.people.models import Account, LinkKind, OneTimeLink
from app.people.queries import link_by_token
from app.people.rules.lifetimes import LINK_LASTS
from app.people.tokens import new_token, token_hash


@dataclass(frozen=True, slots=True)
class MadeLink:
    """The one time that the token is known."""

    account: Account
    kind: LinkKind
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Mailed:
    """What a link is mailed with: its token follows from the nonce and the site's key, and only
    the nonce is kept in the outbox."""

    nonce: str
    token: str


def invite(
    session: Session,
    actor: Actor | None,
    new: NewAccount,
    now: datetime,
    mailed: Mailed | None = None,
) -> MadeLink:
    """Make an account that gets its password by a link."""
    account = create_account(session, actor, new, None, now)
    return send_link(session, actor, account, now, mailed)


def send_link(
    session: Session, actor: Actor | None, account: Account, now: datetime, mailed: Mailed | None
) -> MadeLink:
    """Another link, which goes out by mail; without `mailed` it is for the actor to hand on."""
    made = make_link(session, actor, account, now, mailed.token if mailed else "")
    if mailed is not None:
        told = Telling(f"link:{mailed.nonce}", Topic.ACCOUNT, "link", {"nonce": mailed.nonce})
        tell(session, account.id, [told], Departure(now, ""), now)
    return made


def make_link(
    session: Session, actor: Actor | None, account: Account, now: datetime, token: str = ""
) -> MadeLink:
    """Another link for an account; one made before no longer works. `token`: of one that is mailed,
    else a new one."""
    _check_can_have_one(account)
    kind = LinkKind.RESET if account.password_hash else LinkKind.INVITATION
    _end_open(session, account, now)
    token, expires_at = token or new_token(), now + LINK_LASTS
    session.add(
        OneTimeLink(
            kind=kind,
            token_hash=token_hash(token),
            account_id=account.id,
            created_at=now,
            created_by_id=by(actor),
            expires_at=expires_at,
        )
    )
    account.reset_asked_at = None
    session.flush()
    changes = {"kind": (None, kind), "expires_at": (None, expires_at)}
    audit.record(session, by(actor), "account.link_made", subject(account), changes, now)
    return MadeLink(account, kind, token, expires_at)


def use_link(session: Session, token: str, password: str, now: datetime) -> Account:
    """Set the password; the link and every open session of the account end."""
    found = link_by_token(session, token, now)
    if found is None:
        raise Missing(N_("This link does not work any more."))
    account = found.account
    account.password_hash = accepted(session, account, password, now)
    if not _end(session, found, now):
        raise Missing(N_("This link does not work any more."))
    end_everything(session, account, now)
    account.reset_asked_at = None
    changes = {"kind": (None, found.kind)}
    audit.record(session, account.id, "account.link_used", subject(account), changes, now)
    return account


def ask_for_reset(session: Session, email: str, now: datetime, nonce: str = "") -> None:
    """A password is forgotten: with a nonce a link goes out by mail, made when it is sent; else the
    administrators see it. Does as much, and leaves as long a line in the trail and as much in the
    outbox, where there is no such account."""
    known = update(Account).where(
        Account.email == normalised(email), Account.is_active, Account.role != Role.RECORDER
    )
    named = known.values(reset_asked_at=now).returning(Account.id, Account.email)
    found = session.execute(named).first()
    about = Subject("account", found.email if found else "")
    audit.record(session, None, "account.reset_asked", about, {}, now)
    if nonce:
        told = Telling(f"reset:{nonce}", Topic.ACCOUNT, "reset", {"nonce": nonce})
        tell(session, found.id if found else None, [told], Departure(now, ""), now)


def _check_can_have_one(account: Account) -> None:
    if account.role == Role.RECORDER:
        raise Refused(N_("Nobody signs in with the account of imports."))
    if not account.is_active:
        raise Conflict(N_("The account is closed: open it first."))


def _end_open(session: Session, account: Account, now: datetime) -> None:
    still_open = update(OneTimeLink).where(
        OneTimeLink.account_id == account.id, OneTimeLink.ended_at.is_(None)
    )
    session.execute(still_open.values(ended_at=now))


def _end(session: Session, link: OneTimeLink, now: datetime) -> bool:
    """False where somebody else used it meanwhile."""
    this = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.ended_at.is_(None))
    done = session.execute(this.values(ended_at=now))
    return isinstance(done, CursorResult) and done.rowcount == 1
