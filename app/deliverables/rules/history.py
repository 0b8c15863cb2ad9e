"""From the rows that were logged about one deliverable to its state on every day."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from app.core.days import FOREVER
from app.core.markings import Marking, highest
from app.deliverables.rules.moves import ACTIVE, Health, Status


@dataclass(frozen=True, slots=True)
class UpdateFact:
    id: int
    effective_on: date
    status: Status
    health: Health | None
    progress: int | None
    blocker: str
    corrects: int | None
    marking: Marking = Marking.CLEAR


@dataclass(frozen=True, slots=True)
class ScheduleFact:
    id: int
    effective_on: date
    deadline_id: int | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which the same rows are in effect: `from_on` included, `until_on` not. `marking` is
    the highest of the updates that say what it says."""

    from_on: date
    until_on: date
    status: Status
    status_since: date
    health: Health | None
    progress: int | None
    update_id: int | None
    schedule_id: int | None
    deadline_id: int | None
    due_on: date | None
    delivered_on: date | None
    updated_on: date | None
    blocker: str
    marking: Marking = Marking.CLEAR


Row = TypeVar("Row", UpdateFact, ScheduleFact)


def spans(
    exists_from: date, updates: Iterable[UpdateFact], schedules: Iterable[ScheduleFact]
) -> tuple[Span, ...]:
    """Every day from `exists_from` on, without gap or overlap.

    In effect is the row with the latest day, of those with the same day the one logged last. An
    update that a later one corrects never counts.
    """
    counting = without_corrected(tuple(updates))
    rows = sorted(counting, key=lambda row: (row.effective_on, row.id))
    plans = sorted(schedules, key=lambda row: (row.effective_on, row.id))
    changes = {row.effective_on for row in rows} | {row.effective_on for row in plans}
    days = [exists_from, *sorted(day for day in changes if exists_from < day < FOREVER), FOREVER]
    result: list[Span] = []
    for day, until in pairwise(days):
        update, schedule = _latest(rows, day), _latest(plans, day)
        result.append(_span(day, until, update, schedule, result[-1] if result else None))
    return tuple(result)


def state_on(spans: Sequence[Span], day: date) -> Span | None:
    """None before the deliverable exists."""
    index = bisect_right(spans, day, key=lambda span: span.from_on)
    return spans[index - 1] if index else None


def without_corrected(updates: Sequence[UpdateFact]) -> list[UpdateFact]:
    corrected = {u.corrects for u in updates if u.corrects is not None and u.corrects < u.id}
    return [update for update in updates if update.id not in corrected]


def _latest(rows: Sequence[Row], day: date) -> Row | None:
    index = bisect_right(rows, day, key=lambda row: row.effective_on)
    return rows[index - 1] if index else None


def _span(
    day: date,
    until: date,
    update: UpdateFact | None,
    schedule: ScheduleFact | None,
    before: Span | None,
) -> Span:
    status = update.status if update else Status.NOT_STARTED
    goes_on = before if before and before.status is status else None
    since = goes_on.status_since if goes_on else day
    markings = [row.marking for row in (update, goes_on) if row]
    return Span(
        from_on=day,
        until_on=until,
        status=status,
        status_since=since,
        health=update.health if update and status in ACTIVE else None,
        progress=update.progress if update else None,
        update_id=update.id if update else None,
        schedule_id=schedule.id if schedule else None,
        deadline_id=schedule.deadline_id if schedule else None,
        due_on=schedule.due_on if schedule else None,
        delivered_on=since if status is Status.DELIVERED else None,
        updated_on=update.effective_on if update else None,
        blocker=update.blocker if update else "",
        marking=highest(markings),
    )
