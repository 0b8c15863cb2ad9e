"""The only reader of the system's clock.

Everything else takes the day or the instant as an argument, so that any page can be asked
for any day and a test can choose its own.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

ANYWHERE_ON_EARTH = timezone(timedelta(hours=-12), "AoE")


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day a page is asked for.

    `day` picks the updates, assignments and dates that hold. `dueness` is the day by which
    something must have been due to be late: the same day, except on the present one, where a
    day counts as over only when it is over anywhere on Earth.
    """

    day: date
    dueness: date
    today: date

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def is_ahead(self) -> bool:
        return self.day > self.today


def today(instant: datetime) -> date:
    """The network's day: the calendar date in UTC."""
    return instant.astimezone(UTC).date()


def as_of(day: date | None, instant: datetime) -> AsOf:
    """What `day` (none: today) means at this instant."""
    present = today(instant)
    asked = day or present
    still_running = instant.astimezone(ANYWHERE_ON_EARTH).date()
    return AsOf(asked, still_running if asked == present else asked, present)
