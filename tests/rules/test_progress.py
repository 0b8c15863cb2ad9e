from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.moves import Status
from app.deliverables.rules.progress import Progress, days_late, is_overdue, of

Row = tuple[Status, bool, int | None]
ROWS = st.lists(
    st.tuples(st.sampled_from(Status), st.booleans(), st.none() | st.integers(0, 100)), max_size=12
)
DUE = date(2025, 5, 2)


def counted(rows: Sequence[Row]) -> dict[str, object]:
    """The slow twin: one row after the other, by hand."""
    delivered = dropped = overdue = known = total_progress = 0
    for status, is_late, progress in rows:
        if status == "delivered":
            delivered += 1
        if status == "dropped":
            dropped += 1
        if is_late:
            overdue += 1
        if status != "dropped" and progress is not None:
            known += 1
            total_progress += progress
    total = len(rows) - dropped
    return {
        "delivered": delivered,
        "dropped": dropped,
        "overdue": overdue,
        "total": total,
        "share": delivered / total if total else None,
        "known_progress": known,
        "mean_progress": total_progress / known if known else None,
    }


@given(ROWS)
def test_the_progress_of_a_group_agrees_with_a_count_by_hand(rows: list[Row]) -> None:
    progress = of(rows)
    expected = counted(rows)
    assert {name: getattr(progress, name) for name in expected} == expected
    assert progress.by_status == {s: [row[0] for row in rows].count(s) for s in Status}


@given(ROWS, ROWS)
def test_the_progress_of_two_groups_is_the_sum_of_theirs(left: list[Row], right: list[Row]) -> None:
    assert of(left) + of(right) == of(left + right)


def test_a_group_of_nothing_has_no_share_and_no_mean() -> None:
    assert of(()) == Progress(dict.fromkeys(Status, 0), 0, 0, 0)
    assert of([(Status.DROPPED, False, 40)]).share is None
    assert of([(Status.DROPPED, False, 40)]).mean_progress is None
    assert of([(Status.IN_PROGRESS, False, None)]).mean_progress is None


def test_a_progress_of_zero_is_known() -> None:
    progress = of([(Status.IN_PROGRESS, False, 0), (Status.IN_PROGRESS, False, None)])
    assert (progress.known_progress, progress.mean_progress) == (1, 0)


@pytest.mark.parametrize(
    ("status", "can_be_late"),
    [
        (Status.NOT_STARTED, True),
        (Status.IN_PROGRESS, True),
        (Status.IN_REVIEW, True),
        (Status.DELIVERED, False),
        (Status.DEFERRED, False),
        (Status.DROPPED, False),
    ],
)
def test_active_work_is_overdue_from_the_day_after_its_due_day(
    status: Status, can_be_late: bool
) -> None:
    assert not is_overdue(status, DUE, DUE)
    assert is_overdue(status, DUE, DUE + timedelta(1)) == can_be_late
    assert not is_overdue(status, None, date.max)


def test_lateness_counts_to_the_delivery_or_else_to_the_day_asked_for() -> None:
    assert days_late(DUE, None, date(2025, 6, 1)) == 30
    assert days_late(DUE, date(2025, 7, 10), date(2026, 1, 1)) == 69
    assert days_late(DUE, date(2025, 5, 1), date(2026, 1, 1)) == 0
    assert days_late(DUE, None, DUE) == 0
