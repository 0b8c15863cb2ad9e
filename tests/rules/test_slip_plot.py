from hypothesis import given
from hypothesis import strategies as st

from app.web.plots.slips import SlipPlot, slip_plot

GROUPS = st.lists(st.lists(st.integers(-900, 900), max_size=8), min_size=1, max_size=6)


def drawn(moved: list[list[int]]) -> SlipPlot:
    return slip_plot([(f"Group {n}", "", 10, days) for n, days in enumerate(moved)])


@given(GROUPS)
def test_every_move_is_on_the_plot_once_and_within_it(moved: list[list[int]]) -> None:
    plot = drawn(moved)
    rows = {row.label: row for row in plot.rows}
    for n, days in enumerate(moved):
        row = rows.get(f"Group {n}")
        if row is None:
            assert days == []
            continue
        assert sorted(days) == list(row.moved)
        assert [d for dot in row.dots for d in [dot.moved] * dot.number] == sorted(days)
        assert all(0 <= dot.x <= plot.width for dot in row.dots)
    assert len(plot.rows) + len(plot.still) == len(moved)


@given(GROUPS)
def test_later_is_to_the_right_and_nothing_moved_is_at_zero(moved: list[list[int]]) -> None:
    plot = drawn(moved)
    for row in plot.rows:
        assert [dot.x for dot in row.dots] == sorted(dot.x for dot in row.dots)
        for dot in row.dots:
            assert (dot.x > plot.zero) is (dot.moved > 0) or dot.moved == 0
    assert any(tick.days == 0 and tick.x == plot.zero for tick in plot.ticks)
    assert 2 <= len(plot.ticks) <= 12
