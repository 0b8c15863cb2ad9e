"""What was worked out once for a reader is kept until anything changes.

The revision of the data, read in the reader's own snapshot, says exactly whether what was kept
still holds. What is kept belongs to an audience: to all readers who see the same.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app.core.clock import AsOf
from app.core.db import ReadOnlySession
from app.core.markings import Channel, Marking, apart, note
from app.core.permissions import Actor
from app.sharing import following
from app.sharing import revision as revisions
from app.sharing.models import AudienceAccount

Made = TypeVar("Made")
MOST = 300
"""So many results are kept in one process."""
STANDPOINT = "standpoint"


@dataclass(frozen=True, slots=True)
class Audience:
    """Readers of whom everything that is marked asks the same. `account_id` is set for those whom
    something names in person."""

    channel: Channel
    coordinates: bool
    member_id: int | None
    account_id: int | None


@dataclass(frozen=True, slots=True)
class Standpoint:
    revision: int
    audience: Audience | None
    """None: nobody in particular."""


class _Turn:
    """Weakly referred to, as a lock itself cannot be."""

    def __init__(self) -> None:
        self.lock = Lock()


class _Store:
    """Results of the latest revision that any reader came with."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._revision = -1
        self._kept: OrderedDict[Hashable, tuple[Any, frozenset[Marking]]] = OrderedDict()
        self._making: WeakValueDictionary[Hashable, _Turn] = WeakValueDictionary()

    @contextmanager
    def alone(self, key: Hashable) -> Iterator[None]:
        """One at a time works it out; whoever waited finds it done. What is worked out on the way
        to something else is always the smaller part, so that none waits for another in a ring."""
        with self._lock:
            turn = self._making.get(key) or _Turn()
            self._making[key] = turn
        with turn.lock:
            yield

    def get(self, revision: int, key: Hashable) -> tuple[Any, frozenset[Marking]] | None:
        with self._lock:
            if revision != self._revision or key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def keep(self, revision: int, key: Hashable, made: tuple[Any, frozenset[Marking]]) -> None:
        with self._lock:
            if revision < self._revision:
                return  # worked out from an older state than others have seen
            if revision > self._revision:
                self._kept.clear()
                self._revision = revision
            self._kept[key] = made
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)


_stores: WeakKeyDictionary[Pool, _Store] = WeakKeyDictionary()


def standpoint(session: Session, reader: Actor | None) -> Standpoint | None:
    """From where this reader sees the data now. None in a session that writes: it sees what is
    nobody else's yet."""
    if not isinstance(session, ReadOnlySession):
        return None
    known: dict[Actor | None, Standpoint] = session.info.setdefault(STANDPOINT, {})
    if not known:
        # A session that reads sees one snapshot from first to last, this number included.
        known[None] = Standpoint(revisions.revision(session), None)
    if reader not in known:
        audience = _audience(session, reader) if reader else None
        known[reader] = Standpoint(known[None].revision, audience)
    return known[reader]


def remembered(
    session: Session,
    reader: Actor | None,
    as_of: AsOf | None,
    name: Hashable,
    make: Callable[[], Made],
) -> Made:
    """What `make` gives, which is not changed afterwards; what it reads of marked things counts as
    read each time. `name` says what it is and all else that it depends on."""
    stand = standpoint(session, reader)
    if stand is None:
        return make()
    store = _stores.setdefault(session.get_bind().engine.pool, _Store())
    key = (stand.audience, as_of, name)
    found = store.get(stand.revision, key)
    if found is None:
        with store.alone(key):
            found = store.get(stand.revision, key) or _made(make)
            store.keep(stand.revision, key, found)
    for marking in found[1]:
        note(marking)
    result: Made = found[0]
    return result


def _made(make: Callable[[], Any]) -> tuple[Any, frozenset[Marking]]:
    with apart() as read:
        value = make()
    return value, frozenset(read)


def forget() -> None:
    """For whoever changed data without a line in the trail."""
    _stores.clear()
    following.forget()
    revisions.forget()


def _audience(session: Session, reader: Actor) -> Audience:
    named = remembered(session, None, None, "accounts named", partial(_named, session))
    own = reader.account_id if reader.account_id in named else None
    return Audience(reader.channel, reader.coordinates, reader.member_id, own)


def _named(session: Session) -> frozenset[int]:
    """All that something names in person."""
    return frozenset(session.scalars(select(AudienceAccount.account_id).distinct()))
