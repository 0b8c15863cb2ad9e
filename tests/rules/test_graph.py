import itertools
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.graph import find_cycle

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


def test_two_ways_to_the_same_thing_are_no_cycle() -> None:
    assert find_cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"]}) is None


@given(EDGES)
def test_a_cycle_is_found_exactly_where_something_needs_itself(edges: dict[str, list[str]]) -> None:
    cycle = find_cycle(edges)
    assert (cycle is not None) == any(can_reach(edges, key, key) for key in KEYS)
    if cycle:
        assert cycle[0] == cycle[-1]
        assert is_path(edges, cycle)
        assert len(set(cycle)) == len(cycle) - 1


def test_a_chain_of_thousands_is_walked_without_recursion() -> None:
    chain = {str(n): [str(n + 1)] for n in range(5000)}
    assert find_cycle(chain) is None
    closed = find_cycle({**chain, "5000": ["0"]})
    assert closed is not None
    assert len(closed) == 5002
