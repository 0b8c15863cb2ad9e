"""Adding to the trail, in the transaction of what it records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select, text
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


def record(
    session: Session,
    account_id: int | None,
    verb: str,
    subject: Subject,
    changes: Mapping[str, tuple[Any, Any]],
    now: datetime,
    address: str = "",
) -> None:
    """Add one entry. `changes` is {field: (before, after)} and holds no secret."""
    entry: rules.Entry = {
        "at": now,
        "account_id": account_id,
        "verb": verb,
        "subject_kind": subject.kind,
        "subject_key": subject.key,
        "changes": {
            name: [plain(old), plain(new)] for name, (old, new) in changes.items() if old != new
        },
        "address": address or session.info.get("address", ""),
    }
    previous = _head(session)
    hashed = rules.chained(previous, rules.content(entry))
    session.add(AuditEntry(**entry, previous_hash=previous, hash=hashed))
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


def plain(value: Any) -> Any:
    """A value as the trail keeps it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value
