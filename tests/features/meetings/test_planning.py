"""Planning, changing, holding and cancelling meetings."""

from datetime import UTC, date, datetime
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus

PLAN = {
    "title": "Plenary",
    "starts_on": "2026-12-02",
    "ends_on": "2026-12-03",
    "starts_at": "09:30",
    "zone": "Africa/Nairobi",
    "duration_minutes": "480",
    "place": "Nairobi",
    "link": "https://example.org/join",
    "host": "",
}
SHOWN = {"source_title": "The report", "source_url": "https://example.org/report"}


@pytest.fixture
def series(session: Session) -> MeetingSeries:
    made: MeetingSeries = make.series(session, key="plenary")
    return made


@pytest.fixture
def carla(client: Browser, cast: Cast, series: MeetingSeries) -> Browser:
    return client.sign_in(cast.coordinator)


@pytest.fixture
def planned(session: Session, series: MeetingSeries) -> Meeting:
    made: Meeting = make.meeting(
        session,
        date(2026, 12, 2),
        key="m",
        title="Plenary",
        series_id=series.id,
        status=MeetingStatus.PLANNED,
        exists_from=date(2026, 11, 1),
    )
    return made


def meetings(session: Session) -> list[Meeting]:
    session.expire_all()
    return list(session.scalars(select(Meeting).order_by(Meeting.id)))


def verbs(session: Session) -> list[str]:
    query = select(AuditEntry.verb).where(AuditEntry.subject_kind == "meeting")
    return list(session.scalars(query.order_by(AuditEntry.id)))


def test_a_planned_meeting_keeps_its_time_as_an_instant_and_its_zone(
    carla: Browser, session: Session, cast: Cast
) -> None:
    answer = carla.submit("/cadence/plenary/meetings", **{**PLAN, "host": str(cast.kenya.id)})
    assert answer.status_code == 303
    (meeting,) = meetings(session)
    assert meeting.key == "plenary-2026-12-02"
    assert meeting.starts_at == datetime(2026, 12, 2, 6, 30, tzinfo=UTC)
    assert (meeting.zone, meeting.host_id) == ("Africa/Nairobi", cast.kenya.id)
    assert verbs(session) == ["meeting.plan"]


def test_a_time_is_shown_in_the_meetings_zone_and_in_the_readers(
    carla: Browser, client: Browser, cast: Cast
) -> None:
    carla.submit("/cadence/plenary/meetings", **PLAN)
    text = client.sign_in(cast.other_liaison).page("/meetings/plenary-2026-12-02").get_text(" ")
    assert "2 Dec 2026, 09:30 (Africa/Nairobi)" in text
    assert "In your time zone: 2 Dec 2026, 06:30 (Europe/London)" in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"starts_on": "2026-11-23", "ends_on": ""}, "This day is over"),
        ({"ends_on": "2026-12-01"}, "The last day is before the first."),
        ({"zone": "Europe/Atlantis"}, "This is no time zone."),
        ({"starts_at": "25:00"}, "Write a time as 14:00."),
        ({"duration_minutes": "0"}, "Give a whole number of minutes"),
        ({"duration_minutes": "²"}, "Give a whole number of minutes"),
        ({"link": "javascript:alert(1)"}, "Give a"),
        ({"title": ""}, "Give the meeting a title."),
        (
            {
                "zone": "Europe/London",
                "starts_on": "2027-03-28",
                "ends_on": "",
                "starts_at": "1:30",
            },
            "this time does not exist there",
        ),
        ({"host": "999999"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    carla: Browser, session: Session, changed: dict[str, str], says: str
) -> None:
    answer = carla.submit("/cadence/plenary/meetings", **{**PLAN, **changed})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Nairobi"' in answer.text
    assert meetings(session) == []


def test_a_second_meeting_on_the_same_day_is_refused_in_words(
    carla: Browser, session: Session
) -> None:
    carla.submit("/cadence/plenary/meetings", **PLAN)
    answer = carla.submit("/cadence/plenary/meetings", **{**PLAN, "place": "Mombasa"})
    assert answer.status_code == 409
    assert "The series already has a meeting on this day." in answer.text
    assert 'value="Mombasa"' in answer.text
    assert len(meetings(session)) == 1
    assert verbs(session) == ["meeting.plan"]


def test_a_past_meeting_is_recorded_as_held_with_its_source(
    carla: Browser, session: Session
) -> None:
    past = {**PLAN, "starts_on": "2026-05-20", "ends_on": "", **SHOWN}
    assert carla.submit("/cadence/plenary/held-meetings", **past).status_code == 303
    (meeting,) = meetings(session)
    assert meeting.status is MeetingStatus.HELD
    assert meeting.exists_from == date(2026, 5, 20)
    assert "https://example.org/report" in carla.get("/meetings/plenary-2026-05-20").text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"starts_on": "2026-11-25"}, "This day has not come yet"),
        ({"source_url": ""}, "Give the address of the source."),
        ({"source_url": "ftp://example.org/x"}, "Give an address that begins with http"),
    ],
)
def test_a_held_meeting_needs_a_past_day_and_a_source(
    carla: Browser, session: Session, changed: dict[str, str], says: str
) -> None:
    past = {**PLAN, "starts_on": "2026-05-20", "ends_on": "", **SHOWN, **changed}
    answer = carla.submit("/cadence/plenary/held-meetings", **past)
    assert answer.status_code == 422
    assert says in answer.text
    assert meetings(session) == []


def test_two_editors_of_a_meeting_do_not_overwrite_each_other(
    carla: Browser, session: Session, planned: Meeting
) -> None:
    seen = {**PLAN, "seen": str(planned.version)}
    assert carla.submit("/meetings/m/change", **{**seen, "place": "Lagos"}).status_code == 303
    answer = carla.submit("/meetings/m/change", **{**seen, "place": "Accra"})
    assert answer.status_code == 409
    assert "Somebody changed this meeting" in answer.text
    assert "Lagos" in answer.text
    assert 'value="Accra"' in answer.text
    assert meetings(session)[0].place == "Lagos"


def test_after_a_conflict_the_same_form_saves(
    carla: Browser, session: Session, planned: Meeting
) -> None:
    carla.submit("/meetings/m/change", **{**PLAN, "seen": str(planned.version)})
    page = carla.submit("/meetings/m/change", **{**PLAN, "place": "Accra", "seen": "1"})
    newer = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    answer = carla.submit("/meetings/m/change", **{**PLAN, "place": "Accra", "seen": newer})
    assert answer.status_code == 303
    assert meetings(session)[0].place == "Accra"


def test_a_cancelled_meeting_is_kept_with_its_reason(
    carla: Browser, session: Session, planned: Meeting
) -> None:
    answer = carla.submit("/meetings/m/cancel", reason="The host withdrew", seen="1")
    assert answer.status_code == 303
    page = carla.get("/cadence").text
    assert 'data-meeting="m" data-status="cancelled"' in page
    assert "The host withdrew" in page
    assert 'data-meeting="m" data-status="planned"' in carla.get("/cadence?as_of=2026-11-23").text
    assert verbs(session) == ["meeting.cancel"]


def test_cancelling_needs_a_reason(carla: Browser, session: Session, planned: Meeting) -> None:
    assert carla.submit("/meetings/m/cancel", reason=" ", seen="1").status_code == 422
    assert meetings(session)[0].status is MeetingStatus.PLANNED


def test_a_planned_meeting_whose_day_has_come_is_recorded_as_held(
    carla: Browser, session: Session, series: MeetingSeries
) -> None:
    known: dict[str, Any] = {"status": MeetingStatus.PLANNED, "exists_from": date(2026, 10, 1)}
    make.meeting(session, date(2026, 11, 20), key="due", series_id=series.id, **known)
    assert "nothing says yet whether it was held" in carla.get("/cadence").text
    assert carla.submit("/meetings/due/hold", **SHOWN, seen="1").status_code == 303
    assert meetings(session)[0].status is MeetingStatus.HELD


def test_a_meeting_ahead_cannot_be_recorded_as_held(
    carla: Browser, session: Session, planned: Meeting
) -> None:
    answer = carla.submit("/meetings/m/hold", **SHOWN, seen="1")
    assert answer.status_code == 422
    assert "This day has not come yet" in answer.text
    assert meetings(session)[0].status is MeetingStatus.PLANNED


def test_before_it_was_known_a_meeting_answers_as_not_known(
    carla: Browser, planned: Meeting
) -> None:
    page = carla.page("/meetings/m?as_of=2026-10-31", 404)
    assert "On the day shown, this meeting was not known." in page.get_text()


@pytest.mark.parametrize("who", ["liaison", "observer", "administrator"])
def test_only_a_coordinator_plans(
    client: Browser, cast: Cast, session: Session, planned: Meeting, who: str
) -> None:
    browser = client.sign_in(getattr(cast, who))
    for url in ("/cadence/plenary/meetings", "/meetings/m/change", "/meetings/m/cancel"):
        assert browser.submit(url, **PLAN, reason="x", seen="1").status_code == 403
    assert "Plan a meeting" not in browser.get("/cadence").text
    assert verbs(session) == []
