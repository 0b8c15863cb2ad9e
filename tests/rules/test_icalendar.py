"""Calendars and zones as text, read by two parsers that did not write them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import ical_reader
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.rules import Cadence, exceptions, first_day, rule_text
from app.core.icalendar import Calendar, Event, EventStatus, ics
from app.core.icalendar_zones import zone_lines
from app.meetings.rules.adherence import Amended, Amendment, Sitting
from app.meetings.rules.recurrence import occurrences_at

CHANGED = datetime(2026, 11, 24, 12, tzinfo=UTC)
ZONES = [
    "Pacific/Auckland",
    "Africa/Nairobi",
    "Europe/London",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "America/Santiago",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Europe/Dublin",
    "UTC",
]


def event(**values: object) -> Event:
    given = {
        "uid": "one@here",
        "sequence": 3,
        "changed_at": CHANGED,
        "summary": "Plenary",
        "starts": datetime(2026, 12, 2, 14, tzinfo=UTC),
        "ends": datetime(2026, 12, 2, 15, tzinfo=UTC),
        **values,
    }
    return Event(**given)  # type: ignore[arg-type]


def written(*events: Event) -> bytes:
    return ics(Calendar(events=events))


@pytest.mark.parametrize("zone", ZONES)
def test_a_weekly_meeting_keeps_its_hour_on_the_wall_over_two_years(zone: str) -> None:
    first = datetime(2025, 1, 6, 14, tzinfo=ZoneInfo(zone))
    body = written(
        event(starts=first, ends=first + timedelta(hours=1), zone=zone, rule="FREQ=WEEKLY")
    )
    read = ical_reader.events(body, most=110)
    walls = [
        ical_reader.moment(occurrence["start"]).astimezone(ZoneInfo(zone)) for occurrence in read
    ]
    days = [date(2025, 1, 6) + timedelta(weeks=n) for n in range(110)]
    assert [wall.date() for wall in walls] == days
    assert {wall.time() for wall in walls} == {time(14)}


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Europe/London", "America/Los_Angeles"])
def test_the_clock_is_put_back_and_forward_by_a_rule(zone: str) -> None:
    lines = zone_lines(zone, 2026)
    assert [line.partition(":")[0] for line in lines].count("RRULE") == 2
    assert not [line for line in lines if line.startswith("RDATE")]


def test_a_zone_whose_clocks_stand_still_has_no_rule() -> None:
    assert not [line for line in zone_lines("Africa/Nairobi", 2026) if "RRULE" in line]


def test_a_zone_that_changed_its_rule_has_the_old_days_one_by_one_and_the_new_as_a_rule() -> None:
    lines = zone_lines("America/New_York", 2005)
    listed = {line for line in lines if line.startswith("RDATE")}
    assert listed == {
        "RDATE:20040404T020000",
        "RDATE:20050403T020000",
        "RDATE:20060402T020000",
        "RDATE:20041031T020000",
        "RDATE:20051030T020000",
        "RDATE:20061029T020000",
    }
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU" in lines
    assert "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU" in lines


def test_every_zone_that_there_is_can_be_written_and_read() -> None:
    for zone in sorted(available_timezones())[::12]:
        lines = ["BEGIN:VCALENDAR", *zone_lines(zone, 2026), "END:VCALENDAR", ""]
        assert icalendar.Calendar.from_ical("\r\n".join(lines)).walk("VTIMEZONE"), zone


@given(st.text(max_size=300), st.text(max_size=300))
def test_text_comes_back_as_it_was_and_can_never_be_anything_else(
    summary: str, description: str
) -> None:
    body = written(event(summary=f"x{summary}", description=description))
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    (read,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert str(read["SUMMARY"]) == plain(f"x{summary}")
    assert str(read.get("DESCRIPTION", "")) == plain(description)


def plain(text: str) -> str:
    """Without control characters, every line ended in one way, as the format can hold it."""
    lines = "\n".join(text.splitlines())
    return "".join(
        mark for mark in lines if mark in "\n\t" or (ord(mark) >= 32 and ord(mark) != 127)
    )


def test_text_cannot_begin_a_property_of_its_own() -> None:
    evil = "x\r\nEND:VEVENT\nBEGIN:VEVENT\u2028UID:evil\x85SUMMARY:evil"
    body = written(event(summary=evil, location=evil, uid=evil, url=f"https://x/{evil}"))
    found = ical_reader.events(body)
    assert len(found) == 1
    assert b"\r\nSUMMARY:evil" not in body


def test_days_end_with_the_last_one_and_instants_are_in_utc() -> None:
    body = written(event(starts=date(2026, 12, 2), ends=date(2026, 12, 3)), event(uid="two@here"))
    days, instants = ical_reader.events(body)
    assert (days["start"], days["end"]) == ("2026-12-02", "2026-12-04")
    assert (instants["start"], instants["end"]) == (
        "2026-12-02T14:00:00.000Z",
        "2026-12-02T15:00:00.000Z",
    )
    assert b"DTSTART:20261202T140000Z" in body


def test_a_calendar_without_events_is_still_one() -> None:
    assert ical_reader.events(written()) == []
    assert icalendar.Calendar.from_ical(written()).subcomponents


def test_status_and_number_of_revision_are_told() -> None:
    (read,) = ical_reader.events(written(event(status=EventStatus.CANCELLED)))
    assert (read["status"], read["sequence"]) == ("CANCELLED", 3)


RULES = [
    "FREQ=MONTHLY;INTERVAL=6;BYDAY=3WE",
    "FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1MO",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=WEEKLY;COUNT=20",
    "FREQ=WEEKLY;UNTIL=20250625",
    "FREQ=WEEKLY;UNTIL=20250625T120000",
    "FREQ=WEEKLY;UNTIL=20250625T120000Z",
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "zone", ["Pacific/Auckland", "Africa/Nairobi", "Europe/London", "America/Los_Angeles"]
)
def test_a_cadence_meets_when_an_independent_reader_says(zone: str, rule: str) -> None:
    cadence = Cadence(rule, date(2025, 1, 1), zone, time(14), 60, 1, None)
    begins = first_day(cadence)
    body = written(
        event(
            starts=cadence.moment(begins),
            ends=cadence.end(begins),
            zone=zone,
            rule=rule_text(cadence),
        )
    )
    found = [ical_reader.moment(each["start"]) for each in ical_reader.events(body, most=40)]
    ours = occurrences_at(rule, date(2025, 1, 1), zone, date(2046, 1, 1), time(14))
    assert found == ours[:40]


def test_the_end_of_a_cadence_without_an_hour_is_a_day() -> None:
    cadence = Cadence(
        "FREQ=WEEKLY;UNTIL=20250625T230000Z", date(2025, 1, 1), "Asia/Tokyo", None, 60, 1, None
    )
    assert rule_text(cadence) == "FREQ=WEEKLY;UNTIL=20250626"


def test_only_what_differs_from_the_rule_is_an_exception() -> None:
    cadence = Cadence("FREQ=MONTHLY;BYDAY=1MO", date(2026, 1, 5), "UTC", None, 60, 1, 7)
    amended = [
        Amended(Amendment.SKIPPED, date(2026, 2, 2), None, "Holidays"),
        Amended(Amendment.MOVED, date(2026, 3, 2), date(2026, 3, 9), "Room"),
        Amended(Amendment.ADDED, date(2026, 3, 20), None, "More"),
    ]
    sittings = [Sitting(1, date(2026, 1, 6), "day"), Sitting(2, date(2026, 3, 9), "day")]  # type: ignore[arg-type]
    found = exceptions(cadence, sittings, amended, date(2026, 1, 1))
    assert [(p.of, p.on, p.meeting_id) for p in found.places] == [
        (date(2026, 1, 5), date(2026, 1, 5), 1),
        (date(2026, 2, 2), date(2026, 2, 2), None),
        (date(2026, 3, 2), date(2026, 3, 9), 2),
        (None, date(2026, 3, 20), None),
    ]
    assert found.gone == ()


def test_an_occurrence_moved_onto_another_is_gone() -> None:
    cadence = Cadence("FREQ=MONTHLY;BYDAY=1MO", date(2026, 1, 5), "UTC", None, 60, 1, 7)
    moved = Amended(Amendment.MOVED, date(2026, 1, 5), date(2026, 2, 2), "Together")
    assert exceptions(cadence, [], [moved], date(2026, 1, 1)).gone == (date(2026, 1, 5),)
