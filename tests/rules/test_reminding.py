"""Who is told what, and when: against a slow second answer that walks through every day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notices.rules import BACKOFF, Cadence, departure, retry_at
from app.reminders.rules import (
    CLOSING,
    ONCE,
    REPORTING,
    SILENCE,
    WHILE_OPEN,
    BadSettings,
    Day,
    Kind,
    Rhythm,
    Settings,
    Thing,
    digest_of,
    step,
    to_tell,
)

FIRST = date(2026, 1, 1)
RHYTHMS = (Settings().rhythm, ONCE, WHILE_OPEN, CLOSING, REPORTING, SILENCE)
rhythms = st.one_of(
    st.sampled_from(RHYTHMS),
    st.builds(
        Rhythm,
        before=st.lists(st.integers(0, 40), max_size=5, unique=True).map(tuple),
        every=st.integers(1, 20),
        most=st.integers(0, 5),
        forget=st.one_of(st.none(), st.integers(0, 20)),
    ),
)
days = st.integers(-60, 90)
runs = st.lists(st.integers(-80, 200), min_size=1, max_size=40, unique=True).map(sorted)


def on(offset: int) -> date:
    return FIRST + timedelta(days=offset)


def seen(offset: int) -> Day:
    """At noon in UTC the day before is just over anywhere on Earth."""
    return Day(on(offset), on(offset))


def thing(due: int, rhythm: Rhythm) -> Thing:
    return Thing(kind=Kind.DUE, about="1", on=on(due), rhythm=rhythm)


def scheduled(rhythm: Rhythm, due: int, today: int) -> list[str]:
    """The slow answer: every reminder up to today, oldest first, as if each day had had its run."""
    steps: list[str] = []
    for day in range(min(due, today) - 400, today + 1):
        if due - day in rhythm.before:
            steps.append(f"before-{due - day}")
        late = day - due
        if late > 0 and rhythm.most and (late - 1) % rhythm.every == 0:
            number = (late - 1) // rhythm.every + 1
            if number <= rhythm.most:
                steps.append(f"late-{number}")
    is_forgotten = rhythm.forget is not None and today - due > rhythm.forget
    if is_forgotten and not (rhythm.most and today > due):
        return []
    return steps


@given(rhythms, days, days)
def test_the_latest_reminder_is_that_of_the_slow_answer(
    rhythm: Rhythm, due: int, today: int
) -> None:
    every = scheduled(rhythm, due, today)
    assert step(rhythm, on(due), seen(today)) == (every[-1] if every else "")


def told_by(rhythm: Rhythm, due: int, at: Sequence[int]) -> list[tuple[int, str]]:
    """On which day what was told, with runs on these days only."""
    log: set[str] = set()
    told = []
    for day in at:
        for telling in to_tell([thing(due, rhythm)], log, seen(day)):
            log.add(telling.occasion)
            told.append((day, telling.occasion.rpartition(":")[2]))
    return told


@given(rhythms, days, runs)
def test_a_missed_run_loses_nothing(rhythm: Rhythm, due: int, at: list[int]) -> None:
    """After each run the reader has been told the latest of what should have been told by then."""
    told: dict[int, str] = dict(told_by(rhythm, due, at))
    last = ""
    for day in at:
        last = told.get(day, last)
        every = scheduled(rhythm, due, day)
        if every:
            assert last == every[-1]


@given(rhythms, days, runs)
def test_what_was_missed_comes_as_one(rhythm: Rhythm, due: int, at: list[int]) -> None:
    told = told_by(rhythm, due, at)
    assert len({day for day, _ in told}) == len(told)


@given(rhythms, days, runs)
def test_a_second_run_repeats_nothing(rhythm: Rhythm, due: int, at: list[int]) -> None:
    twice = [day for day in at for _ in range(2)]
    assert told_by(rhythm, due, twice) == told_by(rhythm, due, at)


@given(rhythms, days, runs)
def test_nobody_is_told_more_often_than_the_cap(rhythm: Rhythm, due: int, at: list[int]) -> None:
    steps = [at_step for _, at_step in told_by(rhythm, due, at)]
    assert len(steps) == len(set(steps)) <= len(rhythm.before) + rhythm.most


def test_another_date_is_another_occasion() -> None:
    rhythm = Settings().rhythm
    log = {t.occasion for t in to_tell([thing(7, rhythm)], set(), seen(0))}
    assert to_tell([thing(7, rhythm)], log, seen(0)) == []
    assert len(to_tell([thing(8, rhythm)], log, seen(0))) == 1


def test_a_day_is_late_only_when_it_is_over_anywhere_on_earth() -> None:
    rhythm = Settings().rhythm
    still_running = Day(day=on(1), dueness=on(0))
    assert step(rhythm, on(0), still_running) == "before-0"
    assert step(rhythm, on(0), seen(1)) == "late-1"


def test_what_was_asked_long_ago_is_no_news() -> None:
    assert step(ONCE, on(0), seen(7)) == "before-0"
    assert step(ONCE, on(0), seen(8)) == ""
    assert step(ONCE, on(1), seen(0)) == ""


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"days_before": [400]}, "days_before"),
        ({"days_before": "7"}, "days_before"),
        ({"days_before": [True]}, "days_before"),
        ({"late_every": 0}, "late_every"),
        ({"late_most": 99}, "late_most"),
        ({"other": 1}, "days_before"),
    ],
)
def test_settings_that_make_no_sense_are_refused(given_: dict[str, object], field: str) -> None:
    with pytest.raises(BadSettings, match=field):
        Settings.from_mapping(given_)


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_a_digest_goes_out_on_the_next_morning_of_its_reader(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for zone in (ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu"), ZoneInfo("UTC")):
        daily = departure(Cadence.DAILY, now, zone)
        weekly = departure(Cadence.WEEKLY, now, zone)
        assert daily is not None
        assert weekly is not None
        assert daily.after.astimezone(zone).hour == 7
        assert timedelta(0) < daily.after - now <= timedelta(hours=25)
        assert weekly.after.astimezone(zone).weekday() == 0
        assert timedelta(0) < weekly.after - now <= timedelta(days=7, hours=1)


def test_whoever_wants_nothing_gets_nothing() -> None:
    assert departure(Cadence.NEVER, datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC")) is None


def test_it_is_given_up_after_the_last_try() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    waits = [retry_at(failures, now) for failures in range(1, len(BACKOFF) + 2)]
    assert waits[-1] is None
    assert all(wait is not None for wait in waits[:-1])
    assert list(BACKOFF) == sorted(BACKOFF)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_there_is_one_digest_a_week(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    assert len({digest_of(monday + timedelta(days=n)) for n in range(7)}) == 1
    assert digest_of(monday) != digest_of(monday + timedelta(days=7))
