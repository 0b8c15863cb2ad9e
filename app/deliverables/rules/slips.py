"""How the due day of a deliverable moved: by a change of its own, or with its deadline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.deliverables.rules.history import ScheduleFact


@dataclass(frozen=True, slots=True)
class DateFact:
    """The due day of a deadline from `from_on` up to, not including, `until_on`."""

    from_on: date
    until_on: date
    due_on: date


Dates = Mapping[int, Sequence[DateFact]]
"""By the id of the deadline."""


@dataclass(frozen=True, slots=True)
class DueDays:
    """`first` is the first due day that was set, by `day`; `last` what stands. `moves` counts every
    change after the first, to no day at all and back among them."""

    first: date | None
    last: date | None
    moves: int

    @property
    def days_moved(self) -> int | None:
        """Later is above 0; None where there is no day to compare."""
        return (self.last - self.first).days if self.first and self.last else None


def due_days(schedule: Iterable[ScheduleFact], dates: Dates, day: date) -> DueDays:
    """What was due when, as it stood on each day up to `day`."""
    known = sorted(
        (row for row in schedule if row.effective_on <= day),
        key=lambda row: (row.effective_on, row.id),
    )
    days = {row.effective_on for row in known}
    named = {row.deadline_id for row in known if row.deadline_id is not None}
    days |= {fact.from_on for id_ in named for fact in dates.get(id_, ())}
    stood: list[date | None] = []
    for each in sorted(on for on in days if on <= day):
        in_effect = [row for row in known if row.effective_on <= each]
        due = _due(in_effect[-1], dates, each) if in_effect else None
        if not stood or stood[-1] != due:
            stood.append(due)
    while stood and stood[0] is None:
        stood.pop(0)
    if not stood:
        return DueDays(None, None, 0)
    return DueDays(stood[0], stood[-1], len(stood) - 1)


def _due(row: ScheduleFact, dates: Dates, day: date) -> date | None:
    if row.deadline_id is None:
        return row.due_on
    facts = dates.get(row.deadline_id, ())
    return next((fact.due_on for fact in facts if fact.from_on <= day < fact.until_on), None)
