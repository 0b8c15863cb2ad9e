"""Where the network could put its next effort, on a day."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.members.models import Level, MemberStatus
from app.members.queries.functions import FunctionRow, functions
from app.members.queries.members import MemberRow, members
from app.priorities.queries import PriorityRow, priorities
from app.priorities.rules import Criterion, Ranked, Weights, judged, overlap, ranked

ACTIVE_LEVELS = (Level.STATED, Level.OPERATIONAL)


def ranking(session: Session, day: AsOf, weights: Weights) -> tuple[Ranked, ...]:
    return ranking_of(
        priorities(session, day), functions(session, day), full_members(session, day), weights
    )


def ranking_of(
    listed: Sequence[PriorityRow],
    found: Sequence[FunctionRow],
    everybody: Sequence[MemberRow],
    weights: Weights,
) -> tuple[Ranked, ...]:
    """Of what was read already."""
    return ranked([_candidate(row, found, len(everybody)) for row in listed], weights)


def full_members(session: Session, day: AsOf) -> list[MemberRow]:
    return [row for row in members(session, day) if row.status is MemberStatus.MEMBER]


def active(row: FunctionRow) -> list[str]:
    """The codes of the members that state it or do it."""
    return sorted(code for code, known in row.known.items() if known.level in ACTIVE_LEVELS)


def _candidate(
    row: PriorityRow, found: Sequence[FunctionRow], of: int
) -> tuple[str, str, dict[Criterion, float | None]]:
    drawn_on = [function for function in found if function.name in row.functions]
    known = [(len(active(function)), len(function.known)) for function in drawn_on]
    parts = {
        Criterion.OVERLAP: overlap(known, of),
        Criterion.IMPACT: judged(row.impact),
        Criterion.FEASIBILITY: judged(row.feasibility),
    }
    return row.key, row.title, parts
