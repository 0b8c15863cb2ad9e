"""Which status may follow which, by whose hand, and what the move has to bring along."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    IN_REVIEW = "in_review"
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    DROPPED = "dropped"


ACTIVE = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS, Status.IN_REVIEW})
CLOSED = frozenset({Status.DELIVERED, Status.DROPPED})


class Health(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class Hand(StrEnum):
    """In what capacity somebody logs a status; RECORD is the import of a published record."""

    LIAISON = "liaison"
    COORDINATOR = "coordinator"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Move:
    hands: frozenset[Hand]
    note: bool = False
    evidence: bool = False


_ANY = frozenset(Hand)
_STEERING = frozenset({Hand.COORDINATOR, Hand.RECORD})
_COORDINATOR = frozenset({Hand.COORDINATOR})
# A published source reports the outcome, not the steps in between.
_RECORD = frozenset({Hand.RECORD})

TABLE: dict[tuple[Status, Status], Move] = {
    (Status.NOT_STARTED, Status.IN_PROGRESS): Move(_ANY),
    (Status.NOT_STARTED, Status.IN_REVIEW): Move(_RECORD),
    (Status.NOT_STARTED, Status.DELIVERED): Move(_RECORD, evidence=True),
    (Status.NOT_STARTED, Status.DEFERRED): Move(_STEERING),
    (Status.NOT_STARTED, Status.DROPPED): Move(_STEERING),
    (Status.IN_PROGRESS, Status.IN_REVIEW): Move(_ANY),
    (Status.IN_PROGRESS, Status.DELIVERED): Move(_RECORD, evidence=True),
    (Status.IN_PROGRESS, Status.DEFERRED): Move(_STEERING),
    (Status.IN_PROGRESS, Status.DROPPED): Move(_STEERING),
    (Status.IN_REVIEW, Status.IN_PROGRESS): Move(_COORDINATOR, note=True),  # sent back
    (Status.IN_REVIEW, Status.DELIVERED): Move(_STEERING, evidence=True),
    (Status.IN_REVIEW, Status.DEFERRED): Move(_STEERING),
    (Status.IN_REVIEW, Status.DROPPED): Move(_STEERING),
    (Status.DELIVERED, Status.IN_PROGRESS): Move(_STEERING, note=True),  # reopened
    (Status.DELIVERED, Status.DROPPED): Move(_STEERING),
    (Status.DEFERRED, Status.NOT_STARTED): Move(_STEERING),
    (Status.DEFERRED, Status.IN_PROGRESS): Move(_STEERING),
    (Status.DEFERRED, Status.IN_REVIEW): Move(_STEERING),
    (Status.DEFERRED, Status.DELIVERED): Move(_RECORD, evidence=True),
    (Status.DEFERRED, Status.DROPPED): Move(_STEERING),
    (Status.DROPPED, Status.IN_PROGRESS): Move(_STEERING, note=True),  # reopened
}


class MoveRefused(Exception):
    """`open` holds the moves that this hand has; `missing` is set when the move itself is open."""

    def __init__(
        self,
        old: Status,
        new: Status,
        hand: Hand,
        *,
        open: tuple[Status, ...],
        missing: str | None = None,
    ) -> None:
        super().__init__(old, new, hand, open, missing)
        self.old = old
        self.new = new
        self.hand = hand
        self.open = open
        self.missing = missing


def open_moves(status: Status, hand: Hand) -> tuple[Status, ...]:
    """In the order of Status; staying is always open and not listed."""
    return tuple(new for new in Status if _is_open(status, new, hand))


def needs_note(old: Status, new: Status) -> bool:
    move = TABLE.get((old, new))
    return move is not None and move.note


def needs_evidence(old: Status, new: Status, hand: Hand) -> bool:
    """For the record its source is the evidence."""
    return _is_open(old, new, hand) and TABLE[old, new].evidence


def check_move(old: Status, new: Status, hand: Hand, *, note: str, has_evidence: bool) -> None:
    """Raise MoveRefused unless this hand may take `old` to `new` with what it brings along."""
    if old == new:
        return
    open_here = open_moves(old, hand)
    if new not in open_here:
        raise MoveRefused(old, new, hand, open=open_here)
    if needs_note(old, new) and not note.strip():
        raise MoveRefused(old, new, hand, open=open_here, missing="note")
    if needs_evidence(old, new, hand) and not has_evidence:
        raise MoveRefused(old, new, hand, open=open_here, missing="evidence")


def _is_open(old: Status, new: Status, hand: Hand) -> bool:
    move = TABLE.get((old, new))
    return move is not None and hand in move.hands
