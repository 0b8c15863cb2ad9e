"""Calendars under a secret address: who gets one, what it holds, when it ends."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import ical_reader
import icalendar
import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Action
from app.audit.models import AuditEntry
from app.calendars.models import CalendarFeed
from app.core.days import FOREVER, Precision
from app.core.markings import Marking
from app.deadlines.models import DeadlineDate
from app.deliverables.actions.schedule import Due
from app.deliverables.models import AssignmentState
from app.deliverables.rules.moves import Status
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus, SeriesMember
from app.people import actions as people
from app.web.database import Tracker

PAGE = "/account/calendars"


def make_feed(browser: Browser, purpose: str, series: str = "") -> str:
    """The path of a new feed, as its page shows it."""
    answer = browser.submit(PAGE, purpose=purpose, series=series)
    assert answer.status_code == 200, answer.text[-300:]
    address = answer.text.partition("data-address>")[2].partition("<")[0]
    assert address.startswith("http://localhost/feeds/")
    return address.removeprefix("http://localhost")


def stranger(app: Tracker, session: Session) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.session = session
    return browser


def events(browser: Browser, path: str) -> dict[str, dict[str, Any]]:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    icalendar.Calendar.from_ical(answer.data)
    return {event["summary"]: event for event in ical_reader.events(answer.data)}


@pytest.fixture
def deadline_feed(client: Browser, cast: Cast) -> str:
    return make_feed(client.sign_in(cast.observer), "deadlines")


def test_it_answers_whoever_has_the_address_without_an_account(
    app: Tracker, session: Session, deadline_feed: str
) -> None:
    assert stranger(app, session).get(deadline_feed).status_code == 200


def test_only_its_hash_is_kept_and_it_is_shown_once(
    client: Browser, session: Session, deadline_feed: str
) -> None:
    secret = deadline_feed.removeprefix("/feeds/").removesuffix(".ics")
    feed = session.scalars(select(CalendarFeed)).one()
    kept = [str(getattr(feed, column.key)) for column in CalendarFeed.__table__.columns]
    assert not [text for text in kept if secret in text]
    assert secret not in client.get(PAGE).text
    trail = session.scalars(select(AuditEntry)).all()
    assert not [entry for entry in trail if secret in str(entry.changes)]


def test_a_new_address_for_the_same_ends_the_old_one(
    client: Browser, session: Session, deadline_feed: str
) -> None:
    second = make_feed(client, "deadlines")
    assert client.get(deadline_feed).status_code == 404
    assert client.get(second).status_code == 200
    working = select(CalendarFeed).where(CalendarFeed.revoked_at.is_(None))
    assert len(session.scalars(working).all()) == 1


def test_one_that_was_ended_answers_no_more(
    client: Browser, session: Session, deadline_feed: str
) -> None:
    feed = session.scalars(select(CalendarFeed)).one()
    assert client.submit(f"{PAGE}/{feed.id}/revoke").status_code == 303
    assert client.get(deadline_feed).status_code == 404
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.verb.like("feed.%"))).all()
    assert verbs == ["feed.make", "feed.revoke"]


def test_nobody_ends_that_of_another(
    client: Browser, session: Session, cast: Cast, deadline_feed: str
) -> None:
    feed = session.scalars(select(CalendarFeed)).one()
    client.sign_in(cast.administrator)
    assert client.submit(f"{PAGE}/{feed.id}/revoke").status_code == 404
    assert client.get(deadline_feed).status_code == 200


def test_it_is_dead_with_the_account(
    client: Browser, session: Session, cast: Cast, deadline_feed: str, now: datetime
) -> None:
    people.deactivate(session, cast.administrator.actor, cast.observer, now)
    assert client.get(deadline_feed).status_code == 404


@pytest.mark.parametrize("path", ["/feeds/x.ics", "/feeds/.ics", "/feeds/%00.ics", "/feeds/é.ics"])
def test_a_guess_finds_nothing(client: Browser, cast: Cast, path: str) -> None:
    assert client.get(path).status_code in {302, 404}


def test_unchanged_it_is_not_sent_again_and_changed_it_is(
    client: Browser, session: Session, cast: Cast, deadline_feed: str
) -> None:
    first = client.get(deadline_feed)
    tag = first.headers["ETag"]
    assert client.get(deadline_feed).data == first.data
    again = client.get(deadline_feed, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    make.deadline(session, date(2027, 2, 1), by=cast.coordinator, title="New")
    changed = client.get(deadline_feed, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_when_it_was_last_read_is_shown_to_its_owner(
    client: Browser, session: Session, deadline_feed: str, now: datetime
) -> None:
    assert "Nothing has read it yet." in client.get(PAGE).text
    client.get(deadline_feed)
    session.expire_all()
    assert session.scalars(select(CalendarFeed.fetched_at)).one() == now
    assert "Last read about" in client.get(PAGE).text


@pytest.mark.parametrize(
    "asked",
    [{"purpose": "everything"}, {"purpose": "series"}, {"purpose": "member", "series": "x"}],
)
def test_a_calendar_that_there_is_not_is_not_made(
    client: Browser, session: Session, cast: Cast, asked: dict[str, str]
) -> None:
    client.sign_in(cast.observer)
    assert client.submit(PAGE, **asked).status_code in {403, 404}
    assert session.scalars(select(CalendarFeed)).all() == []


def test_only_a_liaison_is_offered_a_calendar_of_a_member(client: Browser, cast: Cast) -> None:
    assert "My member’s meetings" in client.sign_in(cast.liaison).get(PAGE).text
    assert "My member’s meetings" not in client.sign_in(cast.coordinator).get(PAGE).text
    assert client.submit(PAGE, purpose="member").status_code == 403


def test_deadlines_are_whole_days_and_what_has_no_day_is_said_in_words(
    client: Browser, session: Session, cast: Cast, deadline_feed: str
) -> None:
    make.deadline(
        session, date(2027, 2, 10), by=cast.coordinator, ends_on=date(2027, 2, 11), title="Two days"
    )
    make.deadline(
        session,
        date(2027, 1, 1),
        by=cast.coordinator,
        precision=Precision.YEAR,
        title="Geneva",
    )
    found = events(client, deadline_feed)
    assert set(found) == {"Two days"}
    assert (found["Two days"]["start"], found["Two days"]["end"]) == ("2027-02-10", "2027-02-12")
    assert found["Two days"]["url"].startswith("http://localhost/deadlines/")
    text = str(icalendar.Calendar.from_ical(client.get(deadline_feed).data)["DESCRIPTION"])
    assert text == "On days that are not known:\nGeneva: 2027"


def test_a_deadline_whose_day_is_known_no_more_is_kept_as_cancelled(
    client: Browser, session: Session, cast: Cast, deadline_feed: str
) -> None:
    deadline = make.deadline(session, date(2027, 2, 10), by=cast.coordinator, title="Summit")
    before = events(client, deadline_feed)["Summit"]
    first = session.scalars(select(DeadlineDate)).one()
    first.until_on = date(2026, 11, 20)
    session.add(
        DeadlineDate(
            deadline_id=deadline.id,
            starts_on=date(2027, 3, 1),
            due_on=date(2027, 3, 31),
            precision=Precision.MONTH,
            from_on=date(2026, 11, 20),
            until_on=FOREVER,
            recorded_by_id=cast.coordinator.id,
            recorded_at=make.NOW,
        )
    )
    (after,) = events(client, deadline_feed).values()
    assert (after["uid"], after["start"]) == (before["uid"], before["start"])
    assert after["status"] == "CANCELLED"
    assert after["sequence"] > before["sequence"]
    assert "March 2027" in after["description"]


@pytest.fixture
def plenary(session: Session) -> MeetingSeries:
    made: MeetingSeries = make.series(session, key="plenary", title="Plenary")
    return made


def planned(session: Session, series: MeetingSeries, day: date, **values: Any) -> Meeting:
    given = {"title": "Plenary", "status": MeetingStatus.PLANNED, "series_id": series.id, **values}
    made: Meeting = make.meeting(session, day, **{"exists_from": date(2026, 1, 1), **given})
    return made


@pytest.fixture
def member_feed(client: Browser, cast: Cast) -> str:
    return make_feed(client.sign_in(cast.liaison), "member")


def test_meetings_stay_when_they_are_past_or_called_off(
    client: Browser, session: Session, plenary: MeetingSeries, member_feed: str
) -> None:
    planned(session, plenary, date(2026, 1, 20), title="Held", status=MeetingStatus.HELD)
    off = planned(session, plenary, date(2027, 1, 20), title="Off", place="Nairobi")
    before = events(client, member_feed)
    assert before["Off"]["status"] == "CONFIRMED"
    session.refresh(off)
    off.status, off.cancelled_on = MeetingStatus.CANCELLED, date(2026, 11, 24)
    off.cancelled_reason = "No quorum"
    after = events(client, member_feed)
    assert set(after) == {"Held", "Cancelled: Off"}
    cancelled = after["Cancelled: Off"]
    assert cancelled["status"] == "CANCELLED"
    assert cancelled["uid"] == before["Off"]["uid"]
    assert cancelled["sequence"] > before["Off"]["sequence"]
    assert "No quorum" in cancelled["description"]
    assert cancelled["url"] == f"http://localhost/meetings/{off.key}"


def test_a_meeting_with_an_hour_is_an_instant_and_one_known_to_the_month_is_on_no_day(
    client: Browser, session: Session, plenary: MeetingSeries, member_feed: str
) -> None:
    planned(
        session,
        plenary,
        date(2027, 7, 1),
        title="Hour",
        starts_at=datetime(2027, 7, 1, 13, tzinfo=UTC),
        zone="Europe/London",
        duration_minutes=90,
        link="https://meet.example.org/1",
    )
    planned(session, plenary, date(2027, 9, 1), title="Month", precision=Precision.MONTH)
    found = events(client, member_feed)
    assert set(found) == {"Hour"}
    assert found["Hour"]["start"] == "2027-07-01T13:00:00.000Z"
    assert found["Hour"]["end"] == "2027-07-01T14:30:00.000Z"
    assert "https://meet.example.org/1" in found["Hour"]["description"]


def test_only_meetings_in_which_the_member_meets_are_told(
    client: Browser, session: Session, cast: Cast, plenary: MeetingSeries, member_feed: str
) -> None:
    closed = make.series(session, title="Of others")
    session.add(SeriesMember(series_id=closed.id, member_id=cast.britain.id, position=0))
    planned(session, plenary, date(2027, 1, 20), title="For all")
    planned(session, closed, date(2027, 1, 21), title="For others")
    assert set(events(client, member_feed)) == {"For all"}


def test_what_falls_due_for_the_member_is_told_and_nothing_else(
    client: Browser, session: Session, cast: Cast, member_feed: str
) -> None:
    by = cast.coordinator
    for title, values in {
        "Ours": {},
        "Shared": {"marking": Marking.AMBER},
        "Strict": {"marking": Marking.AMBER_STRICT},
        "Declined": {},
    }.items():
        made = make.deliverable(
            session, by=by, title=title, due=Due(own_due_on=date(2027, 1, 5)), **values
        )
        state = AssignmentState.DECLINED if title == "Declined" else AssignmentState.ACCEPTED
        make.assignment(session, made, cast.kenya, state=state, by=by)
    make.deliverable(session, by=by, title="Theirs", due=Due(own_due_on=date(2027, 1, 5)))
    found = events(client, member_feed)
    hushed = "Something marked TLP:AMBER+STRICT is due"
    assert set(found) == {"Due: Ours", "Due: Shared", hushed}
    assert "TLP:AMBER" in found["Due: Shared"]["description"]
    assert (found["Due: Ours"]["start"], found["Due: Ours"]["end"]) == ("2027-01-05", "2027-01-06")
    assert found[hushed]["url"] == "http://localhost/deliverables"
    assert "Strict" not in client.get(member_feed).text


def test_what_is_red_is_not_told_at_all(
    client: Browser, session: Session, cast: Cast, member_feed: str
) -> None:
    made = make.deliverable(
        session,
        by=cast.coordinator,
        title="Secret",
        marking=Marking.RED,
        due=Due(own_due_on=date(2027, 1, 5)),
    )
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    assert events(client, member_feed) == {}
    assert "RED" not in client.get(member_feed).text


def test_what_is_done_or_dropped_stays_and_says_so(
    client: Browser, session: Session, cast: Cast, member_feed: str
) -> None:
    for title, status in {"Done": Status.DELIVERED, "Off": Status.DROPPED}.items():
        made = make.deliverable(
            session, by=cast.coordinator, title=title, due=Due(own_due_on=date(2026, 6, 1))
        )
        make.assignment(session, made, cast.kenya, by=cast.coordinator)
        make.update(session, made, Status.IN_PROGRESS, date(2026, 5, 1), by=cast.coordinator)
        make.update(session, made, status, date(2026, 5, 30), by=cast.coordinator)
    found = events(client, member_feed)
    assert found["Delivered: Done"]["status"] == "CONFIRMED"
    assert found["Dropped: Off"]["status"] == "CANCELLED"


def test_actions_that_the_member_owes_are_told(
    client: Browser, session: Session, cast: Cast, member_feed: str
) -> None:
    for task, member in {"Draft it": cast.kenya, "Not ours": cast.britain}.items():
        session.add(
            Action(
                member_id=member.id,
                task=task,
                due_on=date(2027, 1, 8),
                exists_from=date(2026, 11, 1),
                created_by_id=cast.coordinator.id,
            )
        )
    assert set(events(client, member_feed)) == {"Due: Draft it"}


def test_a_liaison_who_is_none_any_more_sees_nothing_of_the_member(
    client: Browser, session: Session, cast: Cast, plenary: MeetingSeries, member_feed: str
) -> None:
    planned(session, plenary, date(2027, 1, 20))
    assert events(client, member_feed)
    account = session.merge(cast.liaison)
    account.role, account.member_id = cast.observer.role, None
    assert events(client, member_feed) == {}


def test_a_feed_stays_dead_when_a_closed_account_is_opened_again(
    app: Tracker, client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    path = make_feed(client.sign_in(cast.liaison), "deadlines")
    assert client.get(path).status_code == 200
    people.deactivate(session, cast.administrator.actor, cast.liaison, now)
    assert client.get(path).status_code == 404
    people.activate(session, cast.administrator.actor, cast.liaison, now)
    assert client.get(path).status_code == 404
    app.config["NOW"] = lambda: now + timedelta(minutes=1)
    assert client.get(make_feed(client.sign_in(cast.liaison), "deadlines")).status_code == 200


def test_that_a_feed_was_used_stands_in_the_trail_once_a_day(
    app: Tracker, client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    path = make_feed(client.sign_in(cast.liaison), "deadlines")
    for hours in (0, 2, 4, 23, 25):
        app.config["NOW"] = lambda hours=hours: now + timedelta(hours=hours)
        assert client.get(path).status_code == 200
    used = session.scalars(select(AuditEntry).where(AuditEntry.verb == "feed.used")).all()
    days = {(now + timedelta(hours=hours)).date() for hours in (0, 2, 4, 23, 25)}
    assert len(used) == len(days) == 2
    assert {(entry.account_id, entry.address) for entry in used} == {(cast.liaison.id, "127.0.0.1")}
