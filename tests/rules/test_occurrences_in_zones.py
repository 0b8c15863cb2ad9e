"""Occurrences over clock changes, against an implementation that shares no code with ours: it walks
from day to day, counts weekdays on its fingers, and finds the instant by trying every minute."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.meetings.rules.pattern import PLACES, Every, Pattern, pattern_of, rule_of
from app.meetings.rules.recurrence import expected, occurrences_at

ZONES = ["Pacific/Auckland", "Africa/Nairobi", "Europe/London", "America/Los_Angeles"]
UNTIL = date(2028, 12, 31)


def is_nth(day: date, nth: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if nth == -1:
        return day.day + 7 > monthrange(day.year, day.month)[1]
    return (day.day - 1) // 7 + 1 == nth


def walked(pattern: Pattern, starts_on: date) -> list[date]:
    """From `starts_on` to UNTIL, day by day."""
    found = []
    monday = starts_on - timedelta(days=starts_on.weekday())
    for n in range((UNTIL - starts_on).days + 1):
        day = starts_on + timedelta(days=n)
        months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
        weeks = (day - monday).days // 7
        if pattern.every is Every.WEEKS:
            weekday = starts_on.weekday() if pattern.weekday is None else pattern.weekday
            fits = day.weekday() == weekday and weeks % pattern.number == 0
        else:
            steps = {Every.MONTHS: 1, Every.YEARS: 12}.get(pattern.every, 1) * pattern.number
            fits = (
                day.month in {1, 4, 7, 10}
                if pattern.every is Every.QUARTER
                else (months % steps == 0)
            )
            if pattern.nth is None:
                fits = fits and day.day == starts_on.day
            else:
                assert pattern.weekday is not None
                fits = fits and is_nth(day, pattern.nth, pattern.weekday)
        if fits:
            found.append(day)
    return found


def instant_by_trying(day: date, at: time, zone: str) -> datetime | None:
    """The first minute at which the clock on the wall there shows it; none in a skipped hour."""
    wall = datetime.combine(day, at)
    minute = (datetime.combine(day, at) - timedelta(hours=15)).replace(tzinfo=UTC)
    for _ in range(30 * 60):
        if minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall:
            return minute
        minute += timedelta(minutes=1)
    return None


weekdays = st.integers(0, 6)
patterns = st.one_of(
    st.builds(Pattern, st.just(Every.WEEKS), st.integers(1, 5), st.none(), st.none() | weekdays),
    st.builds(
        Pattern, st.just(Every.MONTHS), st.integers(1, 11), st.sampled_from(PLACES), weekdays
    ),
    st.builds(Pattern, st.just(Every.QUARTER), st.just(1), st.sampled_from(PLACES), weekdays),
    st.builds(Pattern, st.just(Every.YEARS), st.integers(1, 2), st.sampled_from(PLACES), weekdays),
    st.builds(Pattern, st.just(Every.MONTHS), st.integers(1, 11)),
)


@settings(max_examples=150, deadline=None)
@given(patterns, st.dates(date(2024, 1, 1), date(2026, 12, 28)))
def test_the_days_of_a_pattern_are_those_that_one_walks_to(
    pattern: Pattern, starts_on: date
) -> None:
    by_hand = walked(pattern, starts_on)
    found = expected(rule_of(pattern), starts_on, "UTC", UNTIL)
    assert [day for day in found if day <= UNTIL] == by_hand


@given(patterns)
def test_a_rule_that_the_form_builds_is_read_back_by_it(pattern: Pattern) -> None:
    assert pattern_of(rule_of(pattern)) == pattern


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(Every.MONTHS, 6, 3, 2),
        Pattern(Every.QUARTER, 1, 1, 0),
        Pattern(Every.WEEKS, 2, None, 4),
        # Sundays, on which the clocks change in London and in San Francisco.
        Pattern(Every.MONTHS, 1, -1, 6),
        Pattern(Every.MONTHS, 1, 1, 6),
    ],
)
@pytest.mark.parametrize("at", [time(9), time(14), time(23, 30), time(0, 15)])
def test_the_hour_stays_what_the_clock_there_shows_over_both_changes(
    zone: str, pattern: Pattern, at: time
) -> None:
    starts_on = date(2025, 1, 5)
    until = date(2026, 12, 31)
    found = occurrences_at(rule_of(pattern), starts_on, zone, until, at)
    days = [day for day in walked(pattern, starts_on) if day <= until]
    by_hand = [instant_by_trying(day, at, zone) for day in days]
    assert found[: len(by_hand)] == by_hand
    offsets = {moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in found}
    assert len(offsets) == (1 if zone == "Africa/Nairobi" else 2)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (Pattern(Every.MONTHS, 6, 3, 2), "FREQ=MONTHLY;INTERVAL=6;BYDAY=3WE"),
        (Pattern(Every.QUARTER, 1, 1, 0), "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=1MO"),
        (Pattern(Every.WEEKS, 1, None, 1), "FREQ=WEEKLY;BYDAY=TU"),
        (Pattern(Every.YEARS, 1, -1, 4), "FREQ=MONTHLY;INTERVAL=12;BYDAY=-1FR"),
        (Pattern(Every.MONTHS, 6), "FREQ=MONTHLY;INTERVAL=6"),
    ],
)
def test_a_pattern_is_written_as_rfc_5545_has_it(words: Pattern, rule: str) -> None:
    assert rule_of(words) == rule


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=2TU,4TU",
        "FREQ=WEEKLY;COUNT=4",
        "FREQ=MONTHLY;BYMONTHDAY=15",
        "FREQ=MONTHLY;BYMONTH=2,8;BYDAY=1MO",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=DAILY",
        "nonsense",
    ],
)
def test_what_the_form_cannot_say_is_left_to_experts(rule: str) -> None:
    assert pattern_of(rule) is None
