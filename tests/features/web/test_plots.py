"""The geometry of the plots: what is drawn stands for what was counted."""

from datetime import date

import pytest

from app.web import plots

STATES = [
    (date(2024, 10, 30), {"not_started": 3}),
    (date(2024, 11, 20), {"delivered": 2, "not_started": 1}),
]


def test_a_history_shows_nothing_that_happens_after_the_day_of_the_page() -> None:
    plot = plots.status_history(STATES, date(2024, 11, 19))
    assert [band.status for band in plot.bands] == ["not_started"]
    assert plot.states == (STATES[0],)


def test_a_history_puts_delivered_at_the_bottom_and_steps_on_the_day() -> None:
    plot = plots.status_history(STATES, date(2024, 12, 11), height=126)
    assert [band.status for band in plot.bands] == ["delivered", "not_started"]
    # Half of the 42 days are over when two of three are delivered; 3 units fill 78 points.
    assert plot.bands[0].path == "M34.0 100.0V100.0H373.0V48.0H712.0V100.0H373.0V100.0H34.0Z"
    assert plot.bands[1].path == "M34.0 100.0V22.0H373.0V22.0H712.0V48.0H373.0V100.0H34.0Z"


@pytest.mark.parametrize(
    ("highest", "last"), [(0, 1), (1, 1), (5, 5), (6, 6), (7, 8), (16, 20), (1600, 2000)]
)
def test_the_levels_of_a_history_are_few_and_reach_the_highest_count(
    highest: int, last: int
) -> None:
    levels = plots.status_history([(date(2024, 1, 1), {"in_review": highest})], date(2024, 2, 1))
    counts = [level.count for level in levels.frame.levels]
    assert counts[0] == 0
    assert counts[-1] == last
    assert len(counts) <= 6


def test_dropped_work_is_not_drawn() -> None:
    plot = plots.status_history([(date(2024, 1, 1), {"dropped": 4})], date(2024, 2, 1))
    assert plot.bands == ()


def test_labels_of_marks_never_run_into_each_other() -> None:
    near = [(date(2024, 11, 1), "Convening"), (date(2024, 11, 2), "Summit")]
    plot = plots.status_history(STATES, date(2024, 12, 11), marks=near)
    assert [mark.label for mark in plot.frame.marks] == ["Convening", ""]


def test_a_timeline_draws_a_year_as_a_band_and_a_day_as_a_point() -> None:
    entries = [
        plots.TimelineEntry("Summit 2027", date(2027, 1, 1), date(2027, 12, 31), "year"),
        plots.TimelineEntry("Convening", date(2026, 1, 5), date(2026, 1, 5), "day"),
    ]
    convening, summit = plots.deadline_timeline(entries, date(2026, 6, 1)).rows
    assert (convening.entry.label, convening.width, convening.is_past) == ("Convening", 0, True)
    assert summit.width > 300
    assert not summit.is_past


def test_the_labels_of_ticks_stay_inside_the_plot() -> None:
    scale = plots.DayScale(date(2024, 1, 1), date(2026, 1, 1), 0, 720)
    assert scale.ticks()
    assert all(plots.LABEL <= tick.at <= 720 - plots.LABEL for tick in scale.ticks())


def test_a_countdown_empties_and_then_counts_the_days_past() -> None:
    since, due_on = date(2024, 11, 1), date(2024, 11, 21)
    assert plots.countdown(date(2024, 11, 16), due_on, since) == plots.Countdown(5, 25.0)
    assert plots.countdown(date(2024, 11, 23), due_on, since) == plots.Countdown(-2, 0)
