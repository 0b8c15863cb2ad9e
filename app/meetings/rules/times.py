"""How well an instant suits each member, and which instant shares the burden fairly.

The burden of a meeting for a member is that of its worst half hour there: none in working hours,
and the more the further from them; a weekend or a public holiday adds to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.members.rules.hours import USUAL, WorkingWeek

STEP = timedelta(minutes=30)


class Band(StrEnum):
    """Of the hours of a day, as a clock on the wall shows them."""

    WORKING = "working"
    EDGE = "edge"
    EVENING = "evening"
    NIGHT = "night"


EDGE_BEFORE, EVENING_BEFORE = 60, 120
EDGE_AFTER, EVENING_AFTER = 120, 300
"""For so many minutes before work begins, and after it ends: the early morning is as bad as the
evening."""
A_DAY = 24 * 60
BURDEN = {Band.WORKING: 0, Band.EDGE: 1, Band.EVENING: 2, Band.NIGHT: 4}
OFF_DUTY = 3
"""What a weekend or a holiday adds."""
MOST = max(BURDEN.values()) + OFF_DUTY


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a member sits: its zone, its public holidays by day, and when people work there."""

    id: int
    code: str
    name: str
    zone: str
    holidays: Mapping[date, str]
    week: WorkingWeek = USUAL


@dataclass(frozen=True, slots=True)
class There:
    """A meeting as one member has it. `holiday` is empty on other days."""

    seat: Seat
    starts: datetime
    ends: datetime
    band: Band
    is_weekend: bool
    holiday: str
    burden: int


@dataclass(frozen=True, slots=True)
class Candidate:
    starts_at: datetime
    minutes: int
    there: tuple[There, ...]

    @property
    def total(self) -> int:
        return sum(each.burden for each in self.there)

    @property
    def worst(self) -> int:
        return max((each.burden for each in self.there), default=0)

    @property
    def burdens(self) -> tuple[int, ...]:
        """In the order of the seats."""
        return tuple(each.burden for each in self.there)

    @property
    def off_duty(self) -> int:
        """For how many it is a weekend or a holiday."""
        return sum(each.is_weekend or bool(each.holiday) for each in self.there)

    @property
    def burdened(self) -> tuple[There, ...]:
        """Those for whom it is bad, the worst first."""
        bad = [each for each in self.there if each.burden]
        return tuple(sorted(bad, key=lambda each: (-each.burden, each.seat.code)))


def band_at(moment: time, week: WorkingWeek = USUAL) -> Band:
    before = (_minutes(week.begins) - _minutes(moment)) % A_DAY
    after = (_minutes(moment) - _minutes(week.ends)) % A_DAY
    if week.begins <= moment < week.ends:
        return Band.WORKING
    if before <= EDGE_BEFORE or after < EDGE_AFTER:
        return Band.EDGE
    if before <= EVENING_BEFORE or after < EVENING_AFTER:
        return Band.EVENING
    return Band.NIGHT


def bands(week: WorkingWeek) -> Iterator[tuple[int, int, Band]]:
    """The day there from midnight to midnight: from which minute to which it is what."""
    begins, ends = _minutes(week.begins), _minutes(week.ends)
    edges = [
        begins - EVENING_BEFORE,
        begins - EDGE_BEFORE,
        begins,
        ends,
        ends + EDGE_AFTER,
        ends + EVENING_AFTER,
    ]
    marks = sorted({0, A_DAY, *(edge % A_DAY for edge in edges)})
    for start, end in pairwise(marks):
        yield start, end, band_at(time(*divmod(start, 60)), week)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def judged(starts_at: datetime, minutes: int, seats: Iterable[Seat]) -> Candidate:
    """`starts_at` with a zone; what a day off is, is asked of the day there."""
    start = starts_at.astimezone(UTC)
    return Candidate(start, minutes, tuple(_there(start, minutes, seat) for seat in seats))


def candidates(
    first: date, last: date, minutes: int, seats: Sequence[Seat], step: timedelta = STEP * 2
) -> list[Candidate]:
    """Every step of the days from `first` to `last`, in UTC."""
    start = datetime.combine(first, time(), UTC)
    end = datetime.combine(last, time(), UTC) + timedelta(days=1)
    count = (end - start) // step
    return [judged(start + n * step, minutes, seats) for n in range(count)]


def by_burden(found: Iterable[Candidate]) -> list[Candidate]:
    """The least burdensome first; of several, the one whose worst is least."""
    return sorted(found, key=lambda c: (c.total, c.worst, c.starts_at))


def by_turns(found: Sequence[Candidate], carried: Mapping[int, int]) -> list[Candidate]:
    """First the one after which what the members have carried is most even, of those that take the
    day off from the fewest. Before all others come those that nobody could have better without
    somebody having it worse: nobody is burdened only to be as badly off as another.

    Chosen so each time on working days, the burden evens out as far as the seats allow: between
    two members the difference never exceeds the burden of one night, among the ten of the network
    it stays below two, where one convenient hour would have it grow with every meeting."""
    fair = _undominated(found)
    return sorted(
        found,
        key=lambda c: (
            c.off_duty,
            c.burdens not in fair,
            unevenness(added(carried, c)),
            c.total,
            c.starts_at,
        ),
    )


def _undominated(found: Iterable[Candidate]) -> frozenset[tuple[int, ...]]:
    """The burdens than which no others are better for one and worse for none, among those that
    take the day off from the fewest."""
    every = list(found)
    fewest = min((c.off_duty for c in every), default=0)
    burdens = {c.burdens for c in every if c.off_duty == fewest}
    return frozenset(
        own
        for own in burdens
        if not any(
            other != own and all(a <= b for a, b in zip(other, own, strict=True))
            for other in burdens
        )
    )


def carried_by(meetings: Iterable[Candidate]) -> dict[int, int]:
    """The ledger: the burden of each member over these meetings."""
    ledger: dict[int, int] = {}
    for meeting in meetings:
        ledger = added(ledger, meeting)
    return ledger


def added(carried: Mapping[int, int], candidate: Candidate) -> dict[int, int]:
    there = {each.seat.id: each.burden for each in candidate.there}
    return {id_: carried.get(id_, 0) + burden for id_, burden in there.items()}


def unevenness(carried: Mapping[int, int]) -> Fraction:
    """The sum of the squares of how far each is from the mean."""
    if not carried:
        return Fraction()
    mean = Fraction(sum(carried.values()), len(carried))
    return sum(((burden - mean) ** 2 for burden in carried.values()), Fraction())


def spread(carried: Mapping[int, int]) -> int:
    """Between who carried most and who carried least."""
    return max(carried.values()) - min(carried.values()) if carried else 0


def _there(start: datetime, minutes: int, seat: Seat) -> There:
    zone = ZoneInfo(seat.zone)
    steps = range(max(1, -(-minutes // 30)))
    moments = [(start + n * STEP).astimezone(zone) for n in steps]
    found = (band_at(moment.time(), seat.week) for moment in moments)
    band = max(found, key=lambda band: BURDEN[band])
    days = dict.fromkeys(moment.date() for moment in moments)
    is_weekend = any(day.weekday() in seat.week.weekend for day in days)
    holiday = next((seat.holidays[day] for day in days if day in seat.holidays), "")
    off_duty = OFF_DUTY if is_weekend or holiday else 0
    ends = (start + timedelta(minutes=minutes)).astimezone(zone)
    return There(seat, moments[0], ends, band, is_weekend, holiday, BURDEN[band] + off_duty)
