"""How everything stands today: kept in memory, and kept up as single deliverables change.

Most deliverables look the same to every account: these are kept once for all readers. What looks
different to some is read anew for each of them.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import merge

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.markings import apart
from app.core.permissions import EVERY_ACCOUNT, Actor
from app.deliverables.models import Deliverable, DeliverableState, Dependency
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.judged import Judgement, Place
from app.deliverables.queries.standing import Stood, alike, stood
from app.deliverables.rules.moves import Status
from app.deliverables.rules.progress import Progress
from app.deliverables.rules.tally import Of, Tally, summed
from app.sharing.following import follow
from app.sharing.remembering import remembered, standpoint

AT_ONCE = 500
"""So many are looked up by their numbers in one query."""
OTHER_KINDS = frozenset({"account", "action", "agenda", "decision", "letter", "meeting", "page"})
"""What can change without any deliverable standing differently."""

Flagged = tuple[Place, Stood]


@dataclass(frozen=True, slots=True)
class Present:
    """`progress`: by what is counted and its number; `parts`: how many by member, role and answer;
    `flagged`: what has a flag, be it muted, in the order of lists."""

    progress: Mapping[Of, Mapping[int | None, Progress]]
    parts: Mapping[tuple[int, str, str], int]
    flagged: Sequence[Flagged]

    def count(self, status: Status) -> int:
        """How many of the network have the status."""
        network = self.progress[Of.NETWORK].get(None)
        return network.by_status.get(status, 0) if network else 0

    def judgements(self, which: Filter) -> tuple[Judgement, ...]:
        """Of those that the filter, which names groups alone, lets through."""
        return tuple(
            row.judgement
            for _place, row in self.flagged
            if row.judgement is not None and _is_in(row, which)
        )


def present(
    session: Session, reader: Actor | None, as_of: AsOf, *, build: "Build | None" = None
) -> Present | None:
    """None where it has to be asked of the database: for other days, for nobody in particular, and
    in a session that writes. Notes no marking: whoever shows what it says does."""
    if reader is None or not as_of.is_today or standpoint(session, reader) is None:
        return None
    make = partial(_of_reader, session, reader, as_of, build or _build)
    return remembered(session, reader, as_of, "present", make)


def count_if_kept(session: Session, reader: Actor, as_of: AsOf, status: Status) -> int | None:
    """How many have the status; None where everything would have to be read to say so."""
    try:
        known = present(session, reader, as_of, build=_refuse)
    except _NotKept:
        return None
    return known.count(status) if known else None


class _NotKept(Exception):
    """It would have to be built."""


Build = Callable[[Session, AsOf], "_Rows"]


def _refuse(_session: Session, _as_of: AsOf) -> "_Rows":
    raise _NotKept


def _of_reader(session: Session, reader: Actor, as_of: AsOf, build: Build) -> Present:
    with apart():
        shared, others = remembered(
            session, None, as_of, "alike", partial(_alike, session, reader, as_of, build)
        )
        own = _Rows()
        for some in _portions(others):
            own.add(stood(session, reader, as_of, some))
        return _together(shared, own.told()) if others else shared


def _alike(
    session: Session, reader: Actor, as_of: AsOf, build: Build
) -> tuple[Present, Sequence[int]]:
    """What looks the same to every account, and the numbers of what does not."""
    stand = standpoint(session, reader)
    assert stand is not None  # noqa: S101 - `present` asked
    return follow(
        session,
        stand.revision,
        ("alike", as_of),
        build=partial(build, session, as_of),
        amend=partial(_amend, session, as_of),
        read=lambda kept: (kept.told(), sorted(kept.others)),
    )


class _Rows:
    """Deliverables by number, their tally, and those with a flag in order. `others` are there,
    too, but do not look the same to every account."""

    def __init__(self) -> None:
        self.others: set[int] = set()
        self._rows: dict[int, Stood] = {}
        self._tally = Tally()
        self._flagged: list[Flagged] = []

    def add(self, rows: Iterable[Stood]) -> None:
        """At once: the order is made at the end."""
        for row in rows:
            self._count(row)
            if row.place is not None:
                self._flagged.append((row.place, row))
        self._flagged.sort(key=_place)

    def replace(self, ids: Collection[int], rows: Iterable[Stood]) -> None:
        for id_ in ids:
            row = self._rows.pop(id_, None)
            if row is not None:
                self._tally.take_away(row.counted)
                if row.place is not None:
                    del self._flagged[bisect_left(self._flagged, row.place, key=_place)]
        for row in rows:
            self._count(row)
            if row.place is not None:
                insort(self._flagged, (row.place, row), key=_place)

    def told(self) -> Present:
        return Present(self._tally.progress(), self._tally.parts(), tuple(self._flagged))

    def _count(self, row: Stood) -> None:
        self._rows[row.counted.id] = row
        self._tally.add(row.counted)


def _build(session: Session, as_of: AsOf) -> _Rows:
    found, same = _Rows(), alike(session, as_of)
    found.add(row for row in stood(session, EVERY_ACCOUNT, as_of) if row.counted.id in same)
    found.others = _there(session, as_of) - same
    return found


def _amend(
    session: Session, as_of: AsOf, found: _Rows, touched: Collection[tuple[str, str]]
) -> bool:
    keys = [key for kind, key in touched if kind == "deliverable"]
    if any(kind not in OTHER_KINDS and kind != "deliverable" for kind, _key in touched):
        return False
    changed = list(session.scalars(select(Deliverable.id).where(Deliverable.key.in_(keys))))
    if len(changed) != len(keys):
        return False
    # What needs one of them is judged by it, too.
    waiting = select(Dependency.deliverable_id).where(Dependency.needs_id.in_(changed))
    for some in _portions(sorted({*changed, *session.scalars(waiting)})):
        same = alike(session, as_of, some)
        rows = stood(session, EVERY_ACCOUNT, as_of, sorted(same))
        found.replace(some, rows)
        found.others -= set(some)
        found.others |= _there(session, as_of, some) - same
    return True


def _there(session: Session, as_of: AsOf, ids: Sequence[int] | None = None) -> set[int]:
    """The numbers of all that exist on the day, whoever may know of them: to be shown to nobody."""
    state = DeliverableState
    query = select(state.deliverable_id).where(state.holds_on(as_of.day)).distinct()
    return set(
        session.scalars(query if ids is None else query.where(state.deliverable_id.in_(ids)))
    )


def _together(one: Present, other: Present) -> Present:
    return Present(
        {of: summed(one.progress[of], other.progress[of]) for of in Of},
        {
            part: one.parts.get(part, 0) + other.parts.get(part, 0)
            for part in {*one.parts, *other.parts}
        },
        tuple(merge(one.flagged, other.flagged, key=_place)),
    )


def _place(flagged: Flagged) -> Place:
    return flagged[0]


def _is_in(row: Stood, which: Filter) -> bool:
    counted = row.counted
    return (
        (which.priority_id is None or counted.priority_id == which.priority_id)
        and (which.deadline_id is None or counted.deadline_id == which.deadline_id)
        and (
            which.member_id is None
            or any(member == which.member_id for member, _role, _state in counted.parts)
        )
    )


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
