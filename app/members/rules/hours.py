"""When people work at the seat of a member."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """By the clock at the seat. `weekend` counts from 0, Monday."""

    begins: time = time(9)
    ends: time = time(17)
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})


USUAL = WorkingWeek()


def weekend_text(days: Iterable[int]) -> str:
    """As it is kept: the numbers of the days in order, "56"."""
    return "".join(str(day) for day in sorted(set(days)))


def weekend_of(text: str) -> frozenset[int]:
    return frozenset(int(day) for day in text)
