"""What is left of the way to a day."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Countdown:
    """Days until a due day, below 0 once it has passed, and the share of the way that is left."""

    days_left: int
    percent_left: float


def countdown(day: date, due_on: date, since: date) -> Countdown:
    span = max((due_on - since).days, 1)
    left = (due_on - day).days
    return Countdown(left, round(100 * min(max(left / span, 0), 1), 1))
