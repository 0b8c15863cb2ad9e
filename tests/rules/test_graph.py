import itertools
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.graph import find_cycle, would_close_cycle

KEYS = "abcdef"
EDGES = st.dictionaries(st.sampled_from(KEYS), st.lists(st.sampled_from(KEYS), max_size=3))


def can_reach(edges: Mapping[str, list[str]], start: str, goal: str) -> bool:
    """By widening the set of what is needed until it stays the same; at least one step."""
    reached = set(edges.get(start, []))
    for _ in KEYS:
        reached |= set(itertools.chain.from_iterable(edges.get(key, []) for key in reached))
    return goal in reached


def is_path(edges: Mapping[str, list[str]], path: tuple[str, ...]) -> bool:
    return all(b in edges.get(a, []) for a, b in itertools.pairwise(path))


def test_a_cycle_reads_in_the_order_of_depending_on() -> None:
    edges = {"tools": ["consensus"], "consensus": ["vocabulary"], "vocabulary": ["tools"]}
    cycle = find_cycle(edges)
    assert cycle is not None
    assert len(cycle) == 4
    assert is_path(edges, cycle)


def test_what_depends_on_itself_is_a_cycle_of_one() -> None:
    assert find_cycle({"a": ["a"]}) == ("a", "a")
    assert would_close_cycle({}, "a", "a") == ("a", "a")


def test_two_ways_to_the_same_thing_are_no_cycle() -> None:
    assert find_cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"]}) is None
    assert would_close_cycle({"a": ["b"], "b": ["d"], "c": ["d"]}, "a", "c") is None


@given(EDGES)
def test_a_cycle_is_found_exactly_where_something_needs_itself(edges: dict[str, list[str]]) -> None:
    cycle = find_cycle(edges)
    assert (cycle is not None) == any(can_reach(edges, key, key) for key in KEYS)
    if cycle:
        assert cycle[0] == cycle[-1]
        assert is_path(edges, cycle)
        assert len(set(cycle)) == len(cycle) - 1


@given(EDGES, st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_a_new_dependency_closes_a_cycle_exactly_where_the_way_back_exists(
    edges: dict[str, list[str]], new_from: str, new_to: str
) -> None:
    cycle = would_close_cycle(edges, new_from, new_to)
    closes = new_from == new_to or can_reach(edges, new_to, new_from)
    assert (cycle is not None) == closes
    if cycle:
        assert (cycle[0], cycle[1], cycle[-1]) == (new_from, new_to, new_from)
        assert is_path(edges, cycle[1:])


def test_a_chain_of_thousands_is_walked_without_recursion() -> None:
    chain = {str(n): [str(n + 1)] for n in range(5000)}
    assert find_cycle(chain) is None
    closed = would_close_cycle(chain, "5000", "0")
    assert closed is not None
    assert len(closed) == 5002
