"""Counting attempts that failed, in the database, so that every process counts alike.

An attempt is counted before it is looked at, and taken back when it succeeds: a hundred at once
are a hundred, not one.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.people.models import AttemptCount
from app.people.rules.throttling import FORGOTTEN_AFTER, Counted, wait


@dataclass(frozen=True, slots=True)
class Place:
    """Where an attempt is counted. The hash is keyed: people type passwords into wrong fields."""

    kind: Counted
    hashed: str


def place(secret_key: str, kind: Counted, *named: str) -> Place:
    text = "\0".join((kind, *named)).encode("utf-8", "replace")
    return Place(kind, hmac.new(secret_key.encode(), text, hashlib.sha256).hexdigest())


def count(session: Session, places: Sequence[Place], now: datetime) -> timedelta:
    """Count an attempt in every place, unless one of them has to wait: then how long."""
    _forget(session, now)
    _make_rows(session, places, now)
    ordered = sorted(place.hashed for place in places)
    rows = select(AttemptCount).where(AttemptCount.place.in_(ordered)).order_by(AttemptCount.place)
    counts = {row.place: row for row in session.scalars(rows.with_for_update())}
    waits = [_wait(counts[place.hashed], place.kind, now) for place in places]
    if max(waits) > timedelta(0):
        return max(waits)
    for row in counts.values():
        row.failures, row.last_at = row.failures + 1, now
    return timedelta(0)


def take_back(session: Session, places: Sequence[Place]) -> None:
    """The attempt succeeded. What stands for an address keeps what others failed at there."""
    shared = [place.hashed for place in places if place.kind == Counted.ADDRESS]
    own = [place.hashed for place in places if place.kind != Counted.ADDRESS]
    session.execute(delete(AttemptCount).where(AttemptCount.place.in_(own)))
    one_less = case((AttemptCount.failures > 0, AttemptCount.failures - 1), else_=0)
    those = update(AttemptCount).where(AttemptCount.place.in_(shared))
    session.execute(those.values(failures=one_less))


def _wait(row: AttemptCount, kind: Counted, now: datetime) -> timedelta:
    return wait(kind, row.failures, row.last_at, now)


def _make_rows(session: Session, places: Sequence[Place], now: datetime) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [{"place": place.hashed, "failures": 0, "last_at": now} for place in places]
    # Always in one order: two that make the same rows wait for each other in line.
    insert = dialect.insert(AttemptCount).values(sorted(rows, key=lambda row: str(row["place"])))
    session.execute(insert.on_conflict_do_nothing(index_elements=["place"]))


def _forget(session: Session, now: datetime) -> None:
    old = delete(AttemptCount).where(AttemptCount.last_at < now - FORGOTTEN_AFTER)
    session.execute(old)
