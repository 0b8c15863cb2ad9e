"""How far off a deadline is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.days import Precision, first_day, last_day
from app.deadlines.rules import Distance, Phase, distance

DAY, MONTH, YEAR = Precision.DAY, Precision.MONTH, Precision.YEAR


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "precision", "day", "expected"),
    [
        (date(2024, 11, 20), date(2024, 11, 21), DAY, date(2024, 11, 19), (Phase.AHEAD, 1)),
        (date(2024, 11, 20), date(2024, 11, 21), DAY, date(2024, 11, 20), (Phase.UNDER_WAY, 0)),
        (date(2024, 11, 20), date(2024, 11, 21), DAY, date(2024, 11, 21), (Phase.UNDER_WAY, 0)),
        (date(2024, 11, 20), date(2024, 11, 21), DAY, date(2024, 11, 22), (Phase.PAST, 1)),
        (date(2025, 12, 1), None, MONTH, date(2025, 11, 30), (Phase.AHEAD, 1)),
        (date(2025, 12, 1), None, MONTH, date(2025, 12, 31), (Phase.UNDER_WAY, 0)),
        (date(2025, 12, 1), None, MONTH, date(2026, 1, 1), (Phase.PAST, 1)),
        (date(2027, 1, 1), None, YEAR, date(2026, 11, 24), (Phase.AHEAD, 38)),
        (date(2027, 1, 1), None, YEAR, date(2027, 7, 1), (Phase.UNDER_WAY, 0)),
        (date(2027, 1, 1), None, YEAR, date(2028, 1, 2), (Phase.PAST, 2)),
    ],
)
def test_days_are_counted_to_the_first_day_and_from_the_last(
    starts_on: date,
    ends_on: date | None,
    precision: Precision,
    day: date,
    expected: tuple[Phase, int],
) -> None:
    found = distance(starts_on, ends_on, precision, day, day)
    assert (found.phase, found.days) == expected
    assert found.is_exact is (precision is DAY)


def test_it_is_not_past_while_its_last_day_still_runs_somewhere() -> None:
    last = date(2024, 11, 21)
    found = distance(last, None, DAY, day=date(2024, 11, 22), dueness=last)
    assert found == Distance(Phase.UNDER_WAY, 0, is_exact=True)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(0, 10),
    st.sampled_from(Precision),
    st.dates(date(1999, 1, 1), date(2102, 1, 1)),
)
def test_the_days_lead_to_the_first_day_or_back_to_the_last(
    starts_on: date, lasts: int, precision: Precision, day: date
) -> None:
    ends_on = starts_on + timedelta(days=lasts)
    found = distance(starts_on, ends_on, precision, day, day)
    first, last = first_day(starts_on, precision), last_day(starts_on, ends_on, precision)
    match found.phase:
        case Phase.AHEAD:
            assert day + timedelta(days=found.days) == first > day
        case Phase.PAST:
            assert day - timedelta(days=found.days) == last < day
        case Phase.UNDER_WAY:
            assert first <= day <= last
            assert found.days == 0
