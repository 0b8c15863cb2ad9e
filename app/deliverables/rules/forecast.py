"""The chance that a deliverable is done in time, from how the network's work moved so far.

The method, its assumptions and how well it is calibrated are described in docs/forecast.md. The
same history gives the same numbers; where it is too thin it gives none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import prod

from app.deliverables.rules.moves import ACTIVE, Status

NEAR_DAYS = 30
"""The last days before a due day, in which work moves at another pace."""
LEAST_DELIVERIES = 10
LEAST_EXITS = 10
"""So often must something have been delivered, and have left a status, before a number is given."""
PRIOR_EXITS = 3.0
"""How many exits the pace over all days weighs against what was seen near or far from due days."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One deliverable in one status with one due day: days `from_on` to `until_on`, that not
    included. `then` is the status on `until_on`, the same where only the due day changed."""

    status: Status
    from_on: date
    until_on: date
    due_on: date | None
    then: Status


class Pace(StrEnum):
    FAR = "far"
    NEAR = "near"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one status: nights spent in it, and the nights after which it was left."""

    nights: int
    exits: Mapping[Status, int]

    @property
    def left(self) -> int:
        return sum(self.exits.values())


@dataclass(frozen=True, slots=True)
class History:
    """By status, and by pace and status."""

    overall: Mapping[Status, Seen]
    by_pace: Mapping[tuple[Pace, Status], Seen]

    @property
    def deliveries(self) -> int:
        return sum(seen.exits.get(Status.DELIVERED, 0) for seen in self.overall.values())


class Verdict(StrEnum):
    """What can be said of one deliverable. Only `chance` and `thin` look ahead."""

    IN_TIME = "in_time"
    TOO_LATE = "too_late"
    CHANCE = "chance"
    THIN = "thin"
    RESTING = "resting"
    UNDATED = "undated"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Shortage:
    """Too few of something were seen: exits from `status`, or deliveries where that is None."""

    status: Status | None
    found: int
    needed: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """`chance` is 0 to 1, and None where nothing can be said."""

    verdict: Verdict
    chance: float | None = None
    shortages: tuple[Shortage, ...] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """That all of them are done in time: `chance` if each goes its own way, and the bounds that
    hold however they hang together. None where one of them has no number."""

    chance: float | None
    least: float
    most: float
    silent: int
    """How many of them have no number."""


def learn(stays: Iterable[Stay], day: date) -> History:
    """Count what was seen up to `day`: each night from one day to the next is one trial."""
    nights: Counter[tuple[Pace, Status]] = Counter()
    exits: Counter[tuple[Pace, Status, Status]] = Counter()
    for stay in stays:
        if stay.from_on >= min(stay.until_on, day):
            continue
        for pace, count in _nights(stay, day).items():
            nights[pace, stay.status] += count
        if stay.until_on <= day and stay.then is not stay.status:
            exits[_pace(stay.due_on, stay.until_on), stay.status, stay.then] += 1
    return History(
        {s: _seen(nights, exits, tuple(Pace), s) for s in Status},
        {(pace, s): _seen(nights, exits, (pace,), s) for pace in Pace for s in Status},
    )


class Outlook:
    """Looks ahead from one history. What was worked out once for a number of nights is kept."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._far = _step(history, Pace.FAR)
        self._near = _step(history, Pace.NEAR)
        self._through: dict[int, _Matrix] = {}

    def forecast(
        self, status: Status, due_on: date | None, delivered_on: date | None, nights: int
    ) -> Forecast:
        """`nights` are left until the end of the due day, as `nights_left` counts them."""
        if status is Status.DROPPED:
            return Forecast(Verdict.OUT)
        if due_on is None:
            return Forecast(Verdict.UNDATED)
        if status is Status.DELIVERED:
            is_late = delivered_on is not None and delivered_on > due_on
            return Forecast(Verdict.TOO_LATE, 0.0) if is_late else Forecast(Verdict.IN_TIME, 1.0)
        if nights <= 0:
            return Forecast(Verdict.TOO_LATE, 0.0)
        if status not in ACTIVE:
            return Forecast(Verdict.RESTING)
        shortages = thin(self._history, status)
        if shortages:
            return Forecast(Verdict.THIN, shortages=shortages)
        return Forecast(Verdict.CHANCE, self.chance(status, nights))

    def chance(self, status: Status, nights: int) -> float:
        """That work in an active status is delivered within so many nights, the last NEAR_DAYS at
        the pace of due days. What is deferred or dropped on the way does not come back in time."""
        if nights not in self._through:
            near = min(nights, NEAR_DAYS)
            far = _power(self._far, nights - near)
            self._through[nights] = _product(far, _power(self._near, near))
        through = self._through[nights]
        found = through[_PLACES.index(status)][_PLACES.index(Status.DELIVERED)]
        return min(1.0, max(0.0, found))


def nights_left(due_on: date, dueness: date, *, day_is_over: bool) -> int:
    """Nights in which it can still be delivered. A day that still runs somewhere counts whole."""
    return (due_on - dueness).days + (0 if day_is_over else 1)


def thin(history: History, status: Status) -> tuple[Shortage, ...]:
    """What is missing to say anything about work in this status, and the statuses ahead of it."""
    few = []
    if history.deliveries < LEAST_DELIVERIES:
        few.append(Shortage(None, history.deliveries, LEAST_DELIVERIES))
    for ahead in _ahead(history, status):
        left = history.overall[ahead].left
        if left < LEAST_EXITS:
            few.append(Shortage(ahead, left, LEAST_EXITS))
    return tuple(few)


def together(forecasts: Iterable[Forecast]) -> Together:
    """Over what counts towards a deadline: what was dropped or has no date is left out."""
    counted = [f for f in forecasts if f.verdict not in {Verdict.OUT, Verdict.UNDATED}]
    known = [f.chance for f in counted if f.chance is not None]
    silent = len(counted) - len(known)
    most = min(known, default=1.0)
    if most == 0:
        return Together(0.0, 0.0, 0.0, silent)
    least = 0.0 if silent else max(0.0, sum(known) - (len(known) - 1))
    return Together(None if silent else prod(known), least, most, silent)


# --- One night ---------------------------------------------------------------------------------

# Those that can still be delivered, then those that count as settled.
_MOVING = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.IN_REVIEW)
_PLACES = (*_MOVING, Status.DELIVERED, Status.DEFERRED, Status.DROPPED)
_Matrix = tuple[tuple[float, ...], ...]


def _step(history: History, pace: Pace) -> _Matrix:
    """The chance to go from each place to each in one night."""
    rows = []
    for status in _PLACES:
        away = _rates(history, pace, status) if status in _MOVING else {}
        stays = 1.0 - sum(away.values())
        rows.append(tuple(stays if to is status else away.get(to, 0.0) for to in _PLACES))
    return tuple(rows)


def _rates(history: History, pace: Pace, status: Status) -> dict[Status, float]:
    """The share of nights after which `status` is left for each other: at this pace, drawn towards
    that over all days as if PRIOR_EXITS exits had been seen at that."""
    overall, here = history.overall[status], history.by_pace[pace, status]
    if not overall.left:
        return {}
    weight = PRIOR_EXITS * overall.nights / overall.left
    return {
        to: (here.exits.get(to, 0) + weight * exits / overall.nights) / (here.nights + weight)
        for to, exits in overall.exits.items()
    }


def _product(a: _Matrix, b: _Matrix) -> _Matrix:
    columns = tuple(zip(*b, strict=True))
    return tuple(
        tuple(sum(x * y for x, y in zip(row, column, strict=True)) for column in columns)
        for row in a
    )


def _power(step: _Matrix, times: int) -> _Matrix:
    result: _Matrix = tuple(
        tuple(1.0 if i == j else 0.0 for j in range(len(step))) for i in range(len(step))
    )
    while times > 0:
        if times & 1:
            result = _product(result, step)
        step = _product(step, step)
        times >>= 1
    return result


def _ahead(history: History, status: Status) -> Sequence[Status]:
    """`status` and the active ones that work was seen to reach from it, in their order."""
    reached = {status}
    for _ in _MOVING:
        reached |= {to for s in reached for to in history.overall[s].exits if to in ACTIVE}
    return [s for s in _MOVING if s in reached]


# --- Counting ----------------------------------------------------------------------------------


def _nights(stay: Stay, day: date) -> Counter[Pace]:
    """The nights of a stay by the pace of the day that each leads to."""
    first, last = stay.from_on.toordinal() + 1, min(stay.until_on, day).toordinal()
    total = last - first + 1
    if stay.due_on is None:
        return Counter({Pace.FAR: total})
    due = stay.due_on.toordinal()
    far = _overlap(first, last, first, due - NEAR_DAYS)
    near = _overlap(first, last, due - NEAR_DAYS + 1, due)
    return Counter({Pace.FAR: far, Pace.NEAR: near, Pace.LATE: total - far - near})


def _overlap(first: int, last: int, start: int, end: int) -> int:
    return max(0, min(last, end) - max(first, start) + 1)


def _pace(due_on: date | None, day: date) -> Pace:
    left = None if due_on is None else (due_on - day).days
    if left is None or left >= NEAR_DAYS:
        return Pace.FAR
    return Pace.NEAR if left >= 0 else Pace.LATE


def _seen(
    nights: Mapping[tuple[Pace, Status], int],
    exits: Mapping[tuple[Pace, Status, Status], int],
    paces: Sequence[Pace],
    status: Status,
) -> Seen:
    counts = {to: sum(exits.get((pace, status, to), 0) for pace in paces) for to in Status}
    return Seen(
        sum(nights.get((pace, status), 0) for pace in paces),
        {to: count for to, count in counts.items() if count},
    )
