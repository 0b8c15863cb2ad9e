"""What happened to deliverables between two days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.deliverables.rules.moves import CLOSED, Status

Part = tuple[str, str, str]
"""The code of a member, its role and its answer."""


class Happened(StrEnum):
    DELIVERED = "delivered"
    SLIPPED = "slipped"
    ADDED = "added"
    DROPPED = "dropped"
    REOPENED = "reopened"
    REASSIGNED = "reassigned"


@dataclass(frozen=True, slots=True)
class Standing:
    """A deliverable on a day. `parts` are those of members who lead or contribute, or are asked."""

    key: str
    title: str
    status: Status
    due_on: date | None
    is_overdue: bool
    delivered_on: date | None = None
    parts: frozenset[Part] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is None where it was not there yet."""

    before: Standing | None
    after: Standing

    @property
    def days_moved(self) -> int | None:
        """How much later it is due now; None where either day is unknown."""
        if self.before is None or self.before.due_on is None or self.after.due_on is None:
            return None
        return (self.after.due_on - self.before.due_on).days


Changes = Mapping[Happened, tuple[Change, ...]]


def changes(pairs: Iterable[tuple[Standing | None, Standing | None]]) -> Changes:
    """Each by what happened to it; one to which several things happened stands under each. What
    was there before and is not any more is left out: nothing is deleted, so it is out of sight."""
    both = [Change(before, after) for before, after in pairs if after is not None]
    return {
        kind: tuple(sorted((c for c in both if TESTS[kind](c)), key=lambda c: c.after.key))
        for kind in Happened
    }


def _became(change: Change, status: Status) -> bool:
    return change.after.status is status and (
        change.before is None or change.before.status is not status
    )


def _was_delivered(change: Change) -> bool:
    return _became(change, Status.DELIVERED)


def _was_dropped(change: Change) -> bool:
    return _became(change, Status.DROPPED)


def _was_added(change: Change) -> bool:
    return change.before is None


def _was_reopened(change: Change) -> bool:
    before, after = change.before, change.after
    return before is not None and before.status in CLOSED and after.status not in CLOSED


def _slipped(change: Change) -> bool:
    """Its due day moved later or away, or passed without it; dropped work slips no more."""
    before, after = change.before, change.after
    if before is None or after.status is Status.DROPPED:
        return False
    lost = before.due_on is not None and after.due_on is None
    return lost or (change.days_moved or 0) > 0 or (after.is_overdue and not before.is_overdue)


def _was_reassigned(change: Change) -> bool:
    return change.before is not None and change.before.parts != change.after.parts


TESTS = {
    Happened.DELIVERED: _was_delivered,
    Happened.SLIPPED: _slipped,
    Happened.ADDED: _was_added,
    Happened.DROPPED: _was_dropped,
    Happened.REOPENED: _was_reopened,
    Happened.REASSIGNED: _was_reassigned,
}
