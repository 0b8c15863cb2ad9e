"""How the time of a meeting is shared out, and in which order its items come."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.markings import Marking
from app.deliverables.rules.attention import Severity

UNIT = 5
"""Minutes are given out in steps of this many."""
SHORTEST, LONGEST = 60, 960
DEFAULT_LENGTH = 120


class ItemKind(StrEnum):
    OPENING = "opening"
    INFORMATION = "information"
    STATUS_REVIEW = "status_review"
    DISCUSSION = "discussion"
    DECISION = "decision"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Share:
    """The least minutes with which an item of a kind makes sense, the most that it is given, and
    how much of what there is it asks for."""

    least: int
    most: int
    weight: int


SHARES = {
    ItemKind.OPENING: Share(5, 15, 1),
    ItemKind.INFORMATION: Share(5, 60, 2),
    ItemKind.STATUS_REVIEW: Share(10, 180, 4),
    ItemKind.DISCUSSION: Share(10, 120, 3),
    ItemKind.DECISION: Share(10, 120, 4),
    ItemKind.CLOSING: Share(5, 15, 1),
}
PRESSING = {Severity.ACT_NOW: 4, Severity.SOON: 3, Severity.WATCH: 2, None: 2}
"""By how much the severity of what it is about multiplies the weight of an item."""
LAST_TO_GO = (
    ItemKind.OPENING,
    ItemKind.CLOSING,
    ItemKind.DECISION,
    ItemKind.STATUS_REVIEW,
    ItemKind.DISCUSSION,
    ItemKind.INFORMATION,
)
_FRAME = {ItemKind.OPENING, ItemKind.CLOSING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item that is proposed: what it says, why it is there, and what it is about."""

    kind: ItemKind
    title: str
    why: str
    note: str = ""
    severity: Severity | None = None
    marking: Marking = Marking.GREEN
    audience_id: int | None = None
    presenting_member_id: int | None = None
    deliverable_id: int | None = None
    deadline_id: int | None = None
    question_id: int | None = None
    decision_id: int | None = None
    action_id: int | None = None
    escalation_id: int | None = None
    proposed_item_id: int | None = None
    carried_from_id: int | None = None
    is_recurring: bool = False
    wanted: int | None = None
    """Minutes that somebody asked for; it gets no more."""


@dataclass(frozen=True, slots=True)
class Placed:
    """`minutes` of None: there is no time for it, so it goes to written procedure."""

    draft: Draft
    minutes: int | None


def meeting_length(minutes: int | None) -> int:
    """The minutes that an agenda can share out."""
    return DEFAULT_LENGTH if minutes is None else min(max(minutes, SHORTEST), LONGEST)


def schedule(drafts: Sequence[Draft], length: int) -> tuple[Placed, ...]:
    """The drafts in the order of the meeting, then those for written procedure, none lost; the
    minutes never exceed `length`."""
    ordered = _ordered(drafts)
    timed = _that_fit(ordered, length)
    minutes = _shared_out([ordered[i] for i in timed], length)
    given = dict(zip(timed, minutes, strict=True))
    in_meeting = [Placed(ordered[i], given[i]) for i in timed]
    in_writing = [Placed(draft, None) for i, draft in enumerate(ordered) if i not in given]
    return (*in_meeting, *in_writing)


def moved(order: Sequence[int], item: int, place: int) -> tuple[int, ...]:
    """`order` with `item` at `place`, counted from 0; beyond either end means that end."""
    rest = [other for other in order if other != item]
    at = min(max(place, 0), len(rest))
    return (*rest[:at], item, *rest[at:])


def _ordered(drafts: Sequence[Draft]) -> list[Draft]:
    """Opening first, closing last, the others as they were proposed."""
    ends = {ItemKind.OPENING: 0, ItemKind.CLOSING: 2}
    return sorted(drafts, key=lambda draft: ends.get(draft.kind, 1))


def _share(draft: Draft) -> Share:
    share = SHARES[draft.kind]
    if draft.wanted is None:
        return share
    most = min(max(share.least, draft.wanted), share.most)
    return Share(share.least, most, share.weight)


def _that_fit(drafts: Sequence[Draft], length: int) -> list[int]:
    """Which of them find their least time, by what can least be spared: kind, then severity, then
    the order in which they were proposed."""
    chosen: list[int] = []
    left = length
    for i in sorted(range(len(drafts)), key=lambda i: (*_rank(drafts[i]), i)):
        least = SHARES[drafts[i].kind].least
        if least <= left:
            chosen.append(i)
            left -= least
    return sorted(chosen)


def _rank(draft: Draft) -> tuple[int, int, int]:
    severity = len(Severity) if draft.severity is None else draft.severity.rank
    return (0 if draft.kind in _FRAME else 1, severity, LAST_TO_GO.index(draft.kind))


def _shared_out(drafts: Sequence[Draft], length: int) -> list[int]:
    """Everyone's least, then step by step to whoever has least for its weight."""
    shares = [_share(draft) for draft in drafts]
    weights = [s.weight * PRESSING[d.severity] for s, d in zip(shares, drafts, strict=True)]
    minutes = [share.least for share in shares]
    left = length - sum(minutes)
    while left >= UNIT:
        open_ones = [i for i, share in enumerate(shares) if minutes[i] + UNIT <= share.most]
        if not open_ones:
            break
        neediest = min(open_ones, key=lambda i: (minutes[i] / weights[i], i))
        minutes[neediest] += UNIT
        left -= UNIT
    return minutes
