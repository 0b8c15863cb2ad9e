"""Adding to the trail, in the transaction of what it records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session, SessionTransaction

from app.audit import rules
from app.audit.models import AuditEntry

CHAIN_LOCK = 7_246_510_002
"""The advisory lock on PostgreSQL under which one transaction at a time extends the chain."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: the kind of thing and the key by which people know it."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that was done. `changes` is {field: (before, after)} and holds no secret."""

    verb: str
    subject: Subject
    changes: Mapping[str, tuple[Any, Any]]


def record(
    session: Session,
    account_id: int | None,
    verb: str,
    subject: Subject,
    changes: Mapping[str, tuple[Any, Any]],
    now: datetime,
    address: str = "",
) -> None:
    """Add one entry."""
    record_all(session, account_id, [Happening(verb, subject, changes)], now, address)


def record_all(
    session: Session,
    account_id: int | None,
    happenings: Iterable[Happening],
    now: datetime,
    address: str = "",
) -> None:
    """Add an entry for each, in their order."""
    hashed = _head(session)
    rows = []
    for happening in happenings:
        entry: rules.Entry = {
            "at": now,
            "account_id": account_id,
            "verb": happening.verb,
            "subject_kind": happening.subject.kind,
            "subject_key": happening.subject.key,
            "changes": _plain_changes(happening.changes),
            "address": address or session.info.get("address", ""),
        }
        previous, hashed = hashed, rules.chained(hashed, rules.content(entry))
        rows.append({**entry, "previous_hash": previous, "hash": hashed})
    if rows:
        session.execute(insert(AuditEntry), rows)
        session.info["audit_head"] = (_transaction(session), hashed)


def _head(session: Session) -> str:
    """The newest hash. Within one transaction it is remembered: nobody else can add to it."""
    transaction, known = session.info.get("audit_head", (None, ""))
    if transaction is not None and transaction is _transaction(session):
        return str(known)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": CHAIN_LOCK})
    newest = select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalars(newest).first() or rules.FIRST


def _transaction(session: Session) -> SessionTransaction | None:
    # A savepoint that is rolled back takes its entries with it, so it remembers for itself.
    return session.get_nested_transaction() or session.get_transaction()


def _plain_changes(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    return {name: [plain(old), plain(new)] for name, (old, new) in changes.items() if old != new}


def plain(value: Any) -> Any:
    """A value as the trail keeps it."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value
