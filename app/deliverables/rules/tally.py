"""Counts that are kept up while single deliverables change: what adds up can be taken away."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.core.markings import Marking, highest
from app.deliverables.rules.moves import Status
from app.deliverables.rules.progress import Progress

Key = TypeVar("Key")


class Of(StrEnum):
    """What deliverables are counted by."""

    NETWORK = "network"
    PRIORITY = "priority"
    DEADLINE = "deadline"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Counted:
    """A deliverable on a day. `parts`: number of the member, role and answer of each that works on
    it or is asked to."""

    id: int
    priority_id: int
    deadline_id: int | None
    status: Status
    is_overdue: bool
    progress: int | None
    marking: Marking
    parts: tuple[tuple[int, str, str], ...]

    @property
    def groups(self) -> list[tuple[Of, int | None]]:
        found: list[tuple[Of, int | None]] = [
            (Of.NETWORK, None),
            (Of.PRIORITY, self.priority_id),
            *((Of.MEMBER, member) for member, _role, _state in self.parts),
        ]
        if self.deadline_id is not None:
            found.append((Of.DEADLINE, self.deadline_id))
        return found


class _Cell:
    """Of one group: how many by status and by marking, and the sums."""

    __slots__ = ("known", "markings", "overdue", "progress", "statuses")

    def __init__(self) -> None:
        self.statuses: Counter[Status] = Counter()
        self.markings: Counter[Marking] = Counter()
        self.overdue = self.known = self.progress = 0

    def count(self, row: Counted, sign: int) -> None:
        self.statuses[row.status] += sign
        self.markings[row.marking] += sign
        self.overdue += sign * row.is_overdue
        if row.progress is not None and row.status is not Status.DROPPED:
            self.known += sign
            self.progress += sign * row.progress

    def told(self) -> Progress:
        return Progress(
            {status: self.statuses[status] for status in Status},
            self.overdue,
            self.known,
            self.progress,
            highest(marking for marking, count in self.markings.items() if count),
        )


class Tally:
    def __init__(self) -> None:
        self._cells: defaultdict[tuple[Of, int | None], _Cell] = defaultdict(_Cell)
        self._parts: Counter[tuple[int, str, str]] = Counter()

    def add(self, row: Counted) -> None:
        self._count(row, 1)

    def take_away(self, row: Counted) -> None:
        self._count(row, -1)

    def progress(self) -> Mapping[Of, Mapping[int | None, Progress]]:
        """By what is counted and its number, without groups in which nothing is."""
        found: dict[Of, dict[int | None, Progress]] = {of: {} for of in Of}
        for (of, number), cell in self._cells.items():
            if any(cell.statuses.values()):
                found[of][number] = cell.told()
        return found

    def parts(self) -> Mapping[tuple[int, str, str], int]:
        """How many by member, role and answer, dropped ones aside."""
        return {part: count for part, count in self._parts.items() if count}

    def _count(self, row: Counted, sign: int) -> None:
        for group in row.groups:
            self._cells[group].count(row, sign)
        if row.status is not Status.DROPPED:
            for part in row.parts:
                self._parts[part] += sign


def summed(one: Mapping[Key, Progress], other: Mapping[Key, Progress]) -> dict[Key, Progress]:
    """Of groups that share no deliverable."""
    found = dict(one)
    for key, progress in other.items():
        found[key] = found[key] + progress if key in found else progress
    return found
