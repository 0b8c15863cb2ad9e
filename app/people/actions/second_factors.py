"""Adding a second factor to an account, using it, and taking it away."""

from datetime import datetime

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from app.audit import actions as audit
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor
from app.people import passwords, second_factors
from app.people.actions.accounts import end_everything
from app.people.actions.trail import by, subject
from app.people.models import Account, RecoveryCode, SecondFactor
from app.people.queries import second_factor
from app.people.rules.passwords import SHORTEST_ALONE
from app.people.tokens import new_recovery_codes, recovery_code_hash

WRONG_CODE = N_("This is not the present code. Wait for the next one and type that.")


def begin(session: Session, actor: Actor, password: str, now: datetime) -> None:
    """Make a key for one's own account. It counts once a code made with it was typed."""
    account = _checked(session, actor, password)
    if _confirmed(session, account) is not None:
        raise Conflict(N_("Your account has a second factor already."))
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    session.add(SecondFactor(account_id=account.id, key=second_factors.new_key(), created_at=now))
    session.flush()


def confirm(session: Session, actor: Actor, code: str, now: datetime) -> list[str]:
    """From now on signing in takes a code too. Gives the recovery codes, this once."""
    account = session.get_one(Account, actor.account_id)
    pending = second_factor(session, account.id)
    if pending is None or pending.confirmed_at is not None:
        raise Conflict(N_("Begin again: there is no key that waits for its first code."))
    step = second_factors.matching_step(pending.key, code, pending.last_step, now)
    if step is None:
        raise Refused(WRONG_CODE, field="code")
    pending.confirmed_at, pending.last_step = now, step
    codes = _renew_codes(session, account)
    audit.record(session, account.id, "account.second_factor_added", subject(account), {}, now)
    return codes


def renew_recovery_codes(session: Session, actor: Actor, password: str, now: datetime) -> list[str]:
    """Other recovery codes; those from before no longer work."""
    account = _checked(session, actor, password)
    if _confirmed(session, account) is None:
        raise Conflict(N_("Recovery codes go with a second factor: add one first."))
    codes = _renew_codes(session, account)
    audit.record(session, account.id, "account.recovery_codes_renewed", subject(account), {}, now)
    return codes


def remove(
    session: Session, actor: Actor, password: str, *, is_required: bool, now: datetime
) -> None:
    """Take the second factor off one's own account."""
    account = _checked(session, actor, password)
    if is_required:
        raise Refused(N_("Your role needs a second factor. You can replace it, not take it away."))
    if len(password) < SHORTEST_ALONE:
        raise Refused(
            N_("Without a second factor your password must have %(least)s characters: change it."),
            field="password",
            least=SHORTEST_ALONE,
        )
    _take_away(session, account)
    audit.record(session, account.id, "account.second_factor_removed", subject(account), {}, now)


def reset(session: Session, actor: Actor | None, account: Account, now: datetime) -> None:
    """For somebody who lost app and recovery codes: everything ends, the password too, for it may
    be one that is long enough only beside a second factor. A link gives a new one."""
    _take_away(session, account)
    end_everything(session, account, now)
    account.password_hash = ""
    audit.record(session, by(actor), "account.second_factor_reset", subject(account), {}, now)


def use_code(session: Session, account_id: int, typed: str, now: datetime) -> str:
    """Which proof `typed` is: code, recovery_code, or none. It can be used only once."""
    factor = second_factor(session, account_id)
    if factor is None or factor.confirmed_at is None:
        return ""
    step = second_factors.matching_step(factor.key, typed, factor.last_step, now)
    if step is not None and _take_step(session, factor, step):
        return "code"
    return "recovery_code" if _take_recovery_code(session, account_id, typed, now) else ""


def _take_step(session: Session, factor: SecondFactor, step: int) -> bool:
    # Asked and set in one statement: of two at once only one gets it.
    this = update(SecondFactor).where(SecondFactor.id == factor.id, SecondFactor.last_step < step)
    done = session.execute(this.values(last_step=step))
    return isinstance(done, CursorResult) and done.rowcount == 1


def _take_recovery_code(session: Session, account_id: int, typed: str, now: datetime) -> bool:
    this = update(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_hash == recovery_code_hash(account_id, typed),
        RecoveryCode.used_at.is_(None),
    )
    done = session.execute(this.values(used_at=now))
    return isinstance(done, CursorResult) and done.rowcount == 1


def _renew_codes(session: Session, account: Account) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = new_recovery_codes()
    hashes = [recovery_code_hash(account.id, code) for code in codes]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hashed) for hashed in hashes)
    session.flush()
    return codes


def _take_away(session: Session, account: Account) -> None:
    for kind in (SecondFactor, RecoveryCode):
        session.execute(delete(kind).where(kind.account_id == account.id))


def _confirmed(session: Session, account: Account) -> SecondFactor | None:
    factor = second_factor(session, account.id)
    return factor if factor is not None and factor.confirmed_at is not None else None


def _checked(session: Session, actor: Actor, password: str) -> Account:
    account = session.get_one(Account, actor.account_id)
    if not passwords.matches(password, account.password_hash):
        raise Refused(N_("This is not your present password."), field="password")
    return account
