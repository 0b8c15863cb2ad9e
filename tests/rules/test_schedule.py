"""The schedule against definitions that look at every set of deliverables anew."""

import itertools
from datetime import date, timedelta
from graphlib import CycleError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.moves import ACTIVE, CLOSED, Status
from app.deliverables.rules.schedule import (
    Node,
    clashes,
    deciding,
    knock_on,
    moved,
    order,
    places,
)

DAY = date(2025, 1, 20)
KEYS = "abcdefg"
DUE = st.none() | st.integers(-20, 40).map(lambda n: DAY + timedelta(n))


@st.composite
def plans(draw: st.DrawFn) -> list[Node]:
    """Each needs some of those drawn before it, so there is no cycle."""
    keys = draw(st.permutations(KEYS))
    nodes = []
    for place, key in enumerate(keys):
        needs = draw(st.sets(st.sampled_from(keys[:place]), max_size=3)) if place else set()
        status = draw(st.sampled_from(Status))
        nodes.append(Node(key, status, draw(DUE), tuple(needs)))
    return draw(st.permutations(nodes))


def widened(nodes: list[Node], key: str, *, open_only: bool) -> set[str]:
    """The slow twin: add what anything in the set needs until the set stays the same."""
    of = {node.key: node for node in nodes}
    reached: set[str] = {key}
    for _ in nodes:
        for member in tuple(reached):
            for needed in of[member].needs:
                both_open = of[member].status not in CLOSED and of[needed].status not in CLOSED
                if both_open or not open_only:
                    reached.add(needed)
    return reached - {key}


@given(plans())
def test_what_must_come_first_and_what_waits_are_each_others_mirror(nodes: list[Node]) -> None:
    found = places(nodes, DAY)
    for node in nodes:
        assert set(found[node.key].before) == widened(nodes, node.key, open_only=False)
        waiting = {n.key for n in nodes if node.key in widened(nodes, n.key, open_only=False)}
        assert set(found[node.key].after) == waiting


@given(plans())
def test_every_list_names_a_thing_after_what_it_needs(nodes: list[Node]) -> None:
    of = {node.key: node for node in nodes}
    for listed in (order(nodes), *(p.before for p in places(nodes, DAY).values())):
        for place, key in enumerate(listed):
            assert not set(of[key].needs) & set(listed[place + 1 :])


@given(plans())
def test_nothing_comes_before_the_last_due_day_of_what_it_still_waits_for(
    nodes: list[Node],
) -> None:
    of = {node.key: node for node in nodes}
    for key, place in places(nodes, DAY).items():
        waits_for = widened(nodes, key, open_only=True)
        days = [of[k].due_on for k in waits_for]
        assert place.earliest_on == max([DAY, *(day for day in days if day)])
        unsure = {k for k in waits_for if not of[k].due_on or of[k].status is Status.DEFERRED}
        assert set(place.uncertain) == unsure
        if of[key].status in CLOSED or of[key].due_on is None:
            assert place.slack_days is None
        else:
            assert place.slack_days == (of[key].due_on - place.earliest_on).days  # type: ignore[operator]


@given(plans())
def test_the_chain_is_a_path_of_open_links_that_explains_the_earliest_day(
    nodes: list[Node],
) -> None:
    of = {node.key: node for node in nodes}
    for key, place in places(nodes, DAY).items():
        *links, last = place.chain
        assert last == key
        assert all(first in of[then].needs for first, then in itertools.pairwise(place.chain))
        assert all(of[k].status not in CLOSED for k in links)
        assert not widened(nodes, place.chain[0], open_only=True)
        assert place.earliest_on == max([DAY, *(d for k in links if (d := of[k].due_on))])


@given(plans())
def test_a_thing_is_needed_by_the_first_due_day_of_what_waits_for_it(nodes: list[Node]) -> None:
    of = {node.key: node for node in nodes}
    for key, place in places(nodes, DAY).items():
        waiting = [n for n in nodes if key in widened(nodes, n.key, open_only=True)]
        days = [n.due_on for n in waiting if n.due_on]
        assert place.needed_by == (min(days) if days and of[key].status not in CLOSED else None)


@given(plans())
def test_the_order_of_the_rows_makes_no_difference(nodes: list[Node]) -> None:
    assert places(nodes, DAY) == places(sorted(nodes, key=lambda n: n.key), DAY)


@given(plans(), st.dictionaries(st.sampled_from(KEYS), DUE, max_size=3))
def test_what_a_move_brings_about_is_the_difference_between_before_and_after(
    nodes: list[Node], due: dict[str, date | None]
) -> None:
    after = moved(nodes, due)
    told = knock_on(nodes, due, DAY)

    def clashing(some: list[Node]) -> set[tuple[str, str]]:
        return {
            (a.key, b.key)
            for a in some
            for b in some
            if b.key in a.needs
            and a.status in ACTIVE
            and b.status not in CLOSED
            and (a.due_on or date.max) < (b.due_on or date.min)
        }

    def late(some: list[Node]) -> set[str]:
        return {n.key for n in some if n.status in ACTIVE and n.due_on and n.due_on < DAY}

    assert clashing(nodes) == clashes(nodes)
    assert set(told.clashes_made) == clashing(list(after)) - clashing(nodes)
    assert set(told.clashes_ended) == clashing(nodes) - clashing(list(after))
    assert set(told.overdue_made) == late(list(after)) - late(nodes)
    assert set(told.overdue_ended) == late(nodes) - late(list(after))
    assert {key for key, _, _ in told.moved} == {
        n.key for n in nodes if n.key in due and due[n.key] != n.due_on
    }
    old, new = places(nodes, DAY), places(after, DAY)
    for key, was, left in told.room_lost:
        assert key not in due
        assert (old[key].slack_days, new[key].slack_days) == (was, left)
        assert left < was


def test_a_deadline_is_decided_by_the_chain_with_the_least_room() -> None:
    nodes = [
        Node("terms", Status.IN_PROGRESS, date(2025, 2, 11)),
        Node("methods", Status.NOT_STARTED, None, ("terms",)),
        Node("input", Status.NOT_STARTED, date(2025, 5, 2), ("methods",)),
        Node("other", Status.NOT_STARTED, date(2025, 5, 2)),
    ]
    found = places(nodes, DAY)
    decides = deciding(found, ["input", "other"])
    assert decides is not None
    assert decides.chain == ("terms", "methods", "input")
    assert decides.slack_days == (date(2025, 5, 2) - date(2025, 2, 11)).days == 80
    assert decides.uncertain == ("methods",)
    assert found["methods"].needed_by == date(2025, 5, 2)


def test_what_is_done_holds_nobody_up() -> None:
    nodes = [
        Node("late", Status.NOT_STARTED, date(2026, 1, 1)),
        Node("done", Status.DELIVERED, date(2026, 1, 1), ("late",)),
        Node("next", Status.NOT_STARTED, date(2025, 2, 1), ("done",)),
    ]
    place = places(nodes, DAY)["next"]
    assert (place.earliest_on, place.slack_days, place.chain) == (DAY, 12, ("next",))
    assert place.before == ("late", "done")


def test_nothing_open_with_a_date_decides_nothing() -> None:
    nodes = [Node("done", Status.DELIVERED, DAY), Node("undated", Status.IN_PROGRESS, None)]
    assert deciding(places(nodes, DAY), ["done", "undated"]) is None


def test_a_need_that_is_not_among_the_nodes_is_left_out() -> None:
    assert places([Node("a", Status.IN_PROGRESS, DAY, ("hidden",))], DAY)["a"].before == ()


def test_a_cycle_has_no_order() -> None:
    with pytest.raises(CycleError):
        order(
            [
                Node("a", Status.IN_PROGRESS, None, ("b",)),
                Node("b", Status.IN_PROGRESS, None, ("a",)),
            ]
        )
