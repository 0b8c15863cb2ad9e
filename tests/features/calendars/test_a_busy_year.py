"""A year of a busy calendar is served whole, and not again while nothing changes."""

from datetime import UTC, date, datetime, timedelta

import ical_reader
import make
from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.deliverables.actions.schedule import Due
from app.meetings.actions.meetings import cancel_meeting
from app.meetings.models import MeetingStatus


def test_500_events_of_a_year_are_served_once(
    client: Browser, session: Session, cast: Cast
) -> None:
    first = date(2026, 2, 1)
    zones = ("Pacific/Auckland", "Africa/Nairobi", "Europe/London", "America/Los_Angeles")
    for number in range(460):
        day = first + timedelta(days=number % 365)
        make.meeting(
            session,
            day,
            status=MeetingStatus.CANCELLED if number % 9 == 0 else MeetingStatus.PLANNED,
            starts_at=datetime(day.year, day.month, day.day, 14, tzinfo=UTC),
            zone=zones[number % 4],
            place="Somewhere, 東京",
            link=f"https://meet.example.org/{number}",
            cancelled_reason="A reason",
            exists_from=date(2026, 1, 1),
        )
    for number in range(40):
        made = make.deliverable(
            session, by=cast.coordinator, due=Due(own_due_on=first + timedelta(days=number))
        )
        make.assignment(session, made, cast.kenya, by=cast.coordinator)
    answer = client.sign_in(cast.liaison).submit("/account/calendars", purpose="member", series="")
    path = answer.text.partition("data-address>http://localhost")[2].partition("<")[0]
    served = client.get(path)
    assert len(ical_reader.events(served.data)) == 500
    again = client.get(path, headers={"If-None-Match": served.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_after_a_change_the_others_are_told_as_before(
    client: Browser, session: Session, cast: Cast
) -> None:
    made = [
        make.meeting(
            session,
            date(2026, 12, day),
            key=f"call-{day}",
            status=MeetingStatus.PLANNED,
            exists_from=date(2026, 1, 1),
        )
        for day in range(1, 29)
    ]
    answer = client.sign_in(cast.liaison).submit("/account/calendars", purpose="member", series="")
    path = answer.text.partition("data-address>http://localhost")[2].partition("<")[0]
    before = client.get(path)
    session.refresh(made[3])
    cancel_meeting(session, cast.coordinator.actor, made[3], "Too few", made[3].version, make.NOW)
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    changed = set(events_of(after.data)) ^ set(events_of(before.data))
    assert {b"UID:meeting-call-4@" in event for event in changed} == {True}
    assert len(changed) == 2


def events_of(body: bytes) -> list[bytes]:
    return body.partition(b"BEGIN:VEVENT")[2].split(b"BEGIN:VEVENT")
