"""What files of agendas and minutes hold: local times, data as its schema, events."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import ical_reader
import jsonschema
import pytest
from browser import Browser
from cast import Cast
from exported import text_of
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Action, Agenda, PublishedAgenda, PublishedMinutes
from app.agendas.rules.content import (
    ContentAction,
    ContentAttendance,
    Paper,
    fingerprint,
    frozen,
    thawed,
)
from app.agendas.rules.outcomes import ActionState, Outcome
from app.core.days import Precision
from app.core.markings import Marking
from app.documents import schemas
from app.documents.formats import FORMATS
from app.meetings.models import Meeting
from app.meetings.rules.attendance import Presence

FILES = [format_.extension for format_ in FORMATS.values()]


def publish(browser: Browser, session: Session) -> None:
    session.commit()
    version = session.scalars(select(Agenda.version)).one()
    assert browser.submit("/agendas/m/publish", seen=str(version)).status_code == 303


@pytest.fixture
def published(proposed: Browser, session: Session) -> Browser:
    """Of a meeting at 14:00 UTC."""
    meeting = session.scalars(select(Meeting)).one()
    meeting.starts_at = datetime(2026, 12, 2, 14, tzinfo=UTC)
    meeting.link, meeting.place = "https://meet.example.org/plenary", "Nairobi; Upper Hill, Kenya"
    meeting.duration_minutes = 120
    publish(proposed, session)
    return proposed


@pytest.fixture
def minuted(published: Browser, session: Session, cast: Cast) -> Browser:
    """With minutes as their page freezes them."""
    agenda = session.scalars(select(PublishedAgenda)).one()
    action = Action(
        member_id=cast.kenya.id,
        task="Write *it* up",
        due_on=date(2027, 1, 8),
        exists_from=date(2026, 12, 2),
        created_by_id=cast.coordinator.id,
    )
    session.add(action)
    session.flush()
    content = thawed(agenda.content)
    first, second, *others = content.items
    asked = ContentAction(
        action_id=action.id,
        member_code="KE",
        member_name="Kenya",
        task=action.task,
        due_on=action.due_on,
        state=ActionState.OPEN,
        marking=Marking.GREEN,
        audience_id=None,
    )
    came = replace(
        first,
        was_reached=True,
        spent_minutes=7,
        outcome=Outcome.AGREED,
        outcome_text="All **agreed**.",
        actions=(asked,),
    )
    text = frozen(
        replace(
            content,
            paper=Paper.MINUTES,
            items=(came, second, *others),
            attendance=(ContentAttendance("KE", "Kenya", Presence.ATTENDED, ""),),
        )
    )
    session.add(
        PublishedMinutes(
            agenda_id=agenda.agenda_id,
            number=1,
            published_at=datetime(2026, 12, 3, 9, tzinfo=UTC),
            published_by_id=cast.coordinator.id,
            content=text,
            content_hash=fingerprint(text),
        )
    )
    return published


@pytest.mark.parametrize("extension", [e for e in FILES if e not in {"ics", "json"}])
def test_the_local_time_of_each_member_is_told(published: Browser, extension: str) -> None:
    told = text_of(published.get(f"/agendas/m/1.{extension}").data, extension)
    for word in ("Local times", "Kenya", "17:00", "Africa/Nairobi", "14:00", "Europe/London"):
        assert word.replace("_", "\\_") in told, word


def test_without_an_hour_there_are_no_local_times(proposed: Browser, session: Session) -> None:
    publish(proposed, session)
    assert "Local times" not in proposed.get("/agendas/m/1.md").text


@pytest.mark.parametrize("file", ["1.json", "draft.json", "minutes/1.json"])
def test_the_data_is_as_its_schema_has_it(minuted: Browser, file: str) -> None:
    found = json.loads(minuted.get(f"/agendas/m/{file}").data)
    assert found["schema"] == schemas.address(found["format"])
    jsonschema.validate(found, schemas.schema(found["format"]))
    assert found["marking"] == "AMBER"
    assert found["meeting_key"] == "m"


def test_the_data_holds_no_number_of_a_row(minuted: Browser) -> None:
    for file in ("1.json", "minutes/1.json"):
        text = minuted.get(f"/agendas/m/{file}").text
        assert '_id"' not in text
        assert '"id"' not in text


def test_the_agenda_is_one_event_with_its_items_in_the_description(published: Browser) -> None:
    (event,) = ical_reader.events(published.get("/agendas/m/1.ics").data)
    assert (event["summary"], event["location"]) == ("Plenary", "Nairobi; Upper Hill, Kenya")
    assert event["start"] == "2026-12-02T14:00:00.000Z"
    assert event["end"] == "2026-12-02T16:00:00.000Z"
    assert event["description"].startswith("TLP:AMBER\nAgenda number 1\n")
    assert "1. Adoption of the agenda" in event["description"]
    assert "https://meet.example.org/plenary" in event["description"]


def test_the_event_of_the_agenda_and_that_of_the_meeting_are_the_same_one(
    published: Browser, session: Session
) -> None:
    def of(path: str) -> tuple[str, int]:
        (event,) = ical_reader.events(published.get(path).data)
        return event["uid"], event["sequence"]

    uid, first = of("/agendas/m/1.ics")
    assert of("/meetings/m.ics") == (uid, first)
    meeting = session.scalars(select(Meeting)).one()
    session.refresh(meeting)
    meeting.place = "Elsewhere"
    assert of("/meetings/m.ics") == (uid, first + 1)
    assert of("/agendas/m/1.ics") == (uid, first)
    publish(published, session)
    assert of("/agendas/m/2.ics") == of("/meetings/m.ics") == (uid, first + 2)
    assert of("/agendas/m/1.ics") == (uid, first)


def test_a_draft_is_no_event(published: Browser) -> None:
    assert published.get("/agendas/m/draft.ics").status_code == 404


def test_an_agenda_of_a_meeting_known_to_the_month_is_no_event(
    proposed: Browser, session: Session
) -> None:
    session.scalars(select(Meeting)).one().precision = Precision.MONTH
    publish(proposed, session)
    assert proposed.get("/agendas/m/1.ics").status_code == 404
    assert proposed.get("/agendas/m/1.pdf").status_code == 200


def test_a_calendar_tells_what_may_go_that_way_of_an_agenda(
    published: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    """The narrow item is Kenya's; made AMBER+STRICT it is only counted."""
    answer = client.sign_in(cast.liaison).submit("/account/calendars", purpose="member", series="")
    path = answer.text.partition("data-address>http://localhost")[2].partition("<")[0]
    told = {e["summary"]: e for e in ical_reader.events(client.get(path).data)}
    assert "Narrow work" in told["Plenary"]["description"]
    agenda = session.scalars(select(PublishedAgenda)).one()
    content = thawed(agenda.content)
    items = tuple(
        replace(i, marking=Marking.AMBER_STRICT) if i.marking is Marking.AMBER else i
        for i in content.items
    )
    agenda.content = frozen(replace(content, items=items))
    told = {e["summary"]: e for e in ical_reader.events(client.get(path).data)}
    assert "Narrow work" not in told["Plenary"]["description"]
    assert "1 item is not told in a calendar." in told["Plenary"]["description"]


@pytest.mark.parametrize("extension", FILES)
def test_minutes_come_in_the_same_formats_and_are_the_same_bytes_every_time(
    minuted: Browser, extension: str
) -> None:
    first = minuted.get(f"/agendas/m/minutes/1.{extension}")
    assert first.status_code == 200
    assert minuted.get(f"/agendas/m/minutes/1.{extension}").data == first.data
    told = text_of(first.data, extension)
    assert "Minutes number 1" in told or '"minutes-1"' in told
    if extension != "ics":
        assert "agreed" in told
        assert "Write" in told
    if extension not in {"ics", "json"}:
        assert "Not reached" in told
        assert "Attendance" in told
        assert "7 minutes" in told


def test_an_action_that_a_reader_may_not_see_is_not_in_the_minutes(
    minuted: Browser, session: Session, cast: Cast
) -> None:
    session.scalars(select(Action)).one().marking = Marking.AMBER
    minuted.sign_in(cast.observer)
    for extension in FILES:
        told = text_of(minuted.get(f"/agendas/m/minutes/1.{extension}").data, extension)
        assert "Write" not in told


def test_the_command_writes_minutes(minuted: Browser, session: Session, tmp_path: Path) -> None:
    page = minuted.get("/agendas/m/minutes/1.docx").data
    session.commit()
    runner: FlaskCliRunner = minuted.application.test_cli_runner()
    out = tmp_path / "minutes.docx"
    args = ["agenda", "export", "m", "--minutes", "--format", "docx", "-o", str(out)]
    done = runner.invoke(args=[*args, "--as", "carla@example.org"])
    assert done.exit_code == 0, done.output
    assert "for carla@example.org, 2026-11-24 12:00 UTC" in done.output
    assert out.read_bytes() == page
    done = runner.invoke(args=[*args, "--number", "7"])
    assert done.exit_code == 1
    assert "There are no such minutes" in done.output
