"""Which of the updates of one deliverable is in effect on a day, while more are logged."""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable
from datetime import date

from app.deliverables.rules.history import UpdateFact, without_corrected


class Counting:
    """In effect is the one with the latest day, of those with the same day the one logged last. One
    that a later one corrects never counts. It says what `spans` says, at the cost of one update."""

    def __init__(self, updates: Iterable[UpdateFact], without: Collection[int] = ()) -> None:
        """`without`: as if the updates of these numbers had never been logged."""
        logged = tuple(update for update in updates if update.id not in without)
        self._rows = sorted(without_corrected(logged), key=_place)

    def on(self, day: date) -> UpdateFact | None:
        index = bisect_right(self._rows, day, key=_day)
        return self._rows[index - 1] if index else None

    def after(self, day: date) -> UpdateFact | None:
        """What is in effect from the next day on which anything was logged."""
        index = bisect_right(self._rows, day, key=_day)
        return self.on(self._rows[index].effective_on) if index < len(self._rows) else None

    def take(self, update: UpdateFact) -> None:
        """One more, logged last."""
        if update.corrects is not None:
            self._rows = [row for row in self._rows if row.id != update.corrects]
        insort(self._rows, update, key=_place)


def _day(row: UpdateFact) -> date:
    return row.effective_on


def _place(row: UpdateFact) -> tuple[date, int]:
    return row.effective_on, row.id
