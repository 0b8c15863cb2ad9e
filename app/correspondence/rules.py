"""Letters: from which state to which, by whose hand, and when their day asks for somebody."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.deliverables.rules.attention import DueFacts


class Direction(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"


class Purpose(StrEnum):
    FOR_ACTION = "for_action"
    FOR_COMMENT = "for_comment"
    FOR_INFORMATION = "for_information"
    IN_RESPONSE = "in_response"


class LetterState(StrEnum):
    RECEIVED = "received"
    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"
    ANSWERED = "answered"
    CLOSED = "closed"


class LetterHand(StrEnum):
    """MEMBER: the liaison of the member that answers. REPLY: a letter that answers this one was
    sent, or came in."""

    MEMBER = "member"
    COORDINATOR = "coordinator"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Step:
    hands: frozenset[LetterHand]
    note: bool = False
    """It has to say why, or how."""


IN, OUT = Direction.INCOMING, Direction.OUTGOING
_S = LetterState
_COORDINATOR = frozenset({LetterHand.COORDINATOR})
_BOTH = frozenset({LetterHand.MEMBER, LetterHand.COORDINATOR})
_REPLY = frozenset({LetterHand.COORDINATOR, LetterHand.REPLY})

TABLE: dict[tuple[Direction, LetterState, LetterState], Step] = {
    (OUT, _S.DRAFT, _S.APPROVED): Step(_COORDINATOR),
    (OUT, _S.DRAFT, _S.CLOSED): Step(_BOTH, note=True),  # never sent
    (OUT, _S.APPROVED, _S.DRAFT): Step(_COORDINATOR, note=True),  # back to whoever writes it
    (OUT, _S.APPROVED, _S.SENT): Step(_COORDINATOR),
    (OUT, _S.APPROVED, _S.CLOSED): Step(_COORDINATOR, note=True),  # never sent
    (OUT, _S.SENT, _S.ANSWERED): Step(_REPLY),
    (OUT, _S.SENT, _S.CLOSED): Step(_COORDINATOR),
    (OUT, _S.ANSWERED, _S.CLOSED): Step(_COORDINATOR),
    (IN, _S.RECEIVED, _S.ANSWERED): Step(_BOTH | {LetterHand.REPLY}, note=True),
    (IN, _S.RECEIVED, _S.CLOSED): Step(_COORDINATOR, note=True),  # needs no answer
    (IN, _S.ANSWERED, _S.RECEIVED): Step(_COORDINATOR, note=True),  # it was no answer after all
    (IN, _S.ANSWERED, _S.CLOSED): Step(_COORDINATOR),
}
FIRST = {IN: LetterState.RECEIVED, OUT: LetterState.DRAFT}
CHANGEABLE = frozenset({LetterState.RECEIVED, LetterState.DRAFT})
"""What it says can still be changed."""
OURS = frozenset({LetterState.RECEIVED, LetterState.DRAFT, LetterState.APPROVED})
"""The network has to act on it."""
ASKING = frozenset({Purpose.FOR_ACTION, Purpose.FOR_COMMENT})


def step(direction: Direction, old: LetterState, new: LetterState, hand: LetterHand) -> Step | None:
    """None where this is not open to the hand."""
    found = TABLE.get((direction, old, new))
    return found if found is not None and hand in found.hands else None


def open_steps(direction: Direction, old: LetterState, hand: LetterHand) -> tuple[LetterState, ...]:
    return tuple(new for new in LetterState if step(direction, old, new, hand) is not None)


def due_facts(
    state: LetterState, purpose: Purpose, due_on: date | None, member: str | None
) -> DueFacts:
    """For the rules of attention. Until a letter is sent, its day is ours; what was sent waits for
    the other side, if it asked for anything, and a coordinator asks after it."""
    waits = state in OURS or (state is LetterState.SENT and purpose in ASKING)
    is_members = state in CHANGEABLE and member is not None
    actors = (member,) if is_members and member is not None else ()
    return DueFacts(due_on, waits, actors, coordinator_acts=not is_members)
