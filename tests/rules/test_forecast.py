"""The forecast against a twin that walks through every night one by one."""

from datetime import date, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deliverables.rules.forecast import (
    LEAST_DELIVERIES,
    LEAST_EXITS,
    NEAR_DAYS,
    PRIOR_EXITS,
    Forecast,
    History,
    Outlook,
    Pace,
    Seen,
    Shortage,
    Stay,
    Verdict,
    learn,
    nights_left,
    thin,
    together,
)
from app.deliverables.rules.moves import ACTIVE, Status

START = date(2024, 1, 1)
DAY = START + timedelta(120)
MOVING = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.IN_REVIEW)


@st.composite
def courses(draw: st.DrawFn) -> list[Stay]:
    """One deliverable from day to day: stays that follow each other without a gap."""
    day, stays = START + timedelta(draw(st.integers(0, 60))), []
    status = draw(st.sampled_from(Status))
    for _ in range(draw(st.integers(1, 5))):
        until = day + timedelta(draw(st.integers(1, 50)))
        then = draw(st.sampled_from(Status))
        due = draw(st.none() | st.integers(0, 200).map(lambda n: START + timedelta(n)))
        stays.append(Stay(status, day, until, due, then))
        day, status = until, then
    return stays


HISTORIES = st.lists(courses(), max_size=5).map(lambda each: [s for stays in each for s in stays])


def walked(stays: list[Stay]) -> dict[tuple[Pace, Status, Status], int]:
    """The slow twin of `learn`: for each night, from which status to which, and how near."""
    counts: dict[tuple[Pace, Status, Status], int] = {}
    for stay in stays:
        for number in range((stay.until_on - stay.from_on).days):
            morning = stay.from_on + timedelta(number + 1)
            if morning > DAY:
                continue
            left = 10_000 if stay.due_on is None else (stay.due_on - morning).days
            pace = Pace.FAR if left >= 30 else Pace.NEAR if left >= 0 else Pace.LATE
            to = stay.then if morning == stay.until_on else stay.status
            counts[pace, stay.status, to] = counts.get((pace, stay.status, to), 0) + 1
    return counts


@given(HISTORIES)
def test_every_night_up_to_the_day_is_one_trial(stays: list[Stay]) -> None:
    history, counts = learn(stays, DAY), walked(stays)
    for pace in Pace:
        for status in Status:
            here = {to: n for (p, s, to), n in counts.items() if (p, s) == (pace, status)}
            left = {to: n for to, n in here.items() if to is not status}
            assert history.by_pace[pace, status] == Seen(sum(here.values()), left)
    for status in Status:
        each = [history.by_pace[pace, status] for pace in Pace]
        assert history.overall[status].nights == sum(seen.nights for seen in each)
        assert history.overall[status].left == sum(seen.left for seen in each)


def rate(history: History, pace: Pace, status: Status, to: Status) -> float:
    """As docs/forecast.md writes it."""
    overall, here = history.overall[status], history.by_pace[pace, status]
    if not overall.exits.get(to):
        return 0.0
    prior_nights = PRIOR_EXITS / (overall.left / overall.nights)
    prior_exits = PRIOR_EXITS * overall.exits[to] / overall.left
    return (here.exits.get(to, 0) + prior_exits) / (here.nights + prior_nights)


def night_by_night(history: History, status: Status, nights: int) -> float:
    """The slow twin of `chance`: carry the shares from one night to the next."""
    shares = dict.fromkeys(Status, 0.0) | {status: 1.0}
    for left in range(nights - 1, -1, -1):
        pace = Pace.NEAR if left < NEAR_DAYS else Pace.FAR
        after = dict(shares)
        for s in MOVING:
            for to in Status:
                if to is not s:
                    flow = shares[s] * rate(history, pace, s, to)
                    after[s] -= flow
                    after[to] += flow
        shares = after
    return shares[Status.DELIVERED]


@given(HISTORIES, st.sampled_from(MOVING), st.integers(0, 90))
def test_the_chance_is_what_carrying_it_through_every_night_gives(
    stays: list[Stay], status: Status, nights: int
) -> None:
    history = learn(stays, DAY)
    found = Outlook(history).chance(status, nights)
    assert isclose(found, night_by_night(history, status, nights), abs_tol=1e-9)
    assert 0 <= found <= 1


@given(HISTORIES, st.randoms())
def test_the_order_in_which_the_history_comes_makes_no_difference(
    stays: list[Stay], random: object
) -> None:
    shuffled = list(stays)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Outlook(learn(stays, DAY)), Outlook(learn(shuffled, DAY))
    for status in MOVING:
        assert one.chance(status, 45) == other.chance(status, 45)


@given(HISTORIES, st.sampled_from(MOVING), st.integers(0, NEAR_DAYS - 1))
def test_another_night_before_the_due_day_never_lowers_the_chance(
    stays: list[Stay], status: Status, nights: int
) -> None:
    outlook = Outlook(learn(stays, DAY))
    assert outlook.chance(status, nights + 1) >= outlook.chance(status, nights) - 1e-12


def delivered(count: int, days: int = 10) -> list[Stay]:
    """So many that went straight through, each status for so many days."""
    path = (*MOVING, Status.DELIVERED)
    return [
        Stay(
            status,
            START + timedelta(days * n),
            START + timedelta(days * (n + 1)),
            None,
            path[n + 1],
        )
        for _ in range(count)
        for n, status in enumerate(MOVING)
    ]


def test_no_number_is_given_before_enough_was_seen() -> None:
    few = learn(delivered(LEAST_DELIVERIES - 1), DAY)
    told = Outlook(few).forecast(Status.IN_REVIEW, DAY, None, 9)
    assert told == Forecast(
        Verdict.THIN,
        shortages=(
            Shortage(None, LEAST_DELIVERIES - 1, LEAST_DELIVERIES),
            Shortage(Status.IN_REVIEW, LEAST_EXITS - 1, LEAST_EXITS),
        ),
    )
    enough = learn(delivered(LEAST_DELIVERIES), DAY)
    told = Outlook(enough).forecast(Status.IN_REVIEW, DAY, None, 9)
    assert told.verdict is Verdict.CHANCE
    assert told.chance == pytest.approx(1 - 0.9**9)


def test_a_status_that_lies_ahead_must_have_been_seen_often_enough_as_well() -> None:
    short_cut = [
        Stay(Status.IN_REVIEW, START, START + timedelta(9), None, Status.DELIVERED)
        for _ in range(20)
    ]
    one_way = [
        Stay(Status.IN_PROGRESS, START, START + timedelta(9), None, Status.IN_REVIEW)
        for _ in range(3)
    ]
    history = learn([*short_cut, *one_way], DAY)
    assert thin(history, Status.IN_REVIEW) == ()
    assert thin(history, Status.IN_PROGRESS) == (Shortage(Status.IN_PROGRESS, 3, LEAST_EXITS),)


@pytest.mark.parametrize(
    ("status", "due_on", "delivered_on", "nights", "told"),
    [
        (Status.DELIVERED, DAY, DAY, 0, Forecast(Verdict.IN_TIME, 1.0)),
        (Status.DELIVERED, DAY, DAY + timedelta(1), -1, Forecast(Verdict.TOO_LATE, 0.0)),
        (Status.IN_PROGRESS, DAY, None, 0, Forecast(Verdict.TOO_LATE, 0.0)),
        (Status.DEFERRED, DAY, None, 5, Forecast(Verdict.RESTING)),
        (Status.DEFERRED, DAY, None, -5, Forecast(Verdict.TOO_LATE, 0.0)),
        (Status.DROPPED, DAY, None, 5, Forecast(Verdict.OUT)),
        (Status.IN_PROGRESS, None, None, 0, Forecast(Verdict.UNDATED)),
    ],
)
def test_what_is_settled_already_needs_no_history(
    status: Status, due_on: date | None, delivered_on: date | None, nights: int, told: Forecast
) -> None:
    assert Outlook(learn([], DAY)).forecast(status, due_on, delivered_on, nights) == told


def test_a_day_that_still_runs_somewhere_counts_and_one_that_is_over_does_not() -> None:
    assert nights_left(DAY, DAY, day_is_over=True) == 0
    assert nights_left(DAY, DAY, day_is_over=False) == 1
    assert nights_left(DAY, DAY - timedelta(1), day_is_over=False) == 2
    assert nights_left(DAY, DAY + timedelta(1), day_is_over=False) == 0


CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=6)


@given(CHANCES)
def test_all_of_them_lie_between_the_bounds_that_always_hold(chances: list[float]) -> None:
    told = together(Forecast(Verdict.CHANCE, chance) for chance in chances)
    assert told.chance is not None
    assert told.least - 1e-12 <= told.chance <= told.most + 1e-12
    assert told.most == min(chances)


def test_one_without_a_number_leaves_all_of_them_without() -> None:
    told = together([Forecast(Verdict.CHANCE, 0.8), Forecast(Verdict.THIN)])
    assert (told.chance, told.least, told.most, told.silent) == (None, 0.0, 0.8, 1)


def test_one_that_is_late_settles_it_for_all_of_them() -> None:
    told = together([Forecast(Verdict.THIN), Forecast(Verdict.TOO_LATE, 0.0)])
    assert (told.chance, told.silent) == (0.0, 1)


def test_what_was_dropped_or_has_no_date_is_none_of_them() -> None:
    told = together(
        [Forecast(Verdict.OUT), Forecast(Verdict.UNDATED), Forecast(Verdict.IN_TIME, 1.0)]
    )
    assert (told.chance, told.silent) == (1.0, 0)


def test_only_active_work_has_a_way_ahead() -> None:
    assert set(MOVING) == ACTIVE
