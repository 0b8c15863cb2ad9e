"""What differs between two versions, and the clock of a meeting that runs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agendas.rules.clock import Timed, beginnings, clock
from app.agendas.rules.content import ContentItem
from app.agendas.rules.difference import Difference, compared
from app.agendas.rules.schedule import ItemKind
from app.core.markings import Marking

BEGUN = datetime(2026, 12, 2, 9, tzinfo=UTC)


def item(number: int | None, title: str = "", **values: object) -> ContentItem:
    plain = ContentItem(
        kind=ItemKind.DISCUSSION, title=title or f"Item {number}", note="", minutes=10,
        in_writing=False, presenter="", member_code="", member_name="", marking=Marking.GREEN,
        audience_id=None, deliverable_id=None, decision_id=None, action_id=None, item_id=number,
    )  # fmt: skip
    return replace(plain, **values)  # type: ignore[arg-type]


def told(before: list[ContentItem], after: list[ContentItem]) -> list[tuple[str, str]]:
    return [(row.kind.value, row.item.title) for row in compared(before, after)]


def test_added_dropped_and_changed_items_are_told_apart() -> None:
    one, two, three = item(1), item(2), item(3)
    changed = replace(two, minutes=25, title="Item 2, longer")
    rows = compared([one, two, three], [one, changed, item(4)])
    assert [row.kind for row in rows] == [
        Difference.SAME,
        Difference.CHANGED,
        Difference.ADDED,
        Difference.DROPPED,
    ]
    assert rows[1].changed == ("title", "minutes")


def test_one_item_that_moves_is_one_that_moved_and_not_all_that_it_passed() -> None:
    items = [item(n) for n in range(1, 7)]
    rows = compared(items, [items[5], *items[:5]])
    assert [row.item.item_id for row in rows if row.is_moved] == [6]


def test_before_items_had_numbers_they_are_known_by_their_titles() -> None:
    old = [item(None, "A"), item(None, "B")]
    assert told(old, [item(7, "A"), item(8, "C")]) == [
        ("same", "A"),
        ("added", "C"),
        ("dropped", "B"),
    ]


numbers = st.lists(st.integers(1, 9), unique=True)


@given(numbers, numbers)
def test_every_item_of_both_versions_is_told_once(before: list[int], after: list[int]) -> None:
    rows = compared([item(n) for n in before], [item(n) for n in after])
    assert sorted(r.before.item_id or 0 for r in rows if r.before) == sorted(before)
    assert [r.after.item_id for r in rows if r.after] == after
    assert {r.item.item_id for r in rows if r.kind is Difference.ADDED} == set(after) - set(before)
    steady = [r.item.item_id for r in rows if r.before and r.after and not r.is_moved]
    assert steady == sorted(steady, key=before.index)


@given(numbers)
def test_a_version_does_not_differ_from_itself(order: list[int]) -> None:
    items = [item(n) for n in order]
    assert all(row.kind is Difference.SAME for row in compared(items, items))


class Set:
    def __init__(self, starts_at: datetime | None, zone: str = "Africa/Nairobi") -> None:
        self.starts_at, self.zone = starts_at, zone


def test_items_begin_one_after_the_other_on_the_clock_of_the_meeting() -> None:
    assert beginnings(Set(BEGUN), [30, 45, 0, 15]) == ["12:00", "12:30", "13:15", "13:15"]
    assert beginnings(Set(None), [30, 45, 5]) == ["0:00", "0:30", "1:15"]


@pytest.mark.parametrize(
    ("minutes_on", "left", "over"), [(0, 600, 0), (4, 360, 0), (10, 0, 0), (13, -180, 180)]
)
def test_the_clock_tells_what_is_left_and_by_how_much_the_meeting_will_be_late(
    minutes_on: int, left: int, over: int
) -> None:
    items = [Timed(10, 0, BEGUN, False), Timed(20, 0, None, False)]
    found = clock(items, BEGUN, BEGUN + timedelta(minutes=minutes_on))
    assert (found.elapsed, found.left, found.over) == (minutes_on * 60, left, over)


def test_what_was_shorter_than_planned_is_gained_and_a_break_is_lost() -> None:
    done = Timed(30, 600, None, True)
    current = Timed(10, 0, BEGUN + timedelta(minutes=15), False)
    found = clock([done, current], BEGUN, BEGUN + timedelta(minutes=15))
    assert found.over == -15 * 60
