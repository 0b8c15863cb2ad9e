"""Priorities in the order of what speaks for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.priorities.rules import EVENLY, Criterion, judged, overlap, ranked

shares = st.none() | st.floats(0, 1)
parts = st.fixed_dictionaries(dict.fromkeys(Criterion, shares))
weights = st.fixed_dictionaries(dict.fromkeys(Criterion, st.integers(0, 5)))


@given(st.lists(parts, max_size=8), weights)
def test_the_score_is_the_weighted_mean_of_what_is_known(
    given_parts: list[dict[Criterion, float | None]], weighed: dict[Criterion, int]
) -> None:
    rows = ranked([(str(n), str(n), part) for n, part in enumerate(given_parts)], weighed)
    for row in rows:
        known = [(row.parts[c], weighed[c]) for c in Criterion if row.parts[c] is not None]
        total = sum(weight for _, weight in known)
        if not total:
            assert row.score is None
            continue
        mean = sum((part or 0) * weight for part, weight in known) / total
        assert row.score == pytest.approx(mean)
        assert sum(row.shares.values()) == pytest.approx(mean)
    scores = [row.score for row in rows if row.score is not None]
    assert scores == sorted(scores, reverse=True)
    assert [row.score is None for row in rows] == sorted(row.score is None for row in rows)


def test_what_is_unknown_is_not_nothing() -> None:
    unknown = {Criterion.OVERLAP: 0.5, Criterion.IMPACT: None, Criterion.FEASIBILITY: None}
    nothing = {Criterion.OVERLAP: 0.5, Criterion.IMPACT: 0.2, Criterion.FEASIBILITY: 0.2}
    order = ranked([("low", "Low", nothing), ("open", "Open", unknown)], EVENLY)
    assert [(row.key, row.known) for row in order] == [("open", 1), ("low", 3)]


def test_overlap_counts_the_members_of_whose_function_anything_is_known() -> None:
    assert overlap([(2, 3), (4, 4)], 10) == pytest.approx(0.3)
    assert overlap([(2, 3), (0, 0)], 10) == pytest.approx(0.2)
    assert overlap([(0, 0), (0, 0)], 10) is None
    assert overlap([], 10) is None
    assert overlap([(0, 2)], 10) == 0


def test_points_are_a_share_and_none_are_unknown() -> None:
    assert judged(5) == 1
    assert judged(None) is None
