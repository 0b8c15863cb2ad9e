"""Things in order of a score, each bar made of what the score is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.web.plots.scales import WIDTH
from app.web.plots.timeline import shortened

ROW = 40
LEFT = 8.0
RIGHT = 56.0  # room for the score in figures


@dataclass(frozen=True, slots=True)
class Piece:
    name: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    url: str
    y: float
    pieces: tuple[Piece, ...]
    end: float
    score: float | None


@dataclass(frozen=True, slots=True)
class Ranking:
    width: int
    height: int
    left: float
    bars: tuple[Bar, ...]
    names: tuple[str, ...]


def ranking(
    rows: Sequence[tuple[str, str, float | None, Mapping[str, float]]], names: Sequence[str]
) -> Ranking:
    """From label, address, score (0 to 1, or None: unknown) and its shares by name of each."""
    room = WIDTH - LEFT - RIGHT
    bars = []
    for number, (label, url, score, shares) in enumerate(rows):
        x, pieces = LEFT, []
        for name in names:
            width = shares.get(name, 0.0) * room
            if width:
                pieces.append(Piece(name, round(x, 1), round(width, 1)))
            x += width
        bars.append(
            Bar(shortened(label, room), url, number * ROW + 8.0, tuple(pieces), round(x, 1), score)
        )
    return Ranking(WIDTH, len(rows) * ROW + 12, LEFT, tuple(bars), tuple(names))
