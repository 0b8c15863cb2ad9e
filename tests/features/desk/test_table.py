"""One screen logs several updates: each row on its own, and nothing typed is lost."""

from typing import Any

import make
import pytest
from browser import Browser, shown_in
from bs4 import BeautifulSoup
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.models import AssignmentState, Deliverable, StatusUpdate
from app.deliverables.rules.moves import Status

TODAY = make.NOW.date()
TABLE = "/desk/updates"


@pytest.fixture
def eight(session: Session, cast: Cast) -> list[Deliverable]:
    """What Kenya leads."""
    made = []
    for n in range(8):
        each = make.deliverable(session, by=cast.coordinator, key=f"d{n}", title=f"Work {n}")
        make.assignment(session, each, cast.kenya, by=cast.coordinator)
        made.append(each)
    return made


def updates(session: Session) -> list[StatusUpdate]:
    session.rollback()
    return list(session.scalars(select(StatusUpdate).order_by(StatusUpdate.id)))


def typed(page: BeautifulSoup) -> dict[str, Any]:
    """What the table sends when nobody touches it."""
    fields = shown_in(page, TABLE)
    del fields["kept_for"]
    return fields


def open_table(client: Browser, cast: Cast) -> dict[str, Any]:
    client.sign_in(cast.liaison)
    return typed(client.page(TABLE))


def test_a_table_that_nobody_touched_logs_nothing(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    sent = open_table(client, cast)
    assert sum(name.endswith("-status") for name in sent) == 8
    assert client.submit(TABLE, **sent).status_code == 303
    assert updates(session) == []


def test_only_the_rows_that_changed_are_logged(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    sent = open_table(client, cast)
    changes = {"d1-status": "in_progress", "d3-note": "Still waiting", "d5-progress": "40"}
    answer = client.submit(TABLE, **{**sent, **changes})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    logged = {u.deliverable_id: u for u in updates(session)}
    assert set(logged) == {eight[1].id, eight[3].id, eight[5].id}
    assert logged[eight[1].id].status is Status.IN_PROGRESS
    assert logged[eight[3].id].note == "Still waiting"
    assert logged[eight[5].id].progress == 40
    assert {u.effective_on for u in logged.values()} == {TODAY}
    assert {u.member_id for u in logged.values()} == {cast.kenya.id}


def test_a_row_that_fails_keeps_its_text_and_the_others_are_logged(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    sent = open_table(client, cast)
    changes = {
        "d0-status": "in_progress",
        "d1-progress": "120",
        "d1-note": "Too much",
        "d2-status": "delivered",
        "d2-note": "Not mine to say",
    }
    answer = client.submit(TABLE, **{**sent, **changes})
    assert answer.status_code == 207
    assert [u.deliverable_id for u in updates(session)] == [eight[0].id]
    page = BeautifulSoup(answer.text, "html.parser")
    rows = {str(row["data-row"]): row for row in page.select("[data-row]")}
    assert "Logged" in rows["d0"].text
    assert rows["d1"].find("input", {"name": "d1-note"})["value"] == "Too much"
    assert "whole number from 0 to 100" in rows["d1"].text
    assert rows["d2"].find("input", {"name": "d2-note"})["value"] == "Not mine to say"
    assert "by your hand" in rows["d2"].text
    again = typed(page)
    mended = {**again, "d1-progress": "12", "d2-status": "not_started"}
    assert client.submit(TABLE, **mended).status_code == 303
    assert [u.deliverable_id for u in updates(session)] == [d.id for d in eight[:3]]


def test_when_every_row_fails_nothing_is_logged(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    sent = open_table(client, cast)
    assert client.submit(TABLE, **{**sent, "d0-progress": "x"}).status_code == 422
    assert updates(session) == []


def test_no_change_is_one_click_and_counts_as_an_update(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    make.update(
        session,
        eight[0],
        by=cast.coordinator,
        progress=30,
        blocker="No budget",
        next_step="Ask again",
    )
    sent = open_table(client, cast)
    answer = client.submit(TABLE, **{**sent, "d1-note": "Typed", "unchanged": "d0"})
    assert answer.status_code == 200
    first, again = updates(session)
    said = ("status", "health", "progress", "blocker", "next_step")
    assert [getattr(again, name) for name in said] == [getattr(first, name) for name in said]
    assert again.effective_on == TODAY
    assert typed(BeautifulSoup(answer.text, "html.parser"))["d1-note"] == "Typed"


def test_no_change_can_be_said_from_the_desk(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    client.sign_in(cast.liaison)
    page = client.page("/desk")
    form = page.find("form", action="/desk/unchanged/d4")
    assert form is not None
    seen = form.find("input", {"name": "seen"})["value"]
    assert client.submit("/desk/unchanged/d4", seen=seen).status_code == 303
    assert [u.deliverable_id for u in updates(session)] == [eight[4].id]


def test_saying_it_twice_by_accident_logs_it_once(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    sent = {**open_table(client, cast), "unchanged": "d0"}
    assert client.submit(TABLE, **sent).status_code == 200
    assert client.submit(TABLE, **sent).status_code == 422
    assert len(updates(session)) == 1


def test_of_two_people_who_log_the_same_row_the_second_is_told_and_keeps_the_text(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    sent = open_table(client, cast)
    make.update(session, eight[0], by=cast.coordinator, progress=10)
    changes = {"d0-progress": "20", "d0-note": "Mine", "d1-note": "Fine"}
    answer = client.submit(TABLE, **{**sent, **changes})
    assert answer.status_code == 207
    assert [(u.deliverable_id, u.note) for u in updates(session)] == [
        (eight[0].id, ""),
        (eight[1].id, "Fine"),
    ]
    again = typed(BeautifulSoup(answer.text, "html.parser"))
    assert (again["d0-progress"], again["d0-note"]) == ("20", "Mine")
    again["d0-status"] = "in_progress"
    assert client.submit(TABLE, **again).status_code == 303
    assert updates(session)[-1].note == "Mine"


def test_what_somebody_else_changed_is_not_overwritten_by_a_row_left_alone(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    sent = open_table(client, cast)
    make.update(session, eight[0], by=cast.coordinator, progress=10)
    assert client.submit(TABLE, **{**sent, "d1-note": "Fine"}).status_code == 303
    assert [u.note for u in updates(session)] == ["", "Fine"]


def test_saying_again_what_is_shared_with_few_stays_with_them(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    held = make.update(session, eight[0], by=cast.coordinator, blocker="Secret")
    held.marking = Marking.AMBER
    client.sign_in(cast.liaison)
    number = str(held.id)
    assert client.submit("/desk/unchanged/d0", seen=number).status_code == 303
    assert updates(session)[-1].marking is Marking.AMBER


def test_the_table_holds_what_the_member_works_on_and_nothing_else(
    client: Browser, session: Session, cast: Cast, eight: list[Deliverable]
) -> None:
    closed = make.deliverable(session, by=cast.coordinator, key="closed")
    make.assignment(session, closed, cast.kenya, by=cast.coordinator)
    make.update(session, closed, Status.DELIVERED, by=cast.coordinator)
    declined = make.deliverable(session, by=cast.coordinator, key="declined")
    make.assignment(
        session, declined, cast.kenya, state=AssignmentState.DECLINED, by=cast.coordinator
    )
    theirs = make.deliverable(session, by=cast.coordinator, key="theirs")
    make.assignment(session, theirs, cast.britain, by=cast.coordinator)
    sent = open_table(client, cast)
    assert {name.split("-")[0] for name in sent} == {f"d{n}" for n in range(8)}
    forged = {"theirs-status": "in_progress", "theirs-seen": "0", "theirs-was": ""}
    client.submit(TABLE, **{**sent, **forged})
    assert client.submit(TABLE, **{**sent, "unchanged": "theirs"}).status_code == 404
    assert client.submit("/desk/unchanged/theirs", seen="0").status_code == 303
    assert [u for u in updates(session) if u.deliverable_id == theirs.id] == []


@pytest.mark.parametrize(
    ("who", "status"), [("coordinator", 403), ("observer", 403), ("administrator", 403)]
)
def test_the_table_is_for_liaisons(
    client: Browser, cast: Cast, eight: list[Deliverable], who: str, status: int
) -> None:
    client.sign_in(getattr(cast, who))
    assert client.get(TABLE).status_code == status
    assert client.submit(TABLE, **{"d0-status": "in_progress"}).status_code == status
