"""Running a meeting to its minutes, and what goes on from there."""

from datetime import date, datetime, timedelta
from typing import Any

import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Action, Agenda, AgendaItem, PublishedMinutes
from app.agendas.queries.actions import open_actions_of
from app.agendas.rules.outcomes import ActionState, Outcome
from app.audit.models import AuditEntry
from app.core.clock import as_of
from app.core.markings import Marking
from app.meetings.models import Attendance, Meeting, MeetingStatus
from app.web.database import Tracker

RUN = "/agendas/m/run"


@pytest.fixture
def on_the_day(proposed: Browser, cast: Cast, app: Tracker) -> Browser:
    """The meeting is today."""
    at(app, datetime(2026, 12, 2, 9, tzinfo=make.NOW.tzinfo))
    return proposed.sign_in(cast.coordinator)


def at(app: Tracker, moment: datetime) -> None:
    app.config["NOW"] = lambda: moment


def wait(app: Tracker, **spent: int) -> None:
    moment = app.config["NOW"]() + timedelta(**spent)
    app.config["NOW"] = lambda: moment


def items(session: Session, key: str = "m") -> list[AgendaItem]:
    session.expire_all()
    query = (
        select(AgendaItem)
        .join(Agenda, Agenda.id == AgendaItem.agenda_id)
        .join(Meeting, Meeting.id == Agenda.meeting_id)
        .where(Meeting.key == key)
    )
    return list(session.scalars(query.order_by(AgendaItem.in_writing, AgendaItem.position)))


def begin(browser: Browser, item: AgendaItem) -> int:
    return browser.submit(f"{RUN}/{item.id}/begin", seen="1").status_code


def note(browser: Browser, item: AgendaItem, **fields: Any) -> int:
    sent = {"outcome": "", "text": "", "seen": str(item.version), **fields}
    return browser.submit(f"{RUN}/{item.id}/outcome", **sent).status_code


def ask(browser: Browser, item: AgendaItem, **fields: str) -> int:
    sent = {"task": "Circulate it", "owner": "KE", "due_on": "2027-01-15", **fields}
    return browser.submit(f"{RUN}/{item.id}/actions", **sent).status_code


def close(browser: Browser) -> int:
    return browser.submit(f"{RUN}/close", seen="1").status_code


def publish_minutes(browser: Browser, session: Session) -> int:
    session.expire_all()
    version = session.scalars(select(Agenda.version).order_by(Agenda.id)).first()
    return browser.submit("/agendas/m/minutes/publish", seen=str(version)).status_code


def titles(page: BeautifulSoup, selector: str) -> list[str]:
    return [h.get_text().lstrip("0123456789") for h in page.select(f"{selector} h3")]


def test_the_clock_tells_the_current_item_and_what_is_left(
    on_the_day: Browser, session: Session, app: Tracker
) -> None:
    first, second = items(session)[:2]
    assert begin(on_the_day, first) == 303
    wait(app, minutes=first.minutes + 2)
    page = on_the_day.page(RUN)
    box = page.select_one("[data-clock]")
    assert box.select_one(".rn-t").get_text() == first.title
    assert box.select_one("[data-show=left]").get_text() == "−2:00"
    assert "late by" in box.get_text()
    assert "rn-over" in box["class"]
    begin(on_the_day, second)
    first, second = items(session)[:2]
    assert first.spent_seconds == (first.minutes + 2) * 60
    assert (first.begun_at, second.begun_at is not None) == (None, True)


def test_a_break_stops_the_clock_of_the_item(
    on_the_day: Browser, session: Session, app: Tracker
) -> None:
    first = items(session)[0]
    begin(on_the_day, first)
    wait(app, seconds=90)
    assert on_the_day.submit(f"{RUN}/pause", seen="1").status_code == 303
    wait(app, minutes=20)
    begin(on_the_day, first)
    wait(app, seconds=30)
    on_the_day.submit(f"{RUN}/pause", seen="1")
    assert items(session)[0].spent_seconds == 120


def test_a_meeting_is_not_run_before_its_day(proposed: Browser, session: Session) -> None:
    begin(proposed, items(session)[0])
    assert items(session)[0].begun_at is None
    assert "This day has not come yet" in proposed.get(RUN).text


def test_two_who_write_notes_at_once_see_both_texts(on_the_day: Browser, session: Session) -> None:
    item = items(session)[1]
    assert note(on_the_day, item, outcome="agreed", text="Theirs") == 303
    answer = on_the_day.submit(
        f"{RUN}/{item.id}/outcome", outcome="noted", text="Mine", seen=str(item.version - 1)
    )
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert "Mine" in answer.text
    assert items(session)[1].outcome_text == "Theirs"


def test_a_note_becomes_an_action_on_the_desk_of_whoever_owes_it(
    on_the_day: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    item = items(session)[1]
    assert ask(on_the_day, item) == 303
    session.expire_all()
    action = session.scalars(select(Action)).one()
    assert (action.member_id, action.due_on) == (cast.kenya.id, date(2027, 1, 15))
    assert items(session)[1].outcome is Outcome.ACTION
    on_day = as_of(None, datetime(2026, 12, 3, tzinfo=make.NOW.tzinfo))
    owed = open_actions_of(session, cast.liaison.actor, cast.kenya.id, on_day)
    assert [a.id for a in owed] == [action.id]
    assert "Circulate it" in client.sign_in(cast.liaison).get("/desk").text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"task": ""}, "Say what."),
        ({"owner": ""}, "Choose the member."),
        ({"owner": "XX"}, "Not a valid choice"),
        ({"due_on": "2026-12-01"}, "This day is over."),
    ],
)
def test_an_action_needs_a_task_an_owner_and_a_day_to_come(
    on_the_day: Browser, session: Session, changed: dict[str, str], says: str
) -> None:
    item = items(session)[1]
    answer = on_the_day.submit(
        f"{RUN}/{item.id}/actions",
        **{"task": "It", "owner": "KE", "due_on": "2027-01-01", **changed},
    )
    assert answer.status_code == 422
    assert says in answer.text
    assert session.scalars(select(Action)).all() == []


def test_minutes_tell_what_came_of_each_item_who_came_and_what_was_not_reached(
    on_the_day: Browser, client: Browser, session: Session, app: Tracker, cast: Cast
) -> None:
    first, second, third = items(session)[:3]
    begin(on_the_day, first)
    wait(app, seconds=61)
    begin(on_the_day, second)
    note(on_the_day, items(session)[1], outcome="decided", text="We **do** it.")
    ask(on_the_day, items(session)[1])
    back = {"member": "KE", "presence": "remote", "note": "from Mombasa", "back": RUN}
    assert on_the_day.submit("/meetings/m/attendance", **back).headers["Location"] == RUN
    assert publish_minutes(on_the_day, session) == 303
    assert session.scalars(select(PublishedMinutes)).all() == []
    assert close(on_the_day) == 303
    draft = on_the_day.page("/agendas/m/minutes")
    assert titles(draft, "[data-reached='1']") == [first.title, second.title]
    assert third.title in titles(draft, "[data-reached='0']")
    assert publish_minutes(on_the_day, session) == 303
    client.sign_in(cast.observer)
    page = client.page("/agendas/m/minutes/1")
    text = " ".join(page.get_text(" ").split())
    assert "Decided" in text
    assert "We do it." in text
    assert "Circulate it" in text
    assert "Attended remotely from Mombasa" in text
    assert "Narrow work" not in text
    assert page.select_one("[data-outcome=decided] strong").get_text() == "do"
    for extension in ("md", "html", "json"):
        body = client.get(f"/agendas/m/minutes/1.{extension}").text
        assert "Circulate it" in body
        assert "Narrow work" not in body


def test_published_minutes_never_change_and_a_later_number_can_be_compared(
    on_the_day: Browser, session: Session
) -> None:
    begin(on_the_day, items(session)[0])
    close(on_the_day)
    publish_minutes(on_the_day, session)
    item = items(session)[1]
    note(on_the_day, item, outcome="noted", text="Added afterwards")
    assert "Added afterwards" not in on_the_day.get("/agendas/m/minutes/1").text
    publish_minutes(on_the_day, session)
    assert "Added afterwards" in on_the_day.get("/agendas/m/minutes/2").text
    page = on_the_day.page("/agendas/m/compare?minutes=1")
    changed = page.select("[data-difference=changed]")
    assert [row["data-changed"].split() for row in changed] == [["outcome", "outcome_text"]]


def test_a_draft_of_minutes_is_for_coordinators(
    on_the_day: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    begin(on_the_day, items(session)[0])
    note(on_the_day, items(session)[0], outcome="noted", text="Not yet public")
    client.sign_in(cast.liaison)
    assert "No minutes have been published" in client.get("/agendas/m/minutes").text
    assert client.get("/agendas/m/minutes/draft.md").status_code == 404
    assert client.get(RUN).status_code == 403
    assert client.get("/agendas/m/minutes/1").status_code == 404


def test_an_action_from_a_narrow_item_is_as_narrow(
    on_the_day: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    (narrow,) = [item for item in items(session) if item.marking is Marking.AMBER]
    ask(on_the_day, narrow, task="Quietly", owner="KE")
    begin(on_the_day, narrow)
    close(on_the_day)
    publish_minutes(on_the_day, session)
    urls = ("/actions", "/agendas/m/minutes/1", "/agendas/m/minutes/1.md")
    for who, sees in ((cast.liaison, True), (cast.other_liaison, False), (cast.observer, False)):
        client.sign_in(who)
        assert [("Quietly" in client.get(url).text) for url in urls] == [sees] * 3
    trail = session.scalars(select(AuditEntry).where(AuditEntry.verb == "action.ask")).one()
    assert "Quietly" not in str(trail.changes)


def settle(browser: Browser, action: Action, state: str, **fields: str) -> int:
    sent = {"state": state, "seen": str(action.version), "note": "", **fields}
    return browser.submit(f"/actions/{action.id}/settle", **sent).status_code


def the_action(session: Session) -> Action:
    session.expire_all()
    return session.scalars(select(Action)).one()


def test_who_owes_an_action_says_that_it_is_done(
    on_the_day: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    ask(on_the_day, items(session)[1])
    client.sign_in(cast.other_liaison)
    settle(client, the_action(session), "done")
    assert the_action(session).state is ActionState.OPEN
    client.sign_in(cast.liaison)
    settle(client, the_action(session), "dropped", note="No")
    assert the_action(session).state is ActionState.OPEN
    assert settle(client, the_action(session), "done", note="Sent") == 303
    done = the_action(session)
    assert (done.state, done.closed_note, done.closed_on) == (
        ActionState.DONE,
        "Sent",
        date(2026, 12, 2),
    )
    assert "Circulate it" not in client.get("/actions").text
    assert "Sent" in client.get("/actions?state=done").text
    assert 'data-state="open"' not in client.get("/actions?state=all").text


def test_dropping_needs_a_reason_and_a_coordinator_opens_again(
    on_the_day: Browser, session: Session
) -> None:
    ask(on_the_day, items(session)[1])
    settle(on_the_day, the_action(session), "dropped")
    assert the_action(session).state is ActionState.OPEN
    settle(on_the_day, the_action(session), "dropped", note="Overtaken")
    assert the_action(session).state is ActionState.DROPPED
    settle(on_the_day, the_action(session), "open")
    assert (the_action(session).state, the_action(session).closed_on) == (ActionState.OPEN, None)


def test_of_two_who_settle_an_action_the_second_is_told(
    on_the_day: Browser, session: Session
) -> None:
    ask(on_the_day, items(session)[1])
    seen = the_action(session).version
    settle(on_the_day, the_action(session), "done")
    settle(on_the_day, the_action(session), "dropped", note="x", seen=str(seen))
    assert the_action(session).state is ActionState.DONE
    assert "Somebody changed this action meanwhile." in on_the_day.get("/actions").text


@pytest.fixture
def following(on_the_day: Browser, session: Session) -> str:
    """The next meeting of the series."""
    series_id = session.scalars(select(Meeting.series_id).where(Meeting.key == "m")).one()
    make.meeting(
        session,
        date(2027, 6, 2),
        key="next",
        title="Next plenary",
        series_id=series_id,
        status=MeetingStatus.PLANNED,
        exists_from=date(2026, 10, 1),
    )
    session.commit()
    return "next"


ITEM = {"kind": "discussion", "minutes": "20", "marking": "GREEN", "seen": "0", "note": "Why"}


def add(browser: Browser, title: str, **fields: str) -> None:
    sent = browser.submit("/agendas/m/items", **{**ITEM, "title": title, **fields})
    assert sent.status_code == 303


def named(session: Session, title: str, key: str = "m") -> AgendaItem:
    return next(item for item in items(session, key) if item.title == title)


def test_what_was_not_reached_what_has_an_open_action_and_what_recurs_goes_on(
    on_the_day: Browser, session: Session, following: str
) -> None:
    add(on_the_day, "Not reached")
    add(on_the_day, "With an open action")
    add(on_the_day, "With a done action")
    add(on_the_day, "Every time", is_recurring="y")
    add(on_the_day, "Dealt with")
    add(on_the_day, "In writing", in_writing="y")
    for title in ("With an open action", "With a done action", "Every time", "Dealt with"):
        begin(on_the_day, named(session, title))
    note(on_the_day, named(session, "Every time"), outcome="noted", text="This time")
    ask(on_the_day, named(session, "With an open action"), task="Open")
    ask(on_the_day, named(session, "With a done action"), task="Done")
    done = session.scalars(select(Action).where(Action.task == "Done")).one()
    settle(on_the_day, done, "done")
    close(on_the_day)
    assert on_the_day.submit("/agendas/next/propose").status_code == 303
    carried = [item for item in items(session, "next") if item.carried_from_id]
    assert [item.title for item in carried] == ["Not reached", "With an open action", "Every time"]
    assert [item.outcome_text for item in carried] == ["", "", ""]
    assert all(item.minutes <= 20 for item in carried)
    assert "It was not reached at the last meeting (Plenary)." in carried[0].why
    assert named(session, "Every time", "next").is_recurring
    listed = named(session, "Open actions", "next")
    assert "Open" in listed.note
    assert "Done" not in listed.note


def carry(browser: Browser, item: AgendaItem, how: str) -> int:
    fields = {"to_meeting": "next", "how": how, "seen": str(item.version)}
    return browser.submit(f"/agendas/m/items/{item.id}/carry", **fields).status_code


def test_a_moved_item_takes_along_what_came_of_it_and_a_copied_one_does_not(
    on_the_day: Browser, session: Session, following: str
) -> None:
    links = "https://example.org/paper The paper"
    for title in ("Moved", "Copied"):
        add(on_the_day, title, links=links)
        note(on_the_day, named(session, title), outcome="deferred", text="Later")
        ask(on_the_day, named(session, title), task=f"For {title}")
    on_the_day.submit("/agendas/next/propose")
    moved, copied = named(session, "Moved"), named(session, "Copied")
    assert carry(on_the_day, moved, "move") == 303
    assert carry(on_the_day, copied, "copy") == 303
    assert "Moved" not in [item.title for item in items(session)]
    assert "Copied" in [item.title for item in items(session)]
    there = [item for item in items(session, "next") if item.title in {"Moved", "Copied"}]
    told = {item.title: (item.outcome, item.outcome_text) for item in there}
    assert told == {"Moved": (Outcome.DEFERRED, "Later"), "Copied": (None, "")}
    assert items(session, "next")[-1].title == "Next meeting"
    page = on_the_day.get("/agendas/next").text
    assert page.count("https://example.org/paper") == 2


def test_what_came_of_an_item_keeps_it_from_being_dropped(
    on_the_day: Browser, session: Session
) -> None:
    item = items(session)[1]
    ask(on_the_day, item)
    item = items(session)[1]
    on_the_day.submit(f"/agendas/m/items/{item.id}/drop", seen=str(item.version))
    assert item.title in [each.title for each in items(session)]
    assert "It stays for the minutes." in on_the_day.get("/agendas/m").text


def test_a_draft_is_proposed_again_and_keeps_what_was_added_by_hand(
    proposed: Browser, session: Session, cast: Cast
) -> None:
    add(proposed, "By hand")
    dropped = items(session)[1]
    title = dropped.title
    proposed.submit(f"/agendas/m/items/{dropped.id}/drop", seen=str(dropped.version))
    assert title not in [item.title for item in items(session)]
    version = session.scalars(select(Agenda.version)).one()
    assert proposed.submit("/agendas/m/propose-again", seen=str(version)).status_code == 303
    found = [item.title for item in items(session)]
    assert title in found
    assert found.count("By hand") == 1
    assert found.count("Adoption of the agenda") == 1
    timed = [item.title for item in items(session) if not item.in_writing]
    assert timed[-1] == "Next meeting"


def test_once_it_has_begun_an_agenda_is_not_proposed_again(
    on_the_day: Browser, session: Session
) -> None:
    begin(on_the_day, items(session)[0])
    version = session.scalars(select(Agenda.version)).one()
    before = [item.id for item in items(session)]
    on_the_day.submit("/agendas/m/propose-again", seen=str(version))
    assert [item.id for item in items(session)] == before


def test_attendance_is_cleared_again(on_the_day: Browser, session: Session) -> None:
    for presence in ("attended", ""):
        on_the_day.submit("/meetings/m/attendance", member="KE", presence=presence, note="")
    assert session.scalars(select(Attendance)).all() == []
