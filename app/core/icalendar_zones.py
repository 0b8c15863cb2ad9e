"""Time zones as RFC 5545 text: from one year on, changes of the clock as yearly rules.

Where the clocks change by no rule that iCalendar knows, each change is listed, for as many years
as are looked ahead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

YEARS_AHEAD = 30
"""Long enough for every day of a month to have been every day of the week."""
LEAST_YEARS = 10
"""For how long a rule must hold to be taken for one."""
_STEP = timedelta(days=7)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Change:
    """`wall` is what the clock shows just before it is put back or forward."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def nature(self) -> tuple[timedelta, timedelta, str, bool]:
        return self.before, self.after, self.name, self.is_summer


@lru_cache(maxsize=256)
def zone_lines(name: str, from_year: int) -> tuple[str, ...]:
    """The VTIMEZONE of a zone, right for everything from the beginning of `from_year` on."""
    zone = ZoneInfo(name)
    begins = datetime(from_year - 1, 1, 1, tzinfo=UTC)
    changes = list(_changes(zone, begins, begins.replace(year=from_year + YEARS_AHEAD)))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    lines += _observance(_state(zone, begins), "19700101T000000")
    ordered = sorted(changes, key=lambda change: (change.nature, change.wall))
    for _, group in groupby(ordered, key=lambda change: change.nature):
        lines += _observances(list(group))
    return (*lines, "END:VTIMEZONE")


def _changes(zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[Change]:
    moment = begins
    while moment < ends:
        if _offset(zone, moment) != _offset(zone, moment + _STEP):
            change = _moment_of_change(zone, moment, moment + _STEP)
            before, after = _offset(zone, moment), _offset(zone, change)
            wall = change.astimezone(timezone(before)).replace(tzinfo=None)
            local = change.astimezone(zone)
            yield Change(wall, before, after, local.tzname() or "", bool(local.dst()))
        moment += _STEP


def _moment_of_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second at which the offset is the new one."""
    low, high = int(before.timestamp()), int(after.timestamp())
    old = _offset(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        is_old = _offset(zone, datetime.fromtimestamp(middle, UTC)) == old
        low, high = (middle, high) if is_old else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def _observances(changes: Sequence[Change]) -> Iterator[str]:
    """Changes of one nature: those from some year on as a rule, what comes before one by one."""
    first = next((n for n in range(len(changes)) if _rule(changes[n:])), len(changes))
    if first:
        # The first day too: ical.js takes none from DTSTART where there are others.
        listed = changes[:first] if first > 1 else ()
        days = [f"RDATE:{change.wall:%Y%m%dT%H%M%S}" for change in listed]
        yield from _observance(changes[0], f"{changes[0].wall:%Y%m%dT%H%M%S}", *days)
    if first < len(changes):
        begins, rule = changes[first], _rule(changes[first:])
        yield from _observance(begins, f"{begins.wall:%Y%m%dT%H%M%S}", f"RRULE:{rule}")


def _rule(changes: Sequence[Change]) -> str:
    """The yearly rule that gives exactly these days; empty where there is none."""
    walls = [change.wall for change in changes]
    years = [wall.year for wall in walls]
    is_yearly = years == list(range(years[0], years[0] + len(years)))
    is_steady = len({(wall.month, wall.time()) for wall in walls}) == 1
    if not is_yearly or not is_steady or len(years) < LEAST_YEARS:
        return ""
    days = _days(walls)
    return f"FREQ=YEARLY;BYMONTH={walls[0].month};{days}" if days else ""


def _days(walls: Sequence[datetime]) -> str:
    days = {wall.day for wall in walls}
    if len(days) == 1:
        return f"BYMONTHDAY={walls[0].day}"
    if len({wall.weekday() for wall in walls}) > 1 or max(days) - min(days) > 6:
        return ""
    weekday = _WEEKDAYS[walls[0].weekday()]
    if all((wall + timedelta(days=7)).month != wall.month for wall in walls):
        return f"BYDAY=-1{weekday}"
    weeks = {(day - 1) // 7 + 1 for day in days}
    if len(weeks) == 1:
        return f"BYDAY={weeks.pop()}{weekday}"
    possible = ",".join(str(day) for day in range(min(days), max(days) + 1))
    return f"BYMONTHDAY={possible};BYDAY={weekday}"


def _observance(change: Change, begins: str, *when: str) -> list[str]:
    kind = "DAYLIGHT" if change.is_summer else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{begins}",
        f"TZOFFSETFROM:{_signed(change.before)}",
        f"TZOFFSETTO:{_signed(change.after)}",
        f"TZNAME:{change.name}",
        *when,
        f"END:{kind}",
    ]


def _state(zone: ZoneInfo, moment: datetime) -> Change:
    local, offset = moment.astimezone(zone), _offset(zone, moment)
    return Change(
        local.replace(tzinfo=None), offset, offset, local.tzname() or "", bool(local.dst())
    )


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _signed(offset: timedelta) -> str:
    seconds = int(abs(offset).total_seconds())
    hours, rest = divmod(seconds, 3600)
    minutes, odd = divmod(rest, 60)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{hours:02}{minutes:02}" + (f"{odd:02}" if odd else "")
