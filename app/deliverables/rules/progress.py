"""How far a group of deliverables is, and what being late means."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.core.markings import Marking, highest
from app.deliverables.rules.moves import ACTIVE, Status


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts that add up: the progress of two groups that share nothing is their sum.

    `known_progress` says how many deliverables, dropped ones aside, state a progress (0-100).
    """

    by_status: Mapping[Status, int]
    overdue: int
    known_progress: int
    progress_sum: int
    marking: Marking = Marking.CLEAR
    """The highest of what is counted."""

    @property
    def delivered(self) -> int:
        return self.by_status.get(Status.DELIVERED, 0)

    @property
    def dropped(self) -> int:
        return self.by_status.get(Status.DROPPED, 0)

    @property
    def total(self) -> int:
        return sum(self.by_status.values()) - self.dropped

    @property
    def share(self) -> float | None:
        return self.delivered / self.total if self.total else None

    @property
    def mean_progress(self) -> float | None:
        return self.progress_sum / self.known_progress if self.known_progress else None

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            {s: self.by_status.get(s, 0) + other.by_status.get(s, 0) for s in Status},
            self.overdue + other.overdue,
            self.known_progress + other.known_progress,
            self.progress_sum + other.progress_sum,
            highest([self.marking, other.marking]),
        )


def of(deliverables: Iterable[tuple[Status, bool, int | None]]) -> Progress:
    """From status, whether overdue, and progress where known, of each deliverable."""
    rows = tuple(deliverables)
    counts = Counter(status for status, _, _ in rows)
    known = [p for status, _, p in rows if p is not None and status is not Status.DROPPED]
    return Progress(
        {status: counts[status] for status in Status},
        sum(is_late for _, is_late, _ in rows),
        len(known),
        sum(known),
    )


def is_overdue(status: Status, due_on: date | None, dueness: date) -> bool:
    """`dueness` is the day still running somewhere on Earth: nothing is late before its end."""
    return status in ACTIVE and is_late(due_on, dueness)


def is_late(due_on: date | None, dueness: date) -> bool:
    """Of anything that waits for its day."""
    return due_on is not None and due_on < dueness


def days_late(due_on: date, delivered_on: date | None, day: date) -> int:
    """Days from the due day to the delivery, or to `day` while there is none; 0 when in time."""
    return max(0, ((delivered_on or day) - due_on).days)
