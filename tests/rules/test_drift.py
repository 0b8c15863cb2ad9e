"""Whether a series has drifted, who hosts next, and what a flexible cadence expects."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.days import Precision
from app.meetings.rules.adherence import Adherence, Sitting
from app.meetings.rules.drift import Drift, drift, hosts_in_turn
from app.meetings.rules.flexible import Interval, flexible_adherence, interval_of
from app.meetings.rules.recurrence import BadRecurrence

DAY = Precision.DAY
FIRST = date(2026, 1, 1)
MONTHLY = [FIRST + timedelta(days=30 * n) for n in range(12)]


def held(*days: int) -> list[Sitting]:
    return [Sitting(n, FIRST + timedelta(days=day), DAY) for n, day in enumerate(days)]


@pytest.mark.parametrize(
    ("days", "asked", "expected"),
    [
        ((0, 30, 60), 80, None),
        ((0, 37, 74), 80, None),
        ((0, 40, 80), 90, Drift(30, 40, False)),
        ((0, 15, 30), 40, Drift(30, 15, False)),
        # One that is long overdue tells it before it is held.
        ((0, 30), 100, Drift(30, 50, False)),
        ((0,), 20, None),
        ((0,), 100, Drift(30, 100, False)),
        ((), 100, None),
    ],
)
def test_a_series_has_drifted_when_its_gaps_are_off_by_a_quarter(
    days: tuple[int, ...], asked: int, expected: Drift | None
) -> None:
    assert drift(MONTHLY, held(*days), FIRST + timedelta(days=asked)) == expected


def test_only_the_newest_meetings_tell_of_drift() -> None:
    slow_once = (0, 200, 230, 260, 290, 320)
    assert drift(MONTHLY, held(*slow_once), FIRST + timedelta(days=330)) is None


def test_a_month_is_never_told_as_if_it_were_a_day() -> None:
    sittings = [Sitting(1, FIRST, DAY), Sitting(2, date(2026, 6, 1), Precision.MONTH)]
    found = drift(MONTHLY, sittings, date(2026, 6, 30))
    assert found is not None
    assert found.is_about


@given(
    st.permutations(range(6)),
    st.dictionaries(st.integers(0, 5), st.dates(date(2024, 1, 1), date(2026, 1, 1))),
)
def test_whoever_has_not_hosted_for_longest_is_next(
    order: list[int], last: dict[int, date]
) -> None:
    turns = hosts_in_turn(order, last)
    assert sorted(turns) == list(range(6))
    never = [member for member in order if member not in last]
    assert turns[: len(never)] == never
    days = [last[member] for member in turns[len(never) :]]
    assert days == sorted(days)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True), st.integers(1, 20))
def test_in_turn_nobody_hosts_twice_before_everybody_did(order: list[int], rounds: int) -> None:
    last: dict[int, date] = {}
    hosts = []
    for number in range(rounds):
        host = hosts_in_turn(order, last)[0]
        last[host] = FIRST + timedelta(days=number)
        hosts.append(host)
    assert hosts == [order[n % len(order)] for n in range(rounds)]


def test_a_flexible_cadence_counts_from_each_meeting_that_was_held() -> None:
    sittings = [Sitting(1, date(2025, 2, 20), DAY), Sitting(2, date(2025, 9, 5), DAY)]
    found = flexible_adherence(
        "FREQ=MONTHLY;INTERVAL=6", date(2025, 2, 1), sittings, date(2026, 1, 1)
    )
    assert [(e.day.isoformat(), e.state, e.days_off) for e in found] == [
        ("2025-02-01", Adherence.MET, (19, 19)),
        ("2025-08-20", Adherence.MET, (16, 16)),
        ("2026-03-05", Adherence.AHEAD, None),
    ]
    assert found[-1].window == (date(2026, 1, 19), date(2026, 4, 19))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 1, 18), Adherence.AHEAD),
        (date(2026, 1, 19), Adherence.DUE),
        (date(2026, 4, 19), Adherence.DUE),
        (date(2026, 4, 20), Adherence.NONE_RECORDED),
    ],
)
def test_its_window_opens_on_the_earliest_day_and_closes_after_the_latest(
    day: date, state: Adherence
) -> None:
    sittings = [Sitting(1, date(2025, 9, 5), DAY)]
    found = flexible_adherence("FREQ=MONTHLY;INTERVAL=6", date(2025, 9, 5), sittings, day)
    assert found[-1].state is state


def test_after_a_meeting_known_to_the_month_the_target_is_a_month() -> None:
    sittings = [Sitting(1, date(2025, 12, 1), Precision.MONTH)]
    found = flexible_adherence(
        "FREQ=MONTHLY;INTERVAL=6", date(2025, 12, 1), sittings, date(2026, 1, 1)
    )
    assert (found[-1].day, found[-1].precision) == (date(2026, 6, 1), Precision.MONTH)
    assert found[-1].window == (date(2026, 4, 17), date(2026, 8, 14))


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(1, 40))
def test_an_interval_of_months_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    after = Interval(months, 0).after(day)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day == day.day or (after + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "rule", ["FREQ=MONTHLY;BYDAY=1MO", "FREQ=HOURLY", "FREQ=WEEKLY;INTERVAL=0"]
)
def test_a_flexible_cadence_says_how_often_and_no_more(rule: str) -> None:
    with pytest.raises(BadRecurrence):
        interval_of(rule)
