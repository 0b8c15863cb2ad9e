"""Reading the trail, and checking that nobody touched it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.audit import rules
from app.audit.models import AuditEntry
from app.core.progress import Progress

PAGE_SIZE = 50
AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which entries; what is None or empty does not narrow. Days are in UTC, both included."""

    account_id: int | None = None
    verb: str = ""
    """A verb, or the beginning of many: `account.`"""
    kind: str = ""
    subject: str = ""
    address: str = ""
    from_on: date | None = None
    until_on: date | None = None

    def narrow(self, query: Select[AuditEntry]) -> Select[AuditEntry]:
        conditions = [
            AuditEntry.account_id == self.account_id if self.account_id is not None else None,
            _is_verb(self.verb) if self.verb else None,
            AuditEntry.subject_kind == self.kind if self.kind else None,
            AuditEntry.address == self.address if self.address else None,
            AuditEntry.subject_key == self.subject if self.subject else None,
            AuditEntry.at >= _start(self.from_on) if self.from_on else None,
            AuditEntry.at < _start(self.until_on) + timedelta(days=1) if self.until_on else None,
        ]
        return query.where(*(condition for condition in conditions if condition is not None))


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Entries:
    rows: tuple[AuditEntry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain does not hold. `kind`: changed, or removed_or_reordered before `entry_id`."""

    entry_id: int
    kind: str


def entries(
    session: Session,
    which: Filter = EVERYTHING,
    *,
    readable: ColumnElement[bool],
    page: int = 1,
) -> Entries:
    """Newest first, page `page` (from 1). `readable`: those that the reader may see."""
    query = which.narrow(select(AuditEntry)).where(readable)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = query.order_by(AuditEntry.id.desc()).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    return Entries(tuple(session.scalars(rows)), total)


def newest(
    session: Session,
    which: Filter,
    *,
    readable: ColumnElement[bool],
    before: int | None,
    limit: int,
) -> list[AuditEntry]:
    """Newest first, from the one before number `before` on."""
    query = which.narrow(select(AuditEntry)).where(readable)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)))


def every(
    session: Session, which: Filter = EVERYTHING, *, readable: ColumnElement[bool] | None = None
) -> Iterator[AuditEntry]:
    """Oldest first, in constant memory. Without `readable` the whole trail, for checking it."""
    query = which.narrow(select(AuditEntry)).order_by(AuditEntry.id)
    if readable is not None:
        query = query.where(readable)
    yield from session.scalars(query.execution_options(yield_per=AT_ONCE))


def verbs(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.verb).distinct().order_by(AuditEntry.verb)))


def kinds(session: Session) -> list[str]:
    found = select(AuditEntry.subject_kind).distinct().order_by(AuditEntry.subject_kind)
    return list(session.scalars(found))


def head(session: Session) -> str:
    """The newest hash. Kept elsewhere, it shows later that nothing before it was taken away."""
    newest = select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalars(newest).first() or rules.FIRST


def origin(session: Session) -> str:
    """What sets this installation apart from every other, for good: its first entry."""
    first = select(AuditEntry.hash).order_by(AuditEntry.id).limit(1)
    return (session.scalars(first).first() or rules.FIRST)[:16]


def last_changes(session: Session, kind: str, keys: Sequence[str]) -> dict[str, datetime]:
    """By key, when each of these things of one kind was last changed; that it was taken away as a
    file is no change."""
    found: dict[str, datetime] = {}
    for first in range(0, len(keys), AT_ONCE):
        rows = session.execute(
            select(AuditEntry.subject_key, func.max(AuditEntry.at))
            .where(
                AuditEntry.subject_kind == kind,
                AuditEntry.subject_key.in_(keys[first : first + AT_ONCE]),
                AuditEntry.verb.not_like("%.export"),
            )
            .group_by(AuditEntry.subject_key)
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def faults(session: Session, progress: Progress | None = None) -> Iterator[Fault]:
    """Where an entry was changed, or where entries are missing or in another order. `progress` is
    told how many were looked at, of how many."""
    before = rules.FIRST
    count = session.scalar(select(func.count(AuditEntry.id))) or 0 if progress else 0
    for number, entry in enumerate(every(session), 1):
        if progress and number % AT_ONCE == 0:
            progress(number, count)
        if entry.previous_hash != before:
            yield Fault(entry.id, "removed_or_reordered")
        if rules.chained(entry.previous_hash, rules.content(_as_entry(entry))) != entry.hash:
            yield Fault(entry.id, "changed")
        before = entry.hash


def knows(session: Session, hashed: str) -> bool:
    """Whether an entry with this hash is in the trail."""
    found = select(AuditEntry.id).where(AuditEntry.hash == hashed)
    return hashed == rules.FIRST or session.scalars(found).first() is not None


def _as_entry(entry: AuditEntry) -> rules.Entry:
    return {
        "at": entry.at,
        "account_id": entry.account_id,
        "verb": entry.verb,
        "subject_kind": entry.subject_kind,
        "subject_key": entry.subject_key,
        "changes": entry.changes,
        "address": entry.address,
    }


def _is_verb(verb: str) -> ColumnElement[bool]:
    if verb.endswith("."):
        return AuditEntry.verb.startswith(verb, autoescape=True)
    return AuditEntry.verb == verb


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
