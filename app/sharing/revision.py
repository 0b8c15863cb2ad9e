"""How far the network's data has come, as a reader's own snapshot tells it.

Everything that changes what a page says writes a line in the trail, in its own transaction, and
lines are numbered in the order in which they are committed. So the number of the last line that
stands for a change says exactly what a reader sees.
"""

from collections.abc import Collection
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app.audit.models import AuditEntry

CHANGES_NOTHING = frozenset(
    {
        "account.sign_in_failed",
        "account.signed_in",
        "account.signed_out",
        "page.export",
        "page.refused",
    }
)
"""Lines that anybody leaves by reading, or at the door: no page that is remembered tells of them,
so nothing is worked out anew because of them."""

_LINES = AuditEntry.__table__.c
SINCE = select(_LINES.id, _LINES.verb).where(_LINES.id >= bindparam("newest")).order_by(_LINES.id)
"""Asked for each page: put together once, and past the ORM."""

_seen: WeakKeyDictionary[Pool, tuple[int, int]] = WeakKeyDictionary()
"""The newest line that was seen, and the newest by then that stands for a change."""
_lock = Lock()


def revision(session: Session) -> int:
    """The number of the last line that stands for a change; 0 where there is none."""
    pool = session.get_bind().engine.pool
    newest, change = _seen.get(pool, (0, 0))
    if newest:
        lines = session.connection().execute(SINCE, {"newest": newest}).all()
        # A snapshot older than what others saw does not have that line.
        if lines and lines[0].id == newest:
            changes: list[int] = [id_ for id_, verb in lines if verb not in CHANGES_NOTHING]
            # What is seen for the first time stands for a change, or the one before it does.
            change = max([change, *changes])
            _keep(pool, lines[-1].id, change)
            return change
    newest, change = _newest(session), _newest(session, but=CHANGES_NOTHING)
    _keep(pool, newest, change)
    return change


def touched_since(session: Session, known: int, most: int) -> list[tuple[str, str]] | None:
    """Kind and key of what was changed after the line `known`; None where that is more than
    `most`."""
    lines = session.execute(
        select(AuditEntry.subject_kind, AuditEntry.subject_key)
        .where(AuditEntry.id > known, AuditEntry.verb.not_in(CHANGES_NOTHING))
        .order_by(AuditEntry.id)
        .limit(most + 1)
    ).all()
    if len(lines) > most:
        return None
    return list(dict.fromkeys((kind, key) for kind, key in lines))


def forget() -> None:
    """For whoever replaced the data."""
    with _lock:
        _seen.clear()


def _keep(pool: Pool, newest: int, change: int) -> None:
    with _lock:
        if newest > _seen.get(pool, (0, 0))[0]:
            _seen[pool] = (newest, change)


def _newest(session: Session, but: Collection[str] = ()) -> int:
    if not but:
        return session.scalar(select(func.max(AuditEntry.id))) or 0
    # Read from the end: the database walks back over the lines that stand for nothing.
    query = select(AuditEntry.id).where(AuditEntry.verb.not_in(but))
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(1)).first() or 0
