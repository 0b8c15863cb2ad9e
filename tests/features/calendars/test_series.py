"""A cadence as a recurring event, and a meeting as one, to take along."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import ical_reader
import icalendar
import make
import pytest
import recurring_ical_events
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.days import Precision
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus, SeriesAmendment
from app.meetings.rules.adherence import Amendment


@pytest.fixture
def call(session: Session) -> MeetingSeries:
    """On the first Monday of a month, at 14:00 in London."""
    made: MeetingSeries = make.series(
        session,
        key="call",
        title="Call",
        recurrence="FREQ=MONTHLY;BYDAY=1MO",
        starts_on=date(2026, 1, 1),
        starts_at=time(14),
        zone="Europe/London",
        duration_minutes=60,
    )
    return made


def london(day: date, at: time = time(14)) -> datetime:
    return datetime.combine(day, at, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def meeting(session: Session, series: MeetingSeries, day: date, **values: Any) -> Meeting:
    given: dict[str, Any] = {
        "title": "Call",
        "status": MeetingStatus.PLANNED,
        "series_id": series.id,
        "zone": "Europe/London",
        "starts_at": london(day),
        "duration_minutes": 60,
        "exists_from": date(2026, 1, 1),
        **values,
    }
    made: Meeting = make.meeting(session, day, **given)
    return made


def amendment(session: Session, series: MeetingSeries, cast: Cast, **values: Any) -> None:
    session.add(
        SeriesAmendment(
            series_id=series.id,
            reason="Because",
            made_by_id=cast.coordinator.id,
            made_at=make.NOW,
            exists_from=date(2026, 11, 1),
            **values,
        )
    )


def occurrences(browser: Browser, cast: Cast, most: int = 40) -> list[dict[str, Any]]:
    """In both readers alike."""
    answer = browser.sign_in(cast.observer).get("/cadence/call.ics")
    assert answer.status_code == 200
    found = ical_reader.events(answer.data, most)
    other = recurring_ical_events.of(icalendar.Calendar.from_ical(answer.data))
    between = other.between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    theirs = sorted(
        str(event.start.astimezone(UTC) if isinstance(event.start, datetime) else event.start)
        for event in between
    )
    ours = sorted(
        str(ical_reader.moment(each["start"])) if "T" in each["start"] else each["start"]
        for each in found
        if each["start"] < "2028"
    )
    assert ours == theirs
    return found


def test_it_recurs_at_the_same_hour_on_the_wall_in_summer_and_winter(
    client: Browser, cast: Cast, call: MeetingSeries
) -> None:
    starts = [each["start"] for each in occurrences(client, cast)]
    assert starts[0] == "2026-01-05T14:00:00.000Z"
    assert starts[6] == "2026-07-06T13:00:00.000Z"
    body = client.get("/cadence/call.ics").data
    assert b"TZID:Europe/London" in body
    assert b"RRULE:FREQ=MONTHLY;BYDAY=1MO" in body


def test_a_meeting_stands_in_the_place_of_its_occurrence(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    meeting(session, call, date(2026, 2, 3), title="On Tuesday", place="Nairobi")
    found = {each["start"]: each for each in occurrences(client, cast)}
    assert "2026-02-02T14:00:00.000Z" not in found
    instead = found["2026-02-03T14:00:00.000Z"]
    assert (instead["summary"], instead["location"]) == ("On Tuesday", "Nairobi")
    assert instead["status"] == "CONFIRMED"
    assert found["2026-03-02T14:00:00.000Z"]["status"] == "TENTATIVE"
    assert len({each["uid"] for each in found.values()}) == 1


def test_what_was_moved_skipped_or_added_is_an_exception(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    amendment(session, call, cast, kind=Amendment.SKIPPED, day=date(2027, 1, 4))
    amendment(
        session,
        call,
        cast,
        kind=Amendment.MOVED,
        day=date(2027, 2, 1),
        moved_to=date(2027, 2, 9),
    )
    amendment(session, call, cast, kind=Amendment.ADDED, day=date(2027, 2, 20))
    found = {each["start"]: each for each in occurrences(client, cast)}
    assert found["2027-01-04T14:00:00.000Z"]["status"] == "CANCELLED"
    assert "2027-02-01T14:00:00.000Z" not in found
    assert found["2027-02-09T14:00:00.000Z"]["description"] == "Because"
    assert found["2027-02-20T14:00:00.000Z"]["uid"] != found["2027-02-09T14:00:00.000Z"]["uid"]


def test_a_meeting_that_was_called_off_is_kept_as_cancelled(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    off = {"status": MeetingStatus.CANCELLED, "cancelled_reason": "No quorum"}
    meeting(session, call, date(2027, 1, 4), **off)
    found = {each["start"]: each for each in occurrences(client, cast)}
    assert found["2027-01-04T14:00:00.000Z"]["status"] == "CANCELLED"
    meeting(session, call, date(2027, 1, 5), title="A day later")
    both = {each["start"]: each for each in occurrences(client, cast)}
    assert both["2027-01-05T14:00:00.000Z"]["status"] == "CONFIRMED"
    assert both["2027-01-04T14:00:00.000Z"]["status"] == "CANCELLED"


def test_an_occurrence_met_on_a_day_that_is_not_known_is_on_no_day(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    meeting(
        session,
        call,
        date(2026, 3, 1),
        status=MeetingStatus.HELD,
        precision=Precision.MONTH,
        starts_at=None,
    )
    found = occurrences(client, cast)
    assert not [each for each in found if each["start"].startswith("2026-03")]
    assert "March 2026" in found[0]["description"]


def test_every_change_to_any_part_raises_the_number_of_all(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    numbers = []

    def note() -> None:
        found = {each["sequence"] for each in occurrences(client, cast)}
        assert len(found) == 1
        numbers.append(found.pop())

    note()
    made = meeting(session, call, date(2027, 1, 4))
    note()
    session.refresh(made)
    made.place = "Elsewhere"
    note()
    amendment(session, call, cast, kind=Amendment.SKIPPED, day=date(2027, 2, 1))
    note()
    session.scalars(select(SeriesAmendment)).one().undone_on = date(2026, 11, 24)
    note()
    session.merge(call).note = "Changed"
    note()
    assert numbers == sorted(set(numbers))


def test_a_cadence_without_an_hour_is_of_whole_days(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    call.starts_at, call.days = None, 2
    meeting(session, call, date(2026, 2, 2), starts_at=None, ends_on=date(2026, 2, 4))
    found = occurrences(client, cast)
    by_start = {each["start"]: each["end"] for each in found}
    assert by_start["2026-01-05"] == "2026-01-07"
    assert by_start["2026-02-02"] == "2026-02-05"
    assert b"VTIMEZONE" not in client.get("/cadence/call.ics").data


def test_a_flexible_cadence_promises_no_days(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    call.is_flexible = True
    meeting(session, call, date(2026, 2, 3))
    assert [each["start"] for each in occurrences(client, cast)] == ["2026-02-03T14:00:00.000Z"]


def test_a_meeting_is_one_event_with_its_place_in_the_trail(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    made = meeting(session, call, date(2027, 1, 4), key="m")
    client.sign_in(cast.observer)
    first = client.get("/meetings/m.ics")
    (before,) = ical_reader.events(first.data)
    assert b"DTSTART:20270104T140000Z" in first.data
    assert first.headers["Content-Disposition"] == "attachment; filename=m.ics"
    session.refresh(made)
    made.starts_at = london(date(2027, 1, 4), time(15))
    (after,) = ical_reader.events(client.get("/meetings/m.ics").data)
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    verbs = session.scalars(select(AuditEntry.verb)).all()
    assert verbs.count("meeting.export") == 2


def test_to_take_it_along_is_no_change(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    meeting(session, call, date(2027, 1, 4), key="m")
    client.sign_in(cast.observer)
    client.get("/meetings/m.ics")
    first = client.get("/meetings/m.ics").data
    assert client.get("/meetings/m.ics").data == first


def test_a_meeting_known_to_the_month_is_no_event(
    client: Browser, session: Session, cast: Cast, call: MeetingSeries
) -> None:
    meeting(session, call, date(2027, 1, 1), key="m", precision=Precision.MONTH)
    assert client.sign_in(cast.observer).get("/meetings/m.ics").status_code == 404
    assert client.get("/cadence/none.ics").status_code == 404
