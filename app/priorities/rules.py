"""Where the network could put its next effort: priorities ranked by what speaks for each.

Every part is a share between 0 and 1, or None where it is not known. Nothing unknown counts as 0:
the score of a priority is the weighted mean of what is known of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

HIGHEST_JUDGEMENT = 5


class Criterion(StrEnum):
    OVERLAP = "overlap"
    """How many members state or do what it draws on."""
    IMPACT = "impact"
    FEASIBILITY = "feasibility"


Parts = Mapping[Criterion, float | None]
Weights = Mapping[Criterion, int]

EVENLY: Weights = dict.fromkeys(Criterion, 1)
HEAVIEST = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """`score` is None where nothing that has a weight is known. `shares` are what each criterion
    adds to the score; together they are the score."""

    key: str
    title: str
    parts: Parts
    score: float | None
    shares: Mapping[Criterion, float]

    @property
    def known(self) -> int:
        return sum(part is not None for part in self.parts.values())


def overlap(functions: Sequence[tuple[int, int]], members: int) -> float | None:
    """From how many members state or do, and of how many anything is known, for each function that
    the priority draws on: the mean share of the members, at least. None for a priority that draws
    on no function, or on none of which anything is known."""
    known = [active for active, known in functions if known]
    return sum(known) / (len(known) * members) if known and members else None


def judged(points: int | None) -> float | None:
    """From 1 to 5 points, as a share."""
    return None if points is None else points / HIGHEST_JUDGEMENT


def ranked(candidates: Sequence[tuple[str, str, Parts]], weights: Weights) -> tuple[Ranked, ...]:
    """From key, title and parts of each; the highest score first, the unknown last, and those that
    score alike in the order given."""
    rows = [_scored(key, title, parts, weights) for key, title, parts in candidates]
    return tuple(sorted(rows, key=lambda row: (row.score is None, -(row.score or 0.0))))


def _scored(key: str, title: str, parts: Parts, weights: Weights) -> Ranked:
    counted = {c: part for c, part in parts.items() if part is not None and weights.get(c, 0) > 0}
    total = sum(weights[c] for c in counted)
    if not total:
        return Ranked(key, title, parts, None, {})
    shares = {c: part * weights[c] / total for c, part in counted.items()}
    return Ranked(key, title, parts, sum(shares.values()), shares)
