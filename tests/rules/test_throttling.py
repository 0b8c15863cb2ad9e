"""Waiting after failures grows, ends, and is never a lock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.rules.throttling import LIMITS, Counted, neighbourhood, wait

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (14, 512), (15, 900), (10_000, 900)],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    found = wait(Counted.ACCOUNT_FROM_ADDRESS, failures, NOW, NOW)
    assert found == timedelta(seconds=seconds)


def test_what_was_counted_before_a_clock_was_set_back_keeps_nobody_waiting() -> None:
    ahead = NOW + timedelta(hours=1)
    assert wait(Counted.ACCOUNT_FROM_ADDRESS, 15, ahead, NOW) == timedelta(0)


def test_two_clocks_that_differ_a_little_wait_all_the_same() -> None:
    ahead = NOW + timedelta(seconds=30)
    assert wait(Counted.ACCOUNT_FROM_ADDRESS, 15, ahead, NOW) == timedelta(minutes=15, seconds=30)


@given(
    kind=st.sampled_from(Counted),
    failures=st.integers(0, 10**9),
    since=st.integers(0, 3 * 24 * 3600),
)
def test_whoever_waits_the_longest_wait_is_always_let_try(
    kind: Counted, failures: int, since: int
) -> None:
    limit = LIMITS[kind]
    left = wait(kind, failures, NOW - timedelta(seconds=since), NOW)
    assert timedelta(0) <= left <= limit.longest
    assert wait(kind, failures, NOW, NOW + limit.longest) == timedelta(0)
    if failures < limit.free:
        assert left == timedelta(0)


@given(kind=st.sampled_from(Counted), failures=st.integers(0, 60))
def test_one_more_failure_never_shortens_the_wait(kind: Counted, failures: int) -> None:
    assert wait(kind, failures + 1, NOW, NOW) >= wait(kind, failures, NOW, NOW)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_a_household_counts_as_one_address(address: str, counted: str) -> None:
    assert neighbourhood(address) == counted
