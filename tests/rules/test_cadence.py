from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.days import Precision
from app.meetings.rules.adherence import (
    Adherence,
    Amended,
    Amendment,
    Expectation,
    Sitting,
    adherence,
)
from app.meetings.rules.recurrence import (
    BadRecurrence,
    RecurrenceFault,
    expected,
    occurrences_at,
)

SIX_MONTHLY = "FREQ=MONTHLY;INTERVAL=6"
FIRST = date(2024, 11, 20)
PACIFIC = "America/Los_Angeles"
ZONES = ["Pacific/Auckland", "Europe/London", "Africa/Nairobi", PACIFIC]


def test_a_six_monthly_cadence_includes_the_next_meeting_ahead() -> None:
    days = expected(SIX_MONTHLY, FIRST, PACIFIC, date(2026, 11, 24))
    assert [day.isoformat() for day in days] == [
        "2024-11-20", "2025-05-20", "2025-11-20", "2026-05-20", "2026-11-20", "2027-05-20",
    ]  # fmt: skip


def test_a_cadence_that_has_not_begun_shows_its_first_meeting() -> None:
    assert expected(SIX_MONTHLY, FIRST, PACIFIC, date(2020, 1, 1)) == [FIRST]


@pytest.mark.parametrize(
    ("end", "at", "last"),
    [
        ("COUNT=2", None, date(2024, 11, 27)),
        ("UNTIL=20241127", None, date(2024, 11, 27)),
        ("UNTIL=20241127", time(14), date(2024, 11, 27)),
        ("UNTIL=20241127T135959", time(14), date(2024, 11, 20)),
        # 14:00 on the 27th in California is 22:00 in UTC.
        ("UNTIL=20241127T220000Z", time(14), date(2024, 11, 27)),
        ("UNTIL=20241127T215959Z", time(14), date(2024, 11, 20)),
    ],
)
def test_a_cadence_ends_where_its_rule_says(end: str, at: time | None, last: date) -> None:
    days = expected(f"FREQ=WEEKLY;{end}", FIRST, PACIFIC, date(2026, 1, 1), at)
    assert days[-1] == last


def test_an_end_in_the_last_year_there_is_means_no_end() -> None:
    rule = "RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z"
    assert expected(rule, FIRST, PACIFIC, date(2024, 11, 27))[-1] == date(2024, 12, 4)


@pytest.mark.parametrize(
    ("recurrence", "reason"),
    [
        ("", RecurrenceFault.UNREADABLE),
        ("every second Tuesday", RecurrenceFault.UNREADABLE),
        ("FREQ=FORTNIGHTLY", RecurrenceFault.UNREADABLE),
        ("FREQ=WEEKLY;INTERVAL=0", RecurrenceFault.UNREADABLE),
        ("FREQ=WEEKLY;INTERVAL=-1", RecurrenceFault.UNREADABLE),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20251231", RecurrenceFault.UNREADABLE),
        ("FREQ=WEEKLY;FREQ=DAILY", RecurrenceFault.UNREADABLE),
        ("FREQ=WEEKLY;UNTIL=soon", RecurrenceFault.UNREADABLE),
        ("FREQ=WEEKLY;UNTIL=20251331", RecurrenceFault.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY=1MO", RecurrenceFault.UNREADABLE),
        ("FREQ=YEARLY;BYDAY=99MO", RecurrenceFault.UNREADABLE),
        ("FREQ=YEARLY;BYMONTH=13", RecurrenceFault.UNREADABLE),
        ("FREQ=YEARLY;BYEASTER=1", RecurrenceFault.UNREADABLE),
        ("FREQ=DAILY\nRDATE:20250101", RecurrenceFault.UNREADABLE),
        ("FREQ=HOURLY", RecurrenceFault.SUB_DAILY),
        ("FREQ=DAILY;BYHOUR=9,17", RecurrenceFault.SUB_DAILY),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", RecurrenceFault.NO_OCCURRENCE),
        ("FREQ=WEEKLY;UNTIL=20241119", RecurrenceFault.NO_OCCURRENCE),
    ],
)
def test_a_rule_that_is_no_cadence_is_refused_with_its_reason(
    recurrence: str, reason: RecurrenceFault
) -> None:
    with pytest.raises(BadRecurrence) as fault:
        expected(recurrence, FIRST, PACIFIC, date(2026, 1, 1))
    assert fault.value.reason == reason


def test_more_than_two_thousand_meetings_are_refused_and_two_thousand_are_not() -> None:
    last = FIRST + timedelta(1998)
    assert len(expected("FREQ=DAILY", FIRST, PACIFIC, last)) == 2000
    with pytest.raises(BadRecurrence) as fault:
        expected("FREQ=DAILY", FIRST, PACIFIC, last + timedelta(1))
    assert fault.value.reason == RecurrenceFault.TOO_MANY


@pytest.mark.parametrize("zone", ["", "Europe", "../etc/passwd", "Mars/Olympus", "UTC\0"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(BadRecurrence) as fault:
        expected(SIX_MONTHLY, FIRST, zone, FIRST)
    assert fault.value.reason == RecurrenceFault.UNKNOWN_ZONE


parts = st.sampled_from(
    [
        "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "INTERVAL=3", "COUNT=4",
        "BYDAY=MO,TH", "BYDAY=-1FR", "BYDAY=54MO", "BYDAY=", "BYMONTHDAY=31", "BYMONTHDAY=-31",
        "BYMONTH=2,6", "BYMONTH=x", "BYSETPOS=2", "BYYEARDAY=366", "BYWEEKNO=53", "WKST=SU",
        "WKST=", "UNTIL=20250101T000000Z", "=", "",
    ]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(parts, max_size=4).map(";".join) | st.text(max_size=30))
@example("FREQ=YEARLY;BYMONTHDAY=0")
def test_any_text_is_a_cadence_or_is_refused(recurrence: str) -> None:
    try:
        days = expected(recurrence, FIRST, PACIFIC, date(2026, 1, 1))
    except BadRecurrence:
        return
    assert days == sorted(set(days))
    assert days[0] >= FIRST
    assert [day for day in days[:-1] if day > date(2026, 1, 1)] == []


def is_shown_there(instant: datetime, zone: str, day: date, at: time) -> bool:
    local = instant.astimezone(ZoneInfo(zone))
    return (local.date(), local.time()) == (day, at)


@pytest.mark.parametrize("zone", ZONES)
@given(start=st.dates(date(2000, 1, 1), date(2037, 12, 31)), hour=st.integers(4, 23))
@settings(max_examples=30, deadline=None)
def test_a_meeting_stays_at_its_hour_there_over_a_year_of_clock_changes(
    zone: str, start: date, hour: int
) -> None:
    days = [start + timedelta(7 * week) for week in range(53)]
    instants = occurrences_at("FREQ=WEEKLY", start, zone, days[-2], time(hour))
    assert len(instants) == len(days)
    for instant, day in zip(instants, days, strict=True):
        assert instant.tzinfo is UTC
        assert is_shown_there(instant, zone, day, time(hour))


@pytest.mark.parametrize(
    ("zone", "start", "hours"),
    [
        ("Pacific/Auckland", date(2026, 3, 31), [1, 2]),  # summer time ends on 5 April
        ("Europe/London", date(2026, 3, 24), [14, 13]),  # begins on 29 March
        ("Africa/Nairobi", date(2026, 3, 24), [11, 11]),  # has none
        (PACIFIC, date(2026, 3, 3), [22, 21]),  # begins on 8 March
    ],
)
def test_fourteen_hours_there_move_in_utc_when_the_clocks_there_change(
    zone: str, start: date, hours: list[int]
) -> None:
    instants = occurrences_at("FREQ=WEEKLY", start, zone, start, time(14))
    assert [instant.hour for instant in instants] == hours


def test_a_skipped_hour_counts_from_the_offset_before_and_a_repeated_one_means_the_first() -> None:
    skipped, repeated = date(2026, 3, 8), date(2026, 11, 1)
    assert occurrences_at("FREQ=DAILY;COUNT=1", skipped, PACIFIC, skipped, time(2, 30)) == [
        datetime(2026, 3, 8, 10, 30, tzinfo=UTC)
    ]
    late = time(1, 30, fold=1)
    assert occurrences_at("FREQ=DAILY;COUNT=1", repeated, PACIFIC, repeated, late) == [
        datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    ]


def test_the_public_record_meets_the_cadence_as_it_should() -> None:
    as_of = date(2026, 11, 24)
    held = [
        Sitting(1, date(2024, 11, 20), Precision.DAY),
        Sitting(2, date(2025, 12, 1), Precision.MONTH),
    ]
    found = adherence(expected(SIX_MONTHLY, FIRST, PACIFIC, as_of), held, as_of)
    assert [(e.day.isoformat()[:7], e.state.value, e.days_off) for e in found] == [
        ("2024-11", "met", (0, 0)),
        ("2025-05", "none_recorded", None),
        # In December 2025, and nobody has said on which day.
        ("2025-11", "met", (11, 41)),
        ("2026-05", "none_recorded", None),
        ("2026-11", "due", None),
        ("2027-05", "ahead", None),
    ]


def test_a_meeting_does_not_count_before_it_was_held() -> None:
    days = [date(2025, 11, 20), date(2026, 5, 20)]
    held = [Sitting(1, date(2025, 12, 1), Precision.DAY)]
    assert adherence(days, held, date(2025, 11, 30))[0].state is Adherence.DUE
    assert adherence(days, held, date(2025, 12, 1))[0].state is Adherence.MET


def test_a_meeting_as_near_to_two_expected_days_meets_the_earlier() -> None:
    days = [date(2025, 1, 1), date(2025, 1, 11)]
    held = [Sitting(1, date(2025, 1, 6), Precision.DAY)]
    states = [e.state for e in adherence(days, held, date(2025, 2, 1), 9)]
    assert states == [Adherence.MET, Adherence.NONE_RECORDED]


def test_one_meeting_outside_every_tolerance_meets_nothing() -> None:
    days = [date(2025, 1, 1), date(2025, 3, 2)]
    held = [Sitting(1, date(2025, 1, 17), Precision.DAY)]
    assert {e.sitting for e in adherence(days, held, date(2025, 1, 20))} == {None}


gap = st.integers(1, 40)
sittings = st.lists(st.integers(-20, 150), max_size=8)


def tolerance_by_hand(days: Sequence[date], place: int, fixed: int | None) -> int:
    if fixed is not None:
        return fixed
    gaps = [(after - before).days for before, after in pairwise(days)]
    if not gaps:
        return 0
    return int(gaps[min(place, len(gaps) - 1)] / 4)


def sitting_by_hand(
    days: Sequence[date], held: Sequence[Sitting], place: int, fixed: int | None
) -> Sitting | None:
    """The slow twin: walk outward from the expected day and ask of each sitting whose it is."""
    for distance in range(tolerance_by_hand(days, place, fixed) + 1):
        for day in (days[place] - timedelta(distance), days[place] + timedelta(distance)):
            for sitting in sorted(held, key=lambda s: s.id):
                if sitting.day == day and whose(days, sitting, fixed) == place:
                    return sitting
    return None


def whose(days: Sequence[date], sitting: Sitting, fixed: int | None) -> int | None:
    best, best_distance = None, 10**6
    for place, day in enumerate(days):
        distance = abs((sitting.day - day).days)
        if distance <= tolerance_by_hand(days, place, fixed) and distance < best_distance:
            best, best_distance = place, distance
    return best


def expectation_by_hand(
    days: Sequence[date], held: Sequence[Sitting], place: int, day: date, fixed: int | None
) -> Expectation:
    sitting = sitting_by_hand(days, [s for s in held if s.day <= day], place, fixed)
    wanted, reach = days[place], tolerance_by_hand(days, place, fixed)
    to_go = (wanted - day).days
    state = Adherence.DUE
    if sitting is not None:
        state = Adherence.MET
    elif to_go > reach:
        state = Adherence.AHEAD
    elif to_go < -reach:
        state = Adherence.NONE_RECORDED
    return Expectation(
        wanted,
        state,
        sitting,
        None if sitting is None else (sitting.day.toordinal() - wanted.toordinal(),) * 2,
        (wanted - timedelta(reach), wanted + timedelta(reach)),
    )


@settings(max_examples=300)
@given(st.lists(gap, max_size=5), sittings, st.integers(-20, 150), st.none() | st.integers(0, 30))
def test_adherence_agrees_with_its_slow_twin(
    gaps: list[int], offsets: list[int], as_of: int, fixed: int | None
) -> None:
    days = [FIRST]
    for step in gaps:
        days.append(days[-1] + timedelta(step))
    held = [
        Sitting(number, FIRST + timedelta(offset), Precision.DAY)
        for number, offset in enumerate(offsets)
    ]
    day = FIRST + timedelta(as_of)
    by_hand = [expectation_by_hand(days, held, place, day, fixed) for place in range(len(days))]
    assert adherence(days, held, day, fixed) == by_hand


@given(st.lists(gap, max_size=5), sittings)
def test_no_meeting_meets_two_expected_days(gaps: list[int], offsets: list[int]) -> None:
    days = [FIRST + timedelta(sum(gaps[:n])) for n in range(len(gaps) + 1)]
    held = [Sitting(n, FIRST + timedelta(o), Precision.DAY) for n, o in enumerate(offsets)]
    used = [e.sitting for e in adherence(days, held, date(2030, 1, 1), 30) if e.sitting]
    assert len({s.id for s in used}) == len(used)


def test_a_meeting_known_to_the_month_can_have_been_on_the_day_itself() -> None:
    days = [date(2025, 11, 20), date(2026, 5, 20)]
    held = [Sitting(1, date(2025, 11, 1), Precision.MONTH)]
    found = adherence(days, held, date(2026, 1, 1))[0]
    assert (found.state, found.days_off) == (Adherence.MET, (-19, 10))


THIRDS = [date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1)]


def amended(kind: Amendment, day: date, to: date | None = None) -> Amended:
    return Amended(kind, day, to, "because")


def test_a_skipped_occurrence_is_met_by_nothing_and_its_neighbours_keep_their_tolerance() -> None:
    held = [Sitting(1, date(2025, 4, 2), Precision.DAY)]
    skip = amended(Amendment.SKIPPED, THIRDS[1])
    found = adherence(THIRDS, held, date(2025, 9, 1), None, [skip])
    assert [e.state.value for e in found] == ["none_recorded", "skipped", "none_recorded"]
    plain = adherence(THIRDS, held, date(2025, 9, 1))
    assert [e.window for e in found] == [e.window for e in plain]


def test_a_moved_occurrence_is_met_on_its_new_day_with_its_old_tolerance() -> None:
    held = [Sitting(1, date(2025, 5, 20), Precision.DAY)]
    move = amended(Amendment.MOVED, THIRDS[1], date(2025, 5, 15))
    found = adherence(THIRDS, held, date(2025, 6, 1), None, [move])
    assert found[1].day == date(2025, 5, 15)
    assert (found[1].state, found[1].days_off) == (Adherence.MET, (5, 5))
    assert found[1].window == (date(2025, 4, 23), date(2025, 6, 6))


def test_an_added_occurrence_stands_beside_those_of_the_rule() -> None:
    extra = amended(Amendment.ADDED, date(2025, 2, 10))
    found = adherence(THIRDS, [], date(2025, 1, 1), None, [extra])
    assert [e.day for e in found] == [THIRDS[0], date(2025, 2, 10), *THIRDS[1:]]
    assert found[1].amended == extra


def test_an_amendment_of_a_day_that_the_rule_no_longer_has_changes_nothing() -> None:
    stale = amended(Amendment.SKIPPED, date(2025, 4, 2))
    assert adherence(THIRDS, [], date(2025, 1, 1), None, [stale]) == adherence(
        THIRDS, [], date(2025, 1, 1)
    )
