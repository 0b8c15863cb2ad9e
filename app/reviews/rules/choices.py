"""What a coordinator can choose for a deliverable in a review, and what each choice needs."""

from dataclasses import dataclass
from enum import StrEnum

from app.deliverables.rules.moves import CLOSED, Hand, Status, needs_evidence, open_moves


class Choice(StrEnum):
    KEEP = "keep"
    MOVE = "move"
    ASK = "ask"
    ESCALATE = "escalate"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    DROP = "drop"


BECOMES = {
    Choice.ACCEPT: Status.DELIVERED,
    Choice.SEND_BACK: Status.IN_PROGRESS,
    Choice.DROP: Status.DROPPED,
}
"""The status that is logged for a choice when the review is closed."""

NEEDS_REASON = frozenset({Choice.MOVE, Choice.ASK, Choice.ESCALATE, Choice.SEND_BACK, Choice.DROP})


class Missing(StrEnum):
    """What a choice lacks."""

    REASON = "reason"
    DATE = "date"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a choice: `dates` counts the new due days that were named."""

    reason: str
    dates: int
    has_evidence: bool


def open_choices(status: Status) -> tuple[Choice, ...]:
    """In the order of Choice. Keeping is always open."""
    moves = open_moves(status, Hand.COORDINATOR)
    is_open = {
        Choice.KEEP: True,
        Choice.MOVE: status not in CLOSED,
        Choice.ASK: status not in CLOSED,
        Choice.ESCALATE: status not in CLOSED,
        Choice.ACCEPT: Status.DELIVERED in moves,
        Choice.SEND_BACK: status is Status.IN_REVIEW,
        Choice.DROP: Status.DROPPED in moves,
    }
    return tuple(choice for choice in Choice if is_open[choice])


def missing(choice: Choice, status: Status, given: Given) -> Missing | None:
    """The first thing that the choice lacks, of those that are open in this status."""
    if choice is Choice.MOVE and given.dates != 1:
        return Missing.DATE
    if choice in NEEDS_REASON and not given.reason.strip():
        return Missing.REASON
    if choice is Choice.ACCEPT and not given.has_evidence:
        needed = needs_evidence(status, Status.DELIVERED, Hand.COORDINATOR)
        return Missing.EVIDENCE if needed else None
    return None
