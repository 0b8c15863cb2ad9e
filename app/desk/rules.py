"""Who waits for whom, seen from one member, and what is new to one account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.deliverables.rules.attention import Flag, Raised, Severity
from app.deliverables.rules.moves import ACTIVE, Status
from app.reports.rules import ReportState

AWAY = timedelta(hours=4)
"""After so long without a look at the desk, whoever comes back was away."""


class Turn(StrEnum):
    """Whose move it is; the member's own comes first."""

    YOURS = "yours"
    THEIRS = "theirs"
    NOBODYS = "nobodys"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why somebody waits, most pressing first."""

    ANSWER_PART = "answer_part"
    SENT_BACK = "sent_back"
    REPORT_OVERDUE = "report_overdue"
    ANSWER_QUESTION = "answer_question"
    ANSWER_OFFER = "answer_offer"
    REPORT_DUE = "report_due"
    ACT = "act"
    """A flag is raised about which the member can do something."""
    OTHERS_WAIT = "others_wait"
    """Something of another member needs it, and it is late or blocked."""
    IN_REVIEW = "in_review"
    DATE_PROPOSED = "date_proposed"
    NEEDS_OTHERS = "needs_others"
    LEAD_ACTS = "lead_acts"


_YOURS = frozenset(list(Reason)[: list(Reason).index(Reason.IN_REVIEW)])
_RANK = {reason: rank for rank, reason in enumerate(Reason)}


class Asking(StrEnum):
    """An open proposal of another date: the member's own, or a coordinator's offer to it."""

    OWN = "own"
    OFFER = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One deliverable in which the member has a part. `needs` are keys of what must come first and
    is not done, `needed_by` of what waits for it, neither of them the member's own."""

    leads: bool
    has_accepted: bool
    status: Status
    report: ReportState = ReportState.NOT_DUE
    asking: Asking | None = None
    questions: int = 0
    flags: Sequence[Raised] = ()
    needs: Sequence[str] = ()
    needed_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    turn: Turn
    reasons: tuple[Reason, ...]
    """Of that turn, most pressing first."""

    @property
    def rank(self) -> tuple[int, int]:
        """Smaller is more pressing."""
        first = _RANK[self.reasons[0]] if self.reasons else len(_RANK)
        return list(Turn).index(self.turn), first


def wait(facts: Facts, member: str) -> Wait:
    """Whose turn it is, for the member of this code."""
    found = [reason for reason, holds in _HOLDS.items() if holds(facts, member)]
    yours = tuple(reason for reason in found if reason in _YOURS)
    if yours:
        return Wait(Turn.YOURS, yours)
    if facts.status not in ACTIVE:
        return Wait(Turn.CLOSED, ())
    return Wait(Turn.THEIRS, tuple(found)) if found else Wait(Turn.NOBODYS, ())


def visited(since_at: datetime, seen_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """`since_at` and `seen_at` after a look at the desk. Looking again soon after keeps what was
    new; after a while away, only what came since the last look is."""
    return (seen_at if now - seen_at >= AWAY else since_at), now


def _answers_part(facts: Facts, _member: str) -> bool:
    return not facts.has_accepted and facts.status in ACTIVE


def _reports(facts: Facts, *states: ReportState) -> bool:
    return facts.leads and facts.report in states


def _acts(facts: Facts, member: str) -> bool:
    """Only flags that an update, or the work itself, lowers: asking to be accepted has a reason of
    its own."""
    return any(
        member in raised.actors
        for raised in facts.flags
        if raised.flag is not Flag.LEAD_NOT_ACCEPTED and raised.severity is not Severity.WATCH
    )


def _is_waited_for(facts: Facts, _member: str) -> bool:
    stuck = {Flag.OVERDUE, Flag.BLOCKED, Flag.OFF_TRACK}
    late = any(raised.flag in stuck for raised in facts.flags)
    return facts.leads and facts.has_accepted and late and bool(facts.needed_by)


def _lead_acts(facts: Facts, member: str) -> bool:
    return not facts.leads and any(
        raised.actors and member not in raised.actors for raised in facts.flags
    )


_HOLDS = {
    Reason.ANSWER_PART: _answers_part,
    Reason.SENT_BACK: lambda f, _m: _reports(f, ReportState.SENT_BACK),
    Reason.REPORT_OVERDUE: lambda f, _m: _reports(f, ReportState.OVERDUE),
    Reason.ANSWER_QUESTION: lambda f, _m: bool(f.questions),
    Reason.ANSWER_OFFER: lambda f, _m: f.asking is Asking.OFFER,
    Reason.REPORT_DUE: lambda f, _m: _reports(f, ReportState.DUE),
    Reason.ACT: _acts,
    Reason.OTHERS_WAIT: _is_waited_for,
    Reason.IN_REVIEW: lambda f, _m: f.status is Status.IN_REVIEW,
    Reason.DATE_PROPOSED: lambda f, _m: f.asking is Asking.OWN,
    Reason.NEEDS_OTHERS: lambda f, _m: f.status in ACTIVE and bool(f.needs),
    Reason.LEAD_ACTS: _lead_acts,
}
