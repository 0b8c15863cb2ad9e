"""What must come first, what waits, and how much room is left, over the graph of dependencies.

There are no durations in the plan. So a deliverable can come, at the earliest, on the day on which
the last of what it needs is due; what is late or has no day of its own, today at the earliest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from graphlib import TopologicalSorter

from app.deliverables.rules.moves import ACTIVE, CLOSED, Status
from app.deliverables.rules.progress import is_overdue


@dataclass(frozen=True, slots=True)
class Node:
    """A deliverable on a day. Of `needs`, only keys that have a node of their own count."""

    key: str
    status: Status
    due_on: date | None
    needs: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.status not in CLOSED


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deliverable stands in the graph.

    `before` and `after` are all that must come first and all that waits, each after what it needs.
    `earliest_on` is the first day it can come by the plan, and `chain` what decides that day, from
    the first link to the deliverable itself. `needed_by` is the first due day of what waits for it.
    `slack_days` are left between the earliest day and the due day: fewer than none, and the plan
    does not hold. `uncertain` is what it still waits for that has no due day or is deferred: with
    them the slack is at most what it says.
    """

    key: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    earliest_on: date
    needed_by: date | None
    slack_days: int | None
    chain: tuple[str, ...]
    uncertain: tuple[str, ...]


def order(nodes: Iterable[Node]) -> tuple[str, ...]:
    """Every key after all it needs; the same for the same nodes. Raises CycleError on a cycle."""
    known = {node.key: node for node in nodes}
    graph = {key: _needs(known[key], known) for key in sorted(known)}
    return tuple(TopologicalSorter(graph).static_order())


def places(nodes: Iterable[Node], day: date) -> dict[str, Place]:
    """By key, as of `day`."""
    known = {node.key: node for node in nodes}
    ordered = order(known.values())
    rank = {key: number for number, key in enumerate(ordered)}
    before = _all_before(known, ordered)
    waits_for = _all_before(known, ordered, open_only=True)
    after = _all_after(known, ordered)
    comes = _arrivals(known, ordered, day)
    needed = _needed_by(known, ordered)
    return {
        key: Place(
            key=key,
            before=tuple(sorted(before[key], key=rank.__getitem__)),
            after=tuple(sorted(after[key], key=rank.__getitem__)),
            earliest_on=comes[key][0],
            needed_by=needed[key] if known[key].is_open else None,
            slack_days=_slack(known[key], comes[key][0]),
            chain=comes[key][1],
            uncertain=tuple(k for k in sorted(waits_for[key]) if _is_uncertain(known[k])),
        )
        for key in ordered
    }


def deciding(found: Mapping[str, Place], keys: Iterable[str]) -> Place | None:
    """Of these, due at one deadline, the one with the least room: its chain decides whether the
    deadline holds. None where nothing open among them has a due day."""
    timed = [found[key] for key in keys if found[key].slack_days is not None]
    return min(timed, key=lambda p: (p.slack_days, -len(p.chain), p.key), default=None)


Clash = tuple[str, str]
"""What is due before what it needs, and what it needs."""


def clashes(nodes: Iterable[Node]) -> frozenset[Clash]:
    """The pairs for which the flag `date_clash` is raised."""
    known = {node.key: node for node in nodes}
    return frozenset(
        (node.key, needed)
        for node in known.values()
        for needed in _needs(node, known)
        if _clash(node, known[needed])
    )


@dataclass(frozen=True, slots=True)
class KnockOn:
    """What follows when due days change. Each part is in the order of keys."""

    moved: tuple[tuple[str, date | None, date | None], ...]
    clashes_made: tuple[Clash, ...]
    clashes_ended: tuple[Clash, ...]
    overdue_made: tuple[str, ...]
    overdue_ended: tuple[str, ...]
    room_lost: tuple[tuple[str, int, int], ...]
    """Key, slack before and slack after, of those that did not move themselves."""


def moved(nodes: Sequence[Node], due: Mapping[str, date | None]) -> tuple[Node, ...]:
    """The same with these due days."""
    return tuple(replace(node, due_on=due[node.key]) if node.key in due else node for node in nodes)


def knock_on(before: Sequence[Node], due: Mapping[str, date | None], dueness: date) -> KnockOn:
    """What giving these deliverables these due days moves, and what it makes clash."""
    after = moved(before, due)
    was, will_be = clashes(before), clashes(after)
    late_before, late_after = _late(before, dueness), _late(after, dueness)
    old, new = places(before, dueness), places(after, dueness)
    return KnockOn(
        moved=tuple(
            (a.key, b.due_on, a.due_on)
            for b, a in sorted(zip(before, after, strict=True), key=lambda pair: pair[0].key)
            if b.due_on != a.due_on
        ),
        clashes_made=tuple(sorted(will_be - was)),
        clashes_ended=tuple(sorted(was - will_be)),
        overdue_made=tuple(sorted(late_after - late_before)),
        overdue_ended=tuple(sorted(late_before - late_after)),
        room_lost=tuple(
            (key, was_left, left)
            for key in sorted(old)
            if key not in due
            and (was_left := old[key].slack_days) is not None
            and (left := new[key].slack_days) is not None
            and left < was_left
        ),
    )


def _needs(node: Node, known: Mapping[str, Node]) -> list[str]:
    return sorted(key for key in set(node.needs) if key in known)


def _open_needs(node: Node, known: Mapping[str, Node]) -> list[str]:
    """What it still waits for; nothing, once it is done itself."""
    return [key for key in _needs(node, known) if node.is_open and known[key].is_open]


def _all_before(
    known: Mapping[str, Node], ordered: Sequence[str], *, open_only: bool = False
) -> dict[str, set[str]]:
    """With `open_only`, without what is done and what only that needed."""
    before: dict[str, set[str]] = {}
    for key in ordered:
        needs = _open_needs(known[key], known) if open_only else _needs(known[key], known)
        before[key] = set(needs).union(*(before[needed] for needed in needs))
    return before


def _all_after(known: Mapping[str, Node], ordered: Sequence[str]) -> dict[str, set[str]]:
    after: dict[str, set[str]] = {key: set() for key in known}
    for key in reversed(ordered):
        for needed in _needs(known[key], known):
            after[needed] |= {key, *after[key]}
    return after


def _arrivals(
    known: Mapping[str, Node], ordered: Sequence[str], day: date
) -> dict[str, tuple[date, tuple[str, ...]]]:
    """The earliest day of each, and the chain that decides it."""
    earliest: dict[str, tuple[date, tuple[str, ...]]] = {}
    for key in ordered:
        waits_for = _open_needs(known[key], known)
        if not waits_for:
            earliest[key] = day, (key,)
            continue
        arrives = {needed: _arrival(known[needed], earliest[needed][0]) for needed in waits_for}
        last = min(waits_for, key=lambda needed: (-arrives[needed].toordinal(), needed))
        earliest[key] = arrives[last], (*earliest[last][1], key)
    return earliest


def _arrival(node: Node, earliest_on: date) -> date:
    return max(earliest_on, node.due_on) if node.due_on else earliest_on


def _needed_by(known: Mapping[str, Node], ordered: Sequence[str]) -> dict[str, date | None]:
    needed_by: dict[str, date | None] = dict.fromkeys(known)
    for key in reversed(ordered):
        node = known[key]
        days = [day for day in (node.due_on, needed_by[key]) if day is not None]
        if not node.is_open or not days:
            continue
        for needed in _needs(node, known):
            known_before = needed_by[needed]
            first = min(days)
            needed_by[needed] = min(known_before, first) if known_before else first
    return needed_by


def _slack(node: Node, earliest_on: date) -> int | None:
    return (node.due_on - earliest_on).days if node.is_open and node.due_on else None


def _is_uncertain(node: Node) -> bool:
    return node.due_on is None or node.status is Status.DEFERRED


def _clash(node: Node, needed: Node) -> bool:
    if node.status not in ACTIVE or not needed.is_open:
        return False
    return node.due_on is not None and needed.due_on is not None and node.due_on < needed.due_on


def _late(nodes: Iterable[Node], dueness: date) -> set[str]:
    return {node.key for node in nodes if is_overdue(node.status, node.due_on, dueness)}
