"""How well a time suits, and how the burden evens out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.meetings.rules.times import (
    BURDEN,
    MOST,
    OFF_DUTY,
    Band,
    Seat,
    added,
    band_at,
    by_burden,
    by_turns,
    candidates,
    carried_by,
    judged,
    spread,
)
from app.meetings.rules.times import bands as bands_of
from app.members.rules.holidays import holidays_of
from app.members.rules.hours import WorkingWeek

TEN = {
    "US": "America/New_York",
    "GB": "Europe/London",
    "EU": "Europe/Brussels",
    "JP": "Asia/Tokyo",
    "SG": "Asia/Singapore",
    "KR": "Asia/Seoul",
    "CA": "America/Toronto",
    "FR": "Europe/Paris",
    "KE": "Africa/Nairobi",
    "AU": "Australia/Sydney",
}
YEARS = (2025, 2026, 2027)


def seat(code: str, zone: str, *, with_holidays: bool = True) -> Seat:
    found = {d: n for year in YEARS for d, n in holidays_of(code, year).items()}
    return Seat(int.from_bytes(code.encode()), code, code, zone, found if with_holidays else {})


SEATS = [seat(code, zone) for code, zone in TEN.items()]
WORKDAYS = [seat(code, zone, with_holidays=False) for code, zone in TEN.items()]


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("starts", "zone", "burden"),
    [
        ("2026-12-02T09:00", "Africa/Nairobi", 0),
        ("2026-12-02T16:00", "Africa/Nairobi", 0),
        ("2026-12-02T16:30", "Africa/Nairobi", 1),
        ("2026-12-02T08:00", "Africa/Nairobi", 1),
        ("2026-12-02T06:30", "Africa/Nairobi", 4),
        ("2026-12-02T20:00", "Africa/Nairobi", 2),
        ("2026-12-02T21:30", "Africa/Nairobi", 4),
        ("2026-12-05T10:00", "Africa/Nairobi", 3),
        ("2026-12-12T10:00", "Africa/Nairobi", 3),  # Jamhuri Day, on a Saturday: counted once
        ("2026-12-25T03:00", "Africa/Nairobi", 7),
        ("2026-12-04T23:30", "Africa/Nairobi", 7),  # into Saturday
    ],
)
def test_an_hour_in_nairobi_weighs_what_it_should(starts: str, zone: str, burden: int) -> None:
    nairobi = next(each for each in SEATS if each.code == "KE")
    (there,) = judged(at(starts, zone), 60, [nairobi]).there
    assert there.burden == burden


def test_every_member_has_holidays_the_institutions_included() -> None:
    for each in SEATS:
        assert len({day.year for day in each.holidays}) >= len(YEARS)
    brussels = next(each for each in SEATS if each.code == "EU").holidays
    assert brussels[date(2026, 4, 2)] == "Maundy Thursday"
    assert brussels[date(2026, 5, 14)] == "Ascension Day"
    assert brussels[date(2026, 12, 28)] == "End of the year"
    assert date(2026, 11, 11) not in brussels  # kept in Belgium, not by the institutions


def test_the_year_2014_of_the_institutions_is_that_of_the_official_journal() -> None:
    """C 39 of 12 February 2013, page 26, without the days at a weekend."""
    printed = {
        date(2014, 1, 1), date(2014, 1, 2), date(2014, 4, 17), date(2014, 4, 18),
        date(2014, 4, 21), date(2014, 5, 1), date(2014, 5, 9), date(2014, 5, 29),
        date(2014, 5, 30), date(2014, 6, 9), date(2014, 7, 21), date(2014, 8, 15),
        *(date(2014, 12, day) for day in (24, 25, 26, 29, 30, 31)),
    }  # fmt: skip
    assert {day for day in holidays_of("EU", 2014) if day.weekday() < 5} == printed


def burden_by_hand(start: datetime, minutes: int, where: Seat) -> int:
    """Minute by minute."""
    worst, is_off = 0, False
    for n in range(0, minutes, 30):
        local = (start + timedelta(minutes=n)).astimezone(ZoneInfo(where.zone))
        hour = local.hour
        if hour in range(9, 17):
            weight = 0
        elif hour in (8, 17, 18):
            weight = 1
        elif hour in (7, 19, 20, 21):
            weight = 2
        else:
            weight = 4
        worst = max(worst, weight)
        is_off = is_off or local.isoweekday() > 5 or local.date() in where.holidays
    return worst + (3 if is_off else 0)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 2 * 24 * 1090),
    st.integers(1, 960),
)
def test_the_burden_is_that_of_a_count_by_hand(half_hours: int, minutes: int) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * half_hours)
    found = judged(start, minutes, SEATS)
    by_hand = [burden_by_hand(start, minutes, each) for each in SEATS]
    assert [there.burden for there in found.there] == by_hand
    assert found.total == sum(by_hand)
    assert max(by_hand) <= MOST


def test_the_bands_are_the_whole_day() -> None:
    bands = [band_at(time(hour)) for hour in range(24)]
    assert bands.count(Band.WORKING) == 8
    assert sum(BURDEN[band] for band in bands) == 3 * 1 + 4 * 2 + 9 * 4
    assert BURDEN[Band.EVENING] < OFF_DUTY


@pytest.mark.parametrize(
    ("begins", "ends", "bands"),
    [
        (9, 17, "nnnnnnnyexxxxxxxxeeyyynn"),
        (7, 15, "nnnnnyexxxxxxxxeeyyynnnn"),
        (13, 21, "yynnnnnnnnnyexxxxxxxxeey"),
        (0, 8, "xxxxxxxxeeyyynnnnnnnnnye"),
        (0, 23, "xxxxxxxxxxxxxxxxxxxxxxxe"),
    ],
)
def test_the_bands_lie_around_the_hours_of_the_seat(begins: int, ends: int, bands: str) -> None:
    """An hour before and two after work are its edge, one more and three more early or late."""
    week = WorkingWeek(time(begins), time(ends))
    signs = {Band.WORKING: "x", Band.EDGE: "e", Band.EVENING: "y", Band.NIGHT: "n"}
    assert "".join(signs[band_at(time(hour), week)] for hour in range(24)) == bands
    minutes = [(start, end, signs[band]) for start, end, band in bands_of(week)]
    drawn = "".join(sign * ((end - start) // 60) for start, end, sign in minutes)
    assert drawn == bands
    assert (minutes[0][0], minutes[-1][1]) == (0, 24 * 60)


def test_a_weekend_is_that_of_the_seat() -> None:
    friday = datetime(2026, 12, 4, 10, tzinfo=UTC)
    usual = Seat(1, "KE", "Kenya", "UTC", {})
    other = Seat(2, "AE", "Emirates", "UTC", {}, WorkingWeek(weekend=frozenset({4, 5})))
    there = judged(friday, 60, [usual, other]).there
    assert [each.is_weekend for each in there] == [False, True]
    sunday = judged(friday + timedelta(days=2), 60, [usual, other]).there
    assert [each.is_weekend for each in sunday] == [True, False]


def test_the_least_burden_comes_first() -> None:
    ranked = by_burden(candidates(date(2026, 12, 1), date(2026, 12, 3), 60, SEATS))
    assert len(ranked) == 72
    totals = [candidate.total for candidate in ranked]
    assert totals == sorted(totals)


def unrotated(meetings: int) -> int:
    best = by_burden(week(0))[0]
    return spread(carried_by([best] * meetings))


def week(number: int) -> list:  # type: ignore[type-arg]
    tuesday = date(2026, 9, 1) + timedelta(weeks=number)
    return candidates(tuesday, tuesday + timedelta(days=1), 60, WORKDAYS)


def test_by_turns_the_burden_evens_out_where_one_convenient_hour_piles_it_up() -> None:
    """Among the ten members what one has carried more than another stays below two nights; with the
    hour that suits best it grows with every meeting."""
    carried: dict[int, int] = {}
    for number in range(40):
        chosen = by_turns(week(number % 8), carried)[0]
        carried = added(carried, chosen)
        assert spread(carried) <= 2 * max(BURDEN.values())
    assert unrotated(40) >= 100


zones = st.sampled_from(sorted({*TEN.values(), "Pacific/Auckland", "Asia/Kolkata"}))


def seats_in(where: list[str]) -> list[Seat]:
    return [Seat(n, str(n), str(n), zone, {}) for n, zone in enumerate(where)]


@settings(max_examples=60, deadline=None)
@given(zones, zones, st.integers(1, 12), st.integers(0, 51), st.sampled_from([30, 60, 120]))
def test_between_two_members_the_difference_never_exceeds_one_night(
    one: str, other: str, meetings: int, first_week: int, minutes: int
) -> None:
    """Wherever they sit: the hour that suits either best is always among those to choose from."""
    tuesday = date(2026, 1, 6) + timedelta(weeks=first_week)
    hours = candidates(tuesday, tuesday + timedelta(days=1), minutes, seats_in([one, other]))
    carried: dict[int, int] = {}
    for _ in range(meetings):
        carried = added(carried, by_turns(hours, carried)[0])
        assert spread(carried) <= max(BURDEN.values())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(zones, min_size=1, max_size=10),
    st.lists(st.integers(0, 40), min_size=10, max_size=10),
)
def test_nobody_is_burdened_only_to_be_as_badly_off_as_another(
    where: list[str], carried: list[int]
) -> None:
    """Against every other hour of these days: none is better for one and worse for none."""
    tuesday = date(2026, 9, 1)
    hours = candidates(tuesday, tuesday + timedelta(days=1), 60, seats_in(where))
    chosen = by_turns(hours, dict(enumerate(carried[: len(where)])))[0]
    for other in hours:
        pairs = list(zip(other.burdens, chosen.burdens, strict=True))
        assert not (all(a <= b for a, b in pairs) and any(a < b for a, b in pairs))


def test_an_hour_that_suits_all_but_one_is_kept_before_one_that_suits_nobody() -> None:
    three = [seat(code, TEN[code], with_holidays=False) for code in ("FR", "KE", "US")]
    hours = candidates(date(2026, 11, 24), date(2026, 11, 24), 120, three)
    assert by_turns(hours, {})[0].burdens in {(0, 1, 0), (0, 0, 1)}
    assert any(len(set(hour.burdens)) == 1 for hour in hours)  # even misery was to be had


def test_who_carried_the_night_is_spared_next() -> None:
    tokyo, paris = (seat(code, TEN[code], with_holidays=False) for code in ("JP", "FR"))
    night = judged(at("2026-12-01T03:00", "Asia/Tokyo"), 60, [tokyo, paris])
    carried = carried_by([night])
    assert carried[tokyo.id] > carried[paris.id]
    hours = candidates(date(2026, 12, 8), date(2026, 12, 9), 60, [tokyo, paris])
    chosen = by_turns(hours, carried)[0]
    after = added(carried, chosen)
    assert spread(after) < spread(carried)
