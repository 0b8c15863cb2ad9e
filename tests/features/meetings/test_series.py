"""Agreeing on a cadence, changing it, and what becomes of single occurrences."""

from datetime import date
from typing import Any

import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.audit.models import AuditEntry
from app.core.clock import as_of
from app.meetings.models import MeetingSeries, MeetingStatus
from app.meetings.queries.cadences import cadences
from app.meetings.rules.adherence import Adherence

FORM: dict[str, Any] = {
    "title": "Track on evaluation",
    "kind": "track",
    "number": "6",
    "rhythm": "months",
    "nth": "3",
    "weekday": "2",
    "starts_on": "2026-12-01",
    "starts_at": "14:00",
    "zone": "Pacific/Auckland",
    "duration_minutes": "120",
    "days": "1",
    "hosting": "fixed",
}


def page_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def dates(page: BeautifulSoup) -> list[str]:
    return [str(line["data-next"]) for line in page.select("[data-next]")]


def save(browser: Browser, url: str = "/cadence/new", **changed: Any) -> TestResponse:
    """Look at the dates, then send the same form again as the page has it."""
    fields = {**FORM, **changed}
    shown = page_of(browser.submit(url, **fields))
    return browser.submit(url, **fields, shown=shown.select_one("[name=shown]")["value"])


def only(session: Session) -> MeetingSeries:
    session.expire_all()
    return session.scalars(select(MeetingSeries)).one()


@pytest.mark.parametrize(
    ("changed", "rule", "days"),
    [
        (
            {},
            "FREQ=MONTHLY;INTERVAL=6;BYDAY=3WE",
            ["2026-12-16", "2027-06-16", "2027-12-15", "2028-06-21", "2028-12-20"],
        ),
        (
            {"rhythm": "quarter", "nth": "1", "weekday": "0"},
            "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=1MO",
            ["2027-01-04", "2027-04-05", "2027-07-05", "2027-10-04", "2028-01-03"],
        ),
        (
            {"rhythm": "weeks", "number": "2", "weekday": "4"},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
            ["2026-12-04", "2026-12-18", "2027-01-01", "2027-01-15", "2027-01-29"],
        ),
        (
            {"rhythm": "expert", "recurrence": "RRULE:freq=monthly;byday=2TU,-1TU"},
            "FREQ=MONTHLY;BYDAY=2TU,-1TU",
            ["2026-12-08", "2026-12-29", "2027-01-12", "2027-01-26", "2027-02-09"],
        ),
        (
            {"rhythm": "years", "number": "1"},
            "FREQ=MONTHLY;INTERVAL=12;BYDAY=3WE",
            ["2026-12-16", "2027-12-15", "2028-12-20", "2029-12-19", "2030-12-18"],
        ),
    ],
)
def test_the_form_builds_the_rule_and_shows_five_dates_before_it_saves(
    carla: Browser, session: Session, changed: dict[str, str], rule: str, days: list[str]
) -> None:
    answer = carla.submit("/cadence/new", **{**FORM, **changed})
    assert answer.status_code == 200
    assert dates(page_of(answer)) == days
    assert session.scalars(select(MeetingSeries)).all() == []
    assert save(carla, **changed).status_code == 303
    made = only(session)
    assert (made.recurrence, made.zone, made.key) == (
        rule,
        "Pacific/Auckland",
        "track-on-evaluation",
    )
    assert session.scalars(select(AuditEntry.verb)).all()[-1] == "series.agree"


def test_what_changes_the_dates_is_shown_again_before_it_is_saved(
    carla: Browser, session: Session
) -> None:
    shown = page_of(carla.submit("/cadence/new", **FORM)).select_one("[name=shown]")["value"]
    answer = carla.submit("/cadence/new", **{**FORM, "weekday": "3"}, shown=shown)
    assert answer.status_code == 200
    assert dates(page_of(answer))[0] == "2026-12-17"
    assert session.scalars(select(MeetingSeries)).all() == []


def test_a_preview_names_the_instant_there_and_in_utc(carla: Browser) -> None:
    text = page_of(carla.submit("/cadence/new", **FORM)).select_one("#next-dates").get_text(" ")
    assert "16 Dec 2026, 14:00 (Pacific/Auckland)" in text
    assert "16 Dec 2026, 01:00 (UTC)" in text
    assert "16 Jun 2027, 02:00 (UTC)" in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": ""}, "Give the series a title."),
        ({"number": "0"}, "Give a whole number from 1 to 99."),
        ({"rhythm": "years", "number": "9"}, "Give a whole number from 1 to 8."),
        ({"weekday": ""}, "Choose the weekday."),
        ({"rhythm": "expert", "recurrence": ""}, "Write the rule"),
        ({"rhythm": "expert", "recurrence": "FREQ=HOURLY"}, "at most once a day"),
        ({"rhythm": "expert", "recurrence": "every second moon"}, "no rule that RFC 5545 has"),
        ({"rhythm": "expert", "recurrence": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"}, "never meets"),
        ({"zone": "Europe/Atlantis"}, "This is no time zone."),
        ({"duration_minutes": "0"}, "Give a whole number of minutes"),
        ({"is_flexible": "y"}, "says how often, and no weekday"),
        ({"hosting": "rotating"}, "Say which members host in turn."),
        ({"order": "KE, XX"}, "There is no member XX."),
    ],
)
def test_a_cadence_that_cannot_be_is_refused_in_words(
    carla: Browser, session: Session, changed: dict[str, str], says: str
) -> None:
    answer = carla.submit("/cadence/new", **{**FORM, **changed})
    assert answer.status_code == 422
    assert says in answer.text
    assert session.scalars(select(MeetingSeries)).all() == []


def test_the_form_shows_a_series_as_it_was_built_and_changes_it(
    carla: Browser, session: Session, cast: Cast
) -> None:
    save(carla, hosting="rotating", order="KE, GB")
    url = f"/cadence/{only(session).key}/change"
    page = carla.page(url)
    assert page.select_one("[name=order]")["value"] == "KE, GB"
    assert page.select_one("[name=nth] [selected]")["value"] == "3"
    changed = {"hosting": "rotating", "order": "GB, KE", "seen": "1", "number": "3"}
    assert save(carla, url, **changed).status_code == 303
    assert only(session).recurrence == "FREQ=MONTHLY;INTERVAL=3;BYDAY=3WE"
    assert "Hosts next" in carla.get("/cadence").text


def test_two_who_change_a_series_do_not_overwrite_each_other(
    carla: Browser, session: Session
) -> None:
    save(carla)
    url = f"/cadence/{only(session).key}/change"
    assert save(carla, url, seen="1", title="Theirs").status_code == 303
    answer = save(carla, url, seen="1", title="Mine")
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert only(session).title == "Theirs"


def amend(browser: Browser, **fields: Any) -> TestResponse:
    return browser.submit("/cadence/plenary/occurrences", **{"reason": "Because", **fields})


@pytest.fixture
def plenary(session: Session) -> MeetingSeries:
    made: MeetingSeries = make.series(
        session,
        key="plenary",
        title="Plenary",
        recurrence="FREQ=MONTHLY;BYDAY=3WE",
        starts_on=date(2026, 9, 1),
        exists_from=date(2026, 9, 1),
    )
    return made


def slots(session: Session, day: date | None = None) -> list[tuple[str, str]]:
    session.expire_all()
    (view,) = cadences(session, None, as_of(day, make.NOW))
    return [(slot.day.isoformat(), slot.state.value) for slot in view.slots]


def test_an_occurrence_is_skipped_with_a_reason_and_that_is_undone(
    carla: Browser, session: Session, plenary: MeetingSeries
) -> None:
    assert amend(carla, kind="skipped", day="2026-12-16", reason="").status_code == 422
    assert amend(carla, kind="skipped", day="2026-12-16", reason="Holidays").status_code == 303
    assert ("2026-12-16", "skipped") in slots(session)
    assert "Holidays" in carla.get("/cadence").text
    assert ("2026-12-16", "ahead") in slots(session, date(2026, 11, 23))
    undone = carla.submit("/cadence/plenary/occurrences/2026-12-16/undo")
    assert undone.status_code == 303
    assert ("2026-12-16", "ahead") in slots(session)


def test_an_occurrence_is_moved_and_another_added(
    carla: Browser, session: Session, plenary: MeetingSeries
) -> None:
    assert amend(carla, kind="moved", day="2026-12-16", moved_to="2026-12-09").status_code == 303
    assert amend(carla, kind="added", day="2026-12-28").status_code == 303
    assert slots(session)[-2:] == [("2026-12-09", "ahead"), ("2026-12-28", "ahead")]
    assert amend(carla, kind="moved", day="2026-12-16", moved_to="2026-12-10").status_code == 303
    assert ("2026-12-10", "ahead") in slots(session)
    assert ("2026-12-09", "ahead") not in slots(session)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "skipped", "day": "2026-12-15"}, "no occurrence on this day"),
        ({"kind": "added", "day": "2026-12-16"}, "meets on this day already"),
        ({"kind": "moved", "day": "2026-12-16"}, "to which other day"),
        ({"kind": "skipped", "day": "2026-10-21"}, "This day is over"),
        ({"kind": "moved", "day": "2026-12-16", "moved_to": "2026-11-23"}, "This day is over"),
    ],
)
def test_what_cannot_become_of_an_occurrence_is_refused(
    carla: Browser, session: Session, plenary: MeetingSeries, fields: dict[str, str], says: str
) -> None:
    answer = amend(carla, **fields)
    assert answer.status_code == 422
    assert says in answer.text


def test_a_day_of_a_cancelled_meeting_can_be_taken_by_another(
    carla: Browser, session: Session, plenary: MeetingSeries
) -> None:
    plan = {"title": "P", "starts_on": "2026-12-16", "zone": "UTC", "host": ""}
    assert carla.submit("/cadence/plenary/meetings", **plan).status_code == 303
    cancelled = carla.submit("/meetings/plenary-2026-12-16/cancel", reason="No room", seen="1")
    assert cancelled.status_code == 303
    assert carla.submit("/cadence/plenary/meetings", **plan).status_code == 303
    assert carla.page("/meetings/plenary-2026-12-16-2")
    assert carla.submit("/cadence/plenary/meetings", **plan).status_code == 409


def test_a_flexible_cadence_counts_from_the_last_meeting_and_hosts_in_turn(
    carla: Browser, session: Session, cast: Cast
) -> None:
    fields = {"is_flexible": "y", "nth": "", "weekday": "", "hosting": "rotating"}
    assert save(carla, **fields, order="KE, GB", starts_on="2026-03-01").status_code == 303
    series = only(session)
    series.exists_from = date(2026, 1, 1)
    make.meeting(session, date(2026, 4, 10), series_id=series.id, host_id=cast.kenya.id)
    session.commit()
    (view,) = cadences(session, None, as_of(None, make.NOW))
    assert [(s.day.isoformat(), s.state) for s in view.slots] == [
        ("2026-03-01", Adherence.MET),
        ("2026-10-10", Adherence.DUE),
    ]
    assert view.next_slot is not None
    assert [d.isoformat() for d in view.next_slot.window] == ["2026-08-26", "2026-11-24"]
    text = carla.page("/cadence").select_one("main").get_text(" ")
    assert "About every 6 months" in text
    form = carla.page(f"/cadence/{series.key}/meetings")
    assert form.select_one("[name=host] [selected]")["value"] == str(cast.britain.id)


def test_attendance_is_counted_by_member_and_what_is_not_recorded_is_said(
    carla: Browser, session: Session, cast: Cast, plenary: MeetingSeries
) -> None:
    make.meeting(session, date(2026, 10, 21), key="m", series_id=plenary.id)
    for code, presence in (("KE", "remote"), ("GB", "")):
        fields = {"member": code, "presence": presence, "note": ""}
        assert carla.submit("/meetings/m/attendance", **fields).status_code == 303
    rows = carla.page("/cadence").find("caption", string="Attendance by member")
    cells = [c.get_text() for c in rows.find_parent("table").select("tbody tr *")]
    assert cells[-4:] == ["0", "1", "0", "0"]


def test_a_series_that_drifted_is_said_to_have(
    carla: Browser, session: Session, plenary: MeetingSeries
) -> None:
    for day in (date(2026, 9, 2), date(2026, 11, 4)):
        make.meeting(session, day, series_id=plenary.id)
    assert "Drifted: meetings come every 63 days" in carla.get("/cadence").text


@pytest.mark.parametrize("who", ["liaison", "observer", "administrator"])
def test_only_a_coordinator_agrees_on_a_cadence(
    client: Browser, cast: Cast, session: Session, plenary: MeetingSeries, who: str
) -> None:
    browser = client.sign_in(getattr(cast, who))
    for url in ("/cadence/new", "/cadence/plenary/change", "/cadence/plenary/occurrences"):
        assert browser.get(url).status_code == 403
        assert browser.submit(url, **FORM).status_code == 403
    assert "Agree on a series" not in browser.get("/cadence").text


def test_meetings_that_are_planned_do_not_count_as_drift(
    carla: Browser, session: Session, plenary: MeetingSeries
) -> None:
    known = {"status": MeetingStatus.PLANNED, "exists_from": date(2026, 10, 1)}
    make.meeting(session, date(2027, 6, 2), series_id=plenary.id, **known)
    assert "Drifted" not in carla.get("/cadence").text
