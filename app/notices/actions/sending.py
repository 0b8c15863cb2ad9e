"""Claiming what is to go out, and saying what came of it. Each is a transaction of its own: in
between lies what the world outside takes its time for."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from app.notices.models import Notice, Parcel, State
from app.notices.rules import retry_at, retry_where_away

LONGEST_ERROR = 500


def claim_next(session: Session, now: datetime, lease: timedelta, *, calls: bool) -> Parcel | None:
    """The parcel that has waited longest, mails or `calls` of webhooks, for this caller alone
    until the lease is over. On PostgreSQL, what another is just taking is passed over; on SQLite
    there is only one who writes."""
    free = or_(Parcel.claimed_until.is_(None), Parcel.claimed_until <= now)
    query = (
        select(Parcel)
        .where(
            Parcel.state == State.WAITING,
            Parcel.after <= now,
            free,
            Parcel.webhook_id.is_not(None) if calls else Parcel.webhook_id.is_(None),
        )
        .order_by(Parcel.after, Parcel.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(query).first()
    if found is not None:
        found.claim, found.claimed_until = secrets.token_hex(16), now + lease
        session.flush()
        session.expunge(found)
    return found


def sent(session: Session, parcel: Parcel, now: datetime) -> bool:
    """False where the claim has lapsed and somebody else took it over."""
    return _end(session, parcel, State.SENT, "", now)


def dropped(session: Session, parcel: Parcel, now: datetime, why: str = "") -> bool:
    return _end(session, parcel, State.DROPPED, why, now)


def refused(session: Session, parcel: Parcel, error: str, now: datetime) -> bool:
    """For good: nothing is tried again."""
    return _end(session, parcel, State.GIVEN_UP, error, now)


def failed(
    session: Session, parcel: Parcel, error: str, now: datetime, *, is_away: bool = False
) -> bool:
    """For now: it is tried again later, or given up after too many times. `is_away`: no server was
    reached."""
    failures = parcel.failures + 1
    again = retry_at(failures, now)
    if is_away:
        failures, again = retry_where_away(parcel.failures, now)
    if again is None:
        return _end(session, parcel, State.GIVEN_UP, error, now)
    values = {
        "failures": failures,
        "after": again,
        "error": error[:LONGEST_ERROR],
        "claim": "",
        "claimed_until": None,
    }
    return _mine(session, parcel, values)


def let_go(session: Session, parcel: Parcel) -> bool:
    """Give it back untried."""
    return _mine(session, parcel, {"claim": "", "claimed_until": None})


def try_again(session: Session, parcel: Parcel, now: datetime) -> None:
    """What was given up, once more from the start."""
    parcel.state, parcel.failures, parcel.after, parcel.ended_at = State.WAITING, 0, now, None
    notices = update(Notice).where(Notice.parcel_id == parcel.id, Notice.state == State.GIVEN_UP)
    session.execute(notices.values(state=State.WAITING))
    session.flush()


def drop_notices(session: Session, ids: list[int]) -> None:
    """They were not told: no longer so, or no longer for this reader."""
    if ids:
        session.execute(update(Notice).where(Notice.id.in_(ids)).values(state=State.DROPPED))


def _end(session: Session, parcel: Parcel, state: State, error: str, now: datetime) -> bool:
    values = {
        "state": state,
        "ended_at": now,
        "error": error[:LONGEST_ERROR],
        "claimed_until": None,
    }
    if not _mine(session, parcel, values):
        return False
    waiting = update(Notice).where(Notice.parcel_id == parcel.id, Notice.state == State.WAITING)
    session.execute(waiting.values(state=state))
    return True


def _mine(session: Session, parcel: Parcel, values: dict[str, object]) -> bool:
    this = update(Parcel).where(
        Parcel.id == parcel.id, Parcel.claim == parcel.claim, Parcel.state == State.WAITING
    )
    done = session.execute(this.values(**values))
    return isinstance(done, CursorResult) and done.rowcount == 1
