"""Looking for a time: candidates, the ledger, answers, and the one that is chosen."""

from datetime import UTC, date, datetime
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.errors import Conflict
from app.meetings.actions.slots import put_slot
from app.meetings.models import Meeting, MeetingSlot, MeetingStatus, SlotAnswer
from app.meetings.queries.times import minutes_a_day, times_asked
from app.meetings.rules.attendance import Availability

TIMES = "/meetings/m/times"


@pytest.fixture
def meeting(session: Session, cast: Cast) -> Meeting:
    """On 2 December 2026, two hours, of the members of the cast."""
    series = make.series(session, key="calls", duration_minutes=120)
    make.meeting(
        session,
        date(2026, 11, 4),
        series_id=series.id,
        starts_at=datetime(2026, 11, 4, 1, tzinfo=UTC),
        duration_minutes=120,
    )
    made: Meeting = make.meeting(
        session,
        date(2026, 12, 2),
        key="m",
        series_id=series.id,
        status=MeetingStatus.PLANNED,
        exists_from=date(2026, 11, 1),
        zone="Europe/London",
        place="By video",
    )
    session.commit()
    return made


@pytest.fixture
def carla(client: Browser, cast: Cast, meeting: Meeting) -> Browser:
    return client.sign_in(cast.coordinator)


def put(browser: Browser, at: str = "2026-12-02T09:00Z") -> None:
    assert browser.submit(TIMES, at=at).status_code == 303


def slots(session: Session) -> list[MeetingSlot]:
    session.expire_all()
    return list(session.scalars(select(MeetingSlot).order_by(MeetingSlot.starts_at)))


def answers(session: Session) -> list[tuple[str, Availability]]:
    session.expire_all()
    rows = session.scalars(select(SlotAnswer).order_by(SlotAnswer.member_id)).all()
    return [(str(row.member_id), row.answer) for row in rows]


def test_candidates_suit_the_seats_and_say_for_whom_they_do_not(carla: Browser) -> None:
    page = carla.page(f"{TIMES}?first=2026-12-02&last=2026-12-02")
    best = page.select("[data-candidate]")[0]
    # Nairobi is three hours ahead of London: 9 to 11 in UTC is 12 to 14 there.
    assert best["data-total"] == "0"
    assert "It suits everybody." in best.get_text()
    saturday = carla.page(f"{TIMES}?first=2026-12-05&last=2026-12-05")
    for candidate in saturday.select("[data-candidate]"):
        rows = candidate.select("[data-burden]")
        assert [row["data-burden"] for row in rows] == ["3", "3"]
        assert all("weekend" in row.get_text() for row in rows)
        assert all(row.select_one("svg")["aria-hidden"] for row in rows)


def test_a_public_holiday_is_named_as_what_makes_a_time_bad(carla: Browser) -> None:
    page = carla.page(f"{TIMES}?first=2026-12-25&last=2026-12-25")
    assert "Christmas Day" in page.select_one("[data-candidate]").get_text()


def test_no_time_that_is_over_is_offered(carla: Browser) -> None:
    page = carla.page(f"{TIMES}?first=2026-11-24&last=2026-11-24")
    found = [str(c["data-candidate"]) for c in page.select("[data-candidate]")]
    assert found
    assert min(found) > "2026-11-24T12:00"


def test_the_ledger_tells_who_had_the_night_and_turns_spare_them(carla: Browser) -> None:
    page = carla.page(f"{TIMES}?first=2026-12-02&last=2026-12-04")
    table = page.find("caption", string="Who carried the bad hours").find_parent("table")
    rows = [[c.get_text(" ", strip=True) for c in r.select("th, td")] for r in table.select("tr")]
    # 1 to 3 at night in London is 4 to 6 in Nairobi: both had it.
    assert rows[1:] == [["GB United Kingdom", "4", "1"], ["KE Kenya", "4", "1"]]
    turns = carla.page(f"{TIMES}?first=2026-12-02&last=2026-12-04&turns=y")
    assert turns.select_one("[data-candidate]")["data-total"] == "0"


@pytest.mark.parametrize("window", ["first=2026-12-05&last=2026-12-01", "last=x", "first=2026-1-1"])
def test_days_that_are_none_are_refused_in_words(carla: Browser, window: str) -> None:
    page = carla.page(f"{TIMES}?{window}", 422)
    assert not page.select("[data-candidate]")


def test_members_answer_and_the_chosen_time_becomes_the_meeting(
    carla: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    put(carla)
    put(carla, "2026-12-03T10:00Z")
    put(carla, "2026-12-03T10:00Z")
    assert len(slots(session)) == 2
    chosen = slots(session)[1].id
    for liaison, code, answer in (
        (cast.liaison, "KE", "yes"),
        (cast.other_liaison, "GB", "if_needed"),
    ):
        client.sign_in(liaison)
        assert client.get(TIMES).status_code == 200
        sent = client.submit(f"{TIMES}/{chosen}/answer", member=code, answer=answer)
        assert sent.status_code == 303
    text = client.sign_in(cast.coordinator).page(TIMES).get_text(" ")
    assert "Yes: 1, if needed: 1, no: 0, open: 0." in " ".join(text.split())
    seen = str(session.get_one(Meeting, slots(session)[0].meeting_id).version)
    assert client.submit(f"{TIMES}/{chosen}/choose", seen=seen).status_code == 303
    session.expire_all()
    meeting = session.scalars(select(Meeting).where(Meeting.key == "m")).one()
    assert meeting.starts_at == datetime(2026, 12, 3, 10, tzinfo=UTC)
    assert (meeting.starts_on, meeting.place) == (date(2026, 12, 3), "By video")
    verbs = session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs[-1] == "meeting.change"
    assert verbs.count("meeting.answer_time") == 2


def test_what_waits_for_a_members_answer_is_found(
    carla: Browser, session: Session, cast: Cast, meeting: Meeting
) -> None:
    assert times_asked(session, cast.kenya.id, make.NOW) == ()
    put(carla)
    (slot,) = slots(session)
    assert [asked.meeting.key for asked in times_asked(session, cast.kenya.id, make.NOW)] == ["m"]
    carla.submit(f"{TIMES}/{slot.id}/answer", member="KE", answer="no")
    session.expire_all()
    assert times_asked(session, cast.kenya.id, make.NOW) == ()


def test_a_liaison_answers_for_no_other_member(
    carla: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    put(carla)
    (slot,) = slots(session)
    client.sign_in(cast.liaison)
    client.submit(f"{TIMES}/{slot.id}/answer", member="GB", answer="yes")
    assert answers(session) == []
    page = client.page(TIMES)
    assert len(page.select("[data-member] form")) == 1
    assert not page.select("[data-candidate]")
    for url, fields in _plans(slot.id):
        assert client.submit(url, **fields).status_code == 403


def _plans(slot_id: int) -> list[tuple[str, dict[str, Any]]]:
    return [
        (TIMES, {"at": "2026-12-02T09:00Z"}),
        (f"{TIMES}/{slot_id}/choose", {"seen": "1"}),
        (f"{TIMES}/{slot_id}/withdraw", {"seen": "1"}),
    ]


def test_an_observer_sees_the_times_and_answers_none(
    carla: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    put(carla)
    (slot,) = slots(session)
    client.sign_in(cast.observer)
    assert not client.page(TIMES).select("main form")
    sent = client.submit(f"{TIMES}/{slot.id}/answer", member="KE", answer="yes")
    assert sent.status_code == 403


def test_a_time_is_withdrawn_with_its_answers(carla: Browser, session: Session) -> None:
    put(carla)
    (slot,) = slots(session)
    carla.submit(f"{TIMES}/{slot.id}/answer", member="KE", answer="yes")
    assert carla.submit(f"{TIMES}/{slot.id}/withdraw", seen="1").status_code == 303
    assert slots(session) == []
    assert answers(session) == []


def test_once_a_meeting_is_called_off_no_time_is_looked_for(
    session: Session, cast: Cast, meeting: Meeting
) -> None:
    meeting.status = MeetingStatus.CANCELLED
    with pytest.raises(Conflict):
        put_slot(session, cast.coordinator.actor, meeting, make.NOW, make.NOW)


@pytest.mark.parametrize("at", ["", "tomorrow", "2026-12-02", "2026-12-02T25:00Z"])
def test_a_time_that_is_none_is_refused(carla: Browser, session: Session, at: str) -> None:
    assert carla.submit(TIMES, at=at).status_code == 422
    assert slots(session) == []


@pytest.mark.parametrize(
    ("own", "last_day", "of_series", "days", "expected"),
    [
        (None, None, 960, 2, 480),
        (120, None, 960, 2, 120),
        (960, 3, 960, 2, 480),
        (None, 3, 960, 2, 480),
        (None, None, 90, 1, 90),
    ],
)
def test_a_day_of_a_meeting_is_as_long_as_it_says_else_as_its_series_does(
    session: Session,
    own: int | None,
    last_day: int | None,
    of_series: int,
    days: int,
    expected: int,
) -> None:
    series = make.series(session, duration_minutes=of_series, days=days)
    meeting = make.meeting(
        session,
        date(2026, 12, 2),
        ends_on=date(2026, 12, last_day) if last_day else None,
        series=series,
        duration_minutes=own,
    )
    assert minutes_a_day(meeting) == expected
