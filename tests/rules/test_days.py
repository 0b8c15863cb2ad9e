from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.days import Precision, first_day, last_day, parse_day

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "precision", "expected"),
    [
        (date(2024, 11, 20), date(2024, 11, 21), Precision.DAY, date(2024, 11, 21)),
        (date(2025, 5, 2), None, Precision.DAY, date(2025, 5, 2)),
        (date(2025, 12, 1), None, Precision.MONTH, date(2025, 12, 31)),
        (date(2024, 2, 1), None, Precision.MONTH, date(2024, 2, 29)),
        (date(2100, 2, 1), None, Precision.MONTH, date(2100, 2, 28)),
        (date(2025, 12, 1), date(2026, 1, 1), Precision.MONTH, date(2026, 1, 31)),
        (date(2027, 1, 1), None, Precision.YEAR, date(2027, 12, 31)),
    ],
)
def test_a_deadline_falls_due_on_the_last_day_of_what_is_known(
    starts_on: date, ends_on: date | None, precision: Precision, expected: date
) -> None:
    assert last_day(starts_on, ends_on, precision) == expected


@given(DAYS)
def test_the_days_of_a_month_are_those_between_its_first_and_last(day: date) -> None:
    first, last = first_day(day, Precision.MONTH), last_day(day, None, Precision.MONTH)
    assert first <= day <= last
    assert {first.month, last.month} == {day.month}
    assert (first - timedelta(1)).month != day.month != (last + timedelta(1)).month


@given(DAYS)
def test_the_days_of_a_year_are_those_between_its_first_and_last(day: date) -> None:
    first, last = first_day(day, Precision.YEAR), last_day(day, None, Precision.YEAR)
    assert (first - timedelta(1)).year + 1 == day.year == (last + timedelta(1)).year - 1


@given(DAYS)
def test_what_is_known_to_the_day_starts_on_that_day(day: date) -> None:
    assert first_day(day, Precision.DAY) == day


@given(DAYS)
def test_a_day_written_in_full_is_read_back(day: date) -> None:
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "", "20241120", "2024-W47-3", "2024-325", "2024-11-31", "2023-02-29", "2024-1-2",
        "1899-12-31", "2201-01-01", " 2024-11-20", "2024-11-20\n", "2024-11-20T00:00",
        "20/11/2024", "+024-11-20", "٢٠٢٤-\u0661\u0661-٢٠", "today",
    ],
)  # fmt: skip
def test_anything_but_a_full_day_within_the_years_of_the_plan_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the contract is ValueError, the text is data)
        parse_day(text)
