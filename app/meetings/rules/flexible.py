"""A cadence that says about how often: each next meeting counts from the last that was held."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.days import Precision
from app.meetings.rules.adherence import Adherence, Expectation, Sitting
from app.meetings.rules.recurrence import BadRecurrence, RecurrenceFault

MONTHS = {"MONTHLY": 1, "YEARLY": 12}
DAYS = {"DAILY": 1, "WEEKLY": 7}


@dataclass(frozen=True, slots=True)
class Interval:
    months: int
    days: int

    def after(self, day: date) -> date:
        """The same day of a later month, or the last of one that is shorter."""
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        moved = date(year, month, min(day.day, monthrange(year, month)[1]))
        return moved + timedelta(days=self.days)

    @property
    def about_days(self) -> int:
        return round(self.months * 365.25 / 12) + self.days


def interval_of(recurrence: str) -> Interval:
    """BadRecurrence for a rule that says more than how often."""
    pairs = [part.partition("=") for part in recurrence.upper().removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _, value in pairs}
    frequency, count = parts.get("FREQ", ""), parts.get("INTERVAL", "1")
    is_simple = parts.keys() <= {"FREQ", "INTERVAL"} and count.isascii() and count.isdigit()
    if not is_simple or int(count) == 0 or frequency not in MONTHS | DAYS:
        raise BadRecurrence(RecurrenceFault.UNREADABLE)
    n = int(count)
    return Interval(MONTHS.get(frequency, 0) * n, DAYS.get(frequency, 0) * n)


def flexible_adherence(
    recurrence: str,
    starts_on: date,
    sittings_held: Sequence[Sitting],
    day: date,
    tolerance_days: int | None = None,
) -> list[Expectation]:
    """The first meeting is expected on `starts_on`, each further one an interval after the one
    before it; the last of them is still to come. `window` is the earliest and the latest day."""
    interval = interval_of(recurrence)
    reach = timedelta(interval.about_days // 4 if tolerance_days is None else tolerance_days)
    held = sorted((s for s in sittings_held if s.day <= day), key=lambda s: (s.day, s.id))
    found: list[Expectation] = []
    target, latest, precision = starts_on, starts_on, Precision.DAY
    for sitting in (*held, None):
        window = (target - reach, latest + reach)
        state = Adherence.MET if sitting else _open_state(window, day)
        off = ((sitting.day - latest).days, (sitting.last - target).days) if sitting else None
        found.append(Expectation(target, state, sitting, off, window, precision))
        if sitting:
            target, latest = interval.after(sitting.day), interval.after(sitting.last)
            precision = sitting.precision
    return found


def _open_state(window: tuple[date, date], day: date) -> Adherence:
    if day > window[1]:
        return Adherence.NONE_RECORDED
    return Adherence.DUE if day >= window[0] else Adherence.AHEAD
