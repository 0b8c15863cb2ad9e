"""What is dear to work out and is changed a little by most changes: kept, and kept up.

Whoever keeps something here says how it is built, how it is amended for the things that were
changed since, and what is read of it. It is worked on by one reader at a time, from that reader's
own snapshot, and never goes back: a reader with an older snapshot has it built for itself.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app.sharing.revision import touched_since

Kept = TypeVar("Kept")
Read = TypeVar("Read")
MOST_TOUCHED = 400
"""Where more was changed than this, it is built anew."""
MOST_KEPT = 3
"""Of one kind: that of today, and those that the clock has just left behind."""


class _Followed(Generic[Kept]):
    def __init__(self) -> None:
        self.lock = Lock()
        self.revision = -1
        self.value: Kept | None = None


_followed: WeakKeyDictionary[Pool, OrderedDict[Hashable, _Followed[Any]]] = WeakKeyDictionary()
_lock = Lock()


def follow(
    session: Session,
    revision: int,
    name: Hashable,
    *,
    build: Callable[[], Kept],
    amend: Callable[[Kept, Collection[tuple[str, str]]], bool],
    read: Callable[[Kept], Read],
) -> Read:
    """`revision` is that of the session's snapshot. `amend` is given kind and key of what was
    changed and says whether it could bring the value up to date; `read` gives what stays as it is
    while the value goes on."""
    kept = _of(session.get_bind().engine.pool, name)
    with kept.lock:
        if kept.value is not None and kept.revision > revision:
            return read(build())
        if kept.value is None or kept.revision < revision:
            before, value = kept.revision, kept.value
            kept.value = None  # whatever goes wrong meanwhile, nothing half amended is kept
            touched = None if value is None else touched_since(session, before, MOST_TOUCHED)
            if value is None or touched is None or not amend(value, touched):
                value = build()
            kept.value, kept.revision = value, revision
        return read(kept.value)


def forget() -> None:
    """For whoever changed data without a line in the trail."""
    with _lock:
        _followed.clear()


def _of(pool: Pool, name: Hashable) -> _Followed[Any]:
    with _lock:
        of_pool = _followed.setdefault(pool, OrderedDict())
        if name not in of_pool:
            of_pool[name] = _Followed()
            if len(of_pool) > MOST_KEPT:
                of_pool.popitem(last=False)
        of_pool.move_to_end(name)
        return of_pool[name]
