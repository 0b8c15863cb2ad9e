from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.rules import Event, Happening, ReportState, Window, closes_on, state, window_of

DAY = date(2026, 11, 1)
ASKED = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAYS = st.integers(0, 40).map(lambda n: DAY + timedelta(n))
MEETINGS = st.lists(DAYS, max_size=6)
CAME, ACCEPTED, SENT_BACK = Happening.CAME, Happening.ACCEPTED, Happening.SENT_BACK


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    whats = draw(st.lists(st.sampled_from(Happening), max_size=8))
    hours = st.integers(-3, 6)
    return [Event(ASKED + timedelta(hours=draw(hours)), n, what) for n, what in enumerate(whats)]


def happened(*whats: Happening) -> list[Event]:
    return [Event(ASKED + timedelta(hours=n), n, what) for n, what in enumerate(whats)]


def asked(
    *whats: Happening, dueness: date = DAY, closing_on: date = DAY, is_active: bool = True
) -> ReportState:
    return state(
        ASKED, happened(*whats), is_active=is_active, closing_on=closing_on, dueness=dueness
    )


@given(DAYS, MEETINGS)
def test_every_day_lies_in_the_one_window_that_holds_it(day: date, meetings: list[date]) -> None:
    edges: list[date | None] = [None, *sorted(set(meetings)), None]
    windows = [Window(edges[n], edges[n + 1]) for n in range(len(edges) - 1)]
    assert [window for window in windows if window.holds(day)] == [window_of(day, meetings)]


def test_what_is_logged_on_the_first_day_of_a_meeting_is_still_for_that_meeting() -> None:
    meeting, next_one = DAY + timedelta(10), DAY + timedelta(30)
    assert window_of(meeting, [meeting, next_one]) == Window(None, meeting)
    assert window_of(meeting + timedelta(1), [meeting, next_one]) == Window(meeting, next_one)


def test_a_report_is_in_time_up_to_so_many_days_before_the_meeting() -> None:
    assert closes_on(date(2026, 12, 8), 7) == date(2026, 12, 1)


def test_nobody_asked_means_nothing_is_due() -> None:
    everything = happened(CAME, ACCEPTED, SENT_BACK)
    reached = state(None, everything, is_active=True, closing_on=DAY, dueness=DAY)
    assert reached is ReportState.NOT_DUE


@pytest.mark.parametrize(
    ("dueness", "reached"),
    [(DAY - timedelta(1), "due"), (DAY, "due"), (DAY + timedelta(1), "overdue")],
)
def test_a_report_is_overdue_once_its_last_day_is_over(dueness: date, reached: str) -> None:
    assert asked(dueness=dueness) == reached


def test_what_is_no_longer_active_need_not_report_but_keeps_what_it_reported() -> None:
    assert asked(is_active=False) is ReportState.NOT_DUE
    assert asked(CAME, is_active=False) is ReportState.IN


@pytest.mark.parametrize(
    ("whats", "reached"),
    [
        ([CAME], "in"),
        ([CAME, CAME], "in"),
        ([CAME, SENT_BACK], "sent_back"),
        ([CAME, SENT_BACK, CAME], "in"),
        ([CAME, ACCEPTED], "accepted"),
        ([CAME, ACCEPTED, CAME], "accepted"),
        ([CAME, ACCEPTED, SENT_BACK], "sent_back"),
        ([CAME, SENT_BACK, ACCEPTED], "accepted"),
        ([ACCEPTED], "due"),
        ([SENT_BACK], "due"),
    ],
)
def test_a_report_goes_from_hand_to_hand(whats: list[Happening], reached: str) -> None:
    assert asked(*whats) == reached


def test_an_update_from_before_the_asking_answers_nothing() -> None:
    early = [Event(ASKED - timedelta(seconds=1), 1, CAME)]
    assert state(ASKED, early, is_active=True, closing_on=DAY, dueness=DAY) is ReportState.DUE
    at_once = [Event(ASKED, 1, CAME)]
    assert state(ASKED, at_once, is_active=True, closing_on=DAY, dueness=DAY) is ReportState.IN


@given(events(), st.booleans(), DAYS, DAYS)
def test_the_state_is_what_reading_the_story_backwards_says(
    story: list[Event], is_active: bool, closing_on: date, dueness: date
) -> None:
    """The slow twin: find the last word that counts, by looking back from the end."""
    told = [e for e in sorted(story, key=lambda e: (e.at, e.number)) if e.at >= ASKED]
    first = next((n for n, e in enumerate(told) if e.what is CAME), None)
    expected: ReportState
    if first is None:
        late = dueness > closing_on
        expected = ReportState.OVERDUE if late else ReportState.DUE
        if not is_active:
            expected = ReportState.NOT_DUE
    else:
        rest = told[first:]
        verdicts = [n for n, e in enumerate(rest) if e.what is not CAME]
        if not verdicts:
            expected = ReportState.IN
        elif rest[verdicts[-1]].what is ACCEPTED:
            expected = ReportState.ACCEPTED
        else:
            came_since = any(e.what is CAME for e in rest[verdicts[-1] :])
            expected = ReportState.IN if came_since else ReportState.SENT_BACK
    found = state(ASKED, story, is_active=is_active, closing_on=closing_on, dueness=dueness)
    assert found is expected
