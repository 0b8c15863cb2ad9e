"""The figures that a reader of the public record would count by hand."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

PLAN, RECORD = (Path(__file__).parents[3] / "data" / name for name in ("plan.yaml", "record.yaml"))

# The state that holds on a day for every account, with the deadline's date as it stood then.
ON_A_DAY = """
SELECT d.key, s.status, n.due_on, s.delivered_on
FROM deliverables d
JOIN deliverable_states s ON s.deliverable_id = d.id AND s.from_on <= :day AND s.until_on > :day
JOIN deadline_dates n ON n.deadline_id = s.deadline_id AND n.from_on <= :day AND n.until_on > :day
JOIN deadlines e ON e.id = n.deadline_id
WHERE e.key = :deadline AND s.for_all AND d.exists_from <= :day AND e.exists_from <= :day
"""
CLOSED = {"delivered", "dropped", "deferred"}


@pytest.fixture(autouse=True)
def imported(bring_in: Any) -> None:
    bring_in(PLAN, RECORD)


def on(session: Session, deadline: str, day: date) -> dict[str, tuple[str, date, date | None]]:
    found = session.execute(text(ON_A_DAY), {"deadline": deadline, "day": day.isoformat()})
    return {key: (status, as_day(due), as_day(done)) for key, status, due, done in found}  # type: ignore[misc]


def as_day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def delivered(session: Session, deadline: str, day: date) -> set[str]:
    return {
        key for key, (status, *_) in on(session, deadline, day).items() if status == "delivered"
    }


def total(session: Session, deadline: str, day: date) -> int:
    return sum(status != "dropped" for status, *_ in on(session, deadline, day).values())


def overdue(session: Session, deadline: str, day: date) -> dict[str, timedelta]:
    return {
        key: day - due
        for key, (status, due, _) in on(session, deadline, day).items()
        if due < day and status not in CLOSED
    }


def test_the_convening_has_none_of_three_before_it_and_four_of_six_at_its_end(
    session: Session,
) -> None:
    eve, end = date(2024, 11, 19), date(2024, 11, 21)
    assert (delivered(session, "convening", eve), total(session, "convening", eve)) == (set(), 3)
    assert total(session, "convening", end) == 6
    four = {"statement", "risk-statement", "synthetic-funding", "joint-test-1"}
    assert delivered(session, "convening", end) == four


def test_two_deliverables_of_the_convening_are_overdue_the_day_after_it(session: Session) -> None:
    assert overdue(session, "convening", date(2024, 11, 21)) == {}
    late = overdue(session, "convening", date(2024, 11, 22))
    assert late.keys() == {"research-agenda", "cadence"}


def test_the_summit_has_one_of_five_and_four_overdue_the_day_after_it(session: Session) -> None:
    day = date(2025, 2, 12)
    assert (delivered(session, "summit", day), total(session, "summit", day)) == (
        {"joint-test-2"},
        5,
    )
    assert len(overdue(session, "summit", day)) == 4


def test_the_input_to_the_code_is_thirty_days_late_on_the_first_of_june(session: Session) -> None:
    assert overdue(session, "eu-code", date(2025, 6, 1)) == {"code-input": timedelta(days=30)}


def test_the_input_to_the_code_was_delivered_69_days_late(session: Session) -> None:
    status, due, done = on(session, "eu-code", date(2025, 7, 10))["code-input"]
    assert done is not None
    assert (status, (done - due).days) == ("delivered", 69)


def test_a_date_is_known_no_better_than_its_source_knows_it(session: Session) -> None:
    found = session.execute(
        text(
            "SELECT d.key, n.precision, CAST(n.due_on AS TEXT) FROM deadlines d "
            "JOIN deadline_dates n ON n.deadline_id = d.id WHERE n.precision <> 'day'"
        )
    )
    assert {tuple(row) for row in found} == {
        ("geneva", "year", "2027-12-31"),
        ("san-diego", "month", "2025-12-31"),
        ("delhi", "month", "2026-02-28"),
    }
