"""A letter from the body to the answer, through the pages: who writes, who approves, who reads."""

import io
from datetime import date, timedelta
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.clock import as_of
from app.core.errors import Conflict, Forbidden, Refused
from app.core.markings import Marking
from app.correspondence import queries
from app.correspondence.actions import LetterEntry, mark_letter, move, register
from app.correspondence.models import Letter
from app.correspondence.rules import Direction, LetterState, Purpose
from app.priorities.models import Body
from app.sharing.rules import Sharing

TODAY = make.NOW.date()
DAYS = timedelta(days=1)
FIELDS = {
    "title": "Comments on the draft",
    "body": "oecd",
    "purpose": "for_comment",
    "on": TODAY.isoformat(),
    "due_on": (TODAY - 3 * DAYS).isoformat(),
    "member": "KE",
    "text": "Please comment.",
    "priority": "",
    "answers": "",
    "marking": "GREEN",
}
PDF = b"%PDF-1.7 a letter"


@pytest.fixture
def oecd(session: Session) -> Body:
    made = Body(key="oecd", name="OECD", exists_from=make.PLANNED_ON)
    session.add(made)
    session.flush()
    return made


def came_in(session: Session, cast: Cast, body: Body, **values: Any) -> Letter:
    marking = values.pop("marking", Marking.GREEN)
    on = values.pop("on", TODAY - 10 * DAYS)
    direction = values.pop("direction", Direction.INCOMING)
    entry = LetterEntry(
        **{
            "title": "Comments on the draft",
            "purpose": Purpose.FOR_COMMENT,
            "body_id": body.id,
            "due_on": TODAY - 3 * DAYS,
            "member_id": cast.kenya.id,
            **values,
        }
    )
    by = cast.coordinator.actor
    return register(session, by, direction, entry, Sharing(marking), on, make.NOW)


def state(client: Browser, key: str) -> str:
    mark = client.page(f"/letters/{key}").select_one("[data-letter-state]")
    assert mark is not None
    return str(mark["data-letter-state"])


def take(client: Browser, key: str, to: str, note: str = "") -> int:
    page = client.page(f"/letters/{key}")
    form = page.find("form", action=f"/letters/{key}/steps")
    seen = form.select_one("[name=seen]")["value"] if form else "0"
    fields = {"to": to, "on": TODAY.isoformat(), "note": note, "seen": seen}
    return client.submit(f"/letters/{key}/steps", **fields).status_code


def test_from_what_came_in_to_the_answer(client: Browser, cast: Cast, oecd: Body) -> None:
    client.sign_in(cast.coordinator)
    answer = client.submit("/letters", direction="incoming", **FIELDS)
    assert answer.status_code == 303, answer.text[-900:]
    key = "comments-on-the-draft"
    client.sign_in(cast.liaison)
    assert "Comments on the draft" in client.page("/desk").select_one("[data-ask=letter]").text
    drafted = client.fill("/letters", at=f"/letters/new?answers={key}")
    assert drafted.status_code == 303, drafted.text[-900:]
    reply = drafted.headers["Location"].rpartition("/")[2]
    assert state(client, reply) == "draft"
    assert take(client, reply, "approved") == 422
    assert client.sign_in(cast.observer).get(f"/letters/{reply}").status_code == 404
    assert client.sign_in(cast.other_liaison).get(f"/letters/{reply}").status_code == 404
    client.sign_in(cast.coordinator)
    assert take(client, reply, "approved") == 303
    assert take(client, reply, "draft") == 422
    assert take(client, reply, "sent") == 303
    assert state(client, key) == "answered"
    client.sign_in(cast.observer)
    assert state(client, reply) == "sent"
    links = client.page(f"/letters/{key}").find_all("a", href=f"/letters/{reply}")
    assert links
    assert client.sign_in(cast.liaison).page("/desk").select("[data-ask=letter]") == []


@pytest.mark.parametrize(
    ("who", "direction", "status"),
    [
        ("coordinator", "incoming", 303),
        ("coordinator", "outgoing", 303),
        ("liaison", "outgoing", 303),
        ("other_liaison", "outgoing", 422),
        ("observer", "outgoing", 403),
        ("administrator", "incoming", 403),
    ],
)
def test_who_writes_letters_down(
    client: Browser, cast: Cast, oecd: Body, who: str, direction: str, status: int
) -> None:
    client.sign_in(getattr(cast, who))
    assert client.submit("/letters", direction=direction, **FIELDS).status_code == status


def test_a_liaison_writes_down_nothing_that_comes_in(
    session: Session, cast: Cast, oecd: Body
) -> None:
    entry = LetterEntry(
        title="It", purpose=Purpose.FOR_ACTION, body_id=oecd.id, member_id=cast.kenya.id
    )
    green, by = Sharing(Marking.GREEN), cast.liaison.actor
    with pytest.raises(Forbidden):
        register(session, by, Direction.INCOMING, entry, green, TODAY, make.NOW)


def test_its_day_raises_attention_like_any_other(
    client: Browser, session: Session, cast: Cast, oecd: Body
) -> None:
    late = came_in(session, cast, oecd)
    came_in(session, cast, oecd, title="Soon", due_on=TODAY + 5 * DAYS, member_id=None)
    came_in(session, cast, oecd, title="Later", due_on=TODAY + 60 * DAYS, member_id=None)
    make.deliverable(session, by=cast.coordinator)
    client.sign_in(cast.coordinator)
    lines = client.page("/attention").select("#letters [data-letter]")
    assert [(line["data-letter"], line["data-flags"]) for line in lines] == [
        (late.key, "overdue"),
        ("soon", "due_soon"),
    ]
    assert "3 days ago" in lines[0].text
    assert client.page("/").select_one("[data-letters]")["data-letters"] == "2"
    desk = client.page("/desk").select("[data-letter]")
    assert [line["data-letter"] for line in desk] == ["soon"]
    narrowed = client.page("/attention?who=KE").select("#letters [data-letter]")
    assert [line["data-letter"] for line in narrowed] == [late.key]
    client.sign_in(cast.other_liaison)
    assert client.page("/desk").select("[data-ask=letter]") == []


def test_the_list_is_narrowed_and_is_of_a_day(
    client: Browser, session: Session, cast: Cast, oecd: Body
) -> None:
    one = came_in(session, cast, oecd)
    came_in(session, cast, oecd, title="To them", direction=Direction.OUTGOING)
    by = cast.coordinator.actor
    move(session, by, one, LetterState.CLOSED, TODAY, "No need", one.version, make.NOW)
    client.sign_in(cast.coordinator)

    def listed(query: str) -> list[tuple[str, str]]:
        rows = client.page(f"/letters{query}").select("tr[data-letter]")
        return [(row["data-letter"], row["data-state"]) for row in rows]

    before, yesterday = TODAY - 11 * DAYS, TODAY - DAYS
    assert listed(f"?as_of={before}") == []
    assert set(listed(f"?as_of={yesterday}")) == {(one.key, "received"), ("to-them", "draft")}
    assert listed("?state=closed") == [(one.key, "closed")]
    assert listed("?direction=outgoing&purpose=for_comment&body=oecd") == [("to-them", "draft")]
    assert listed("?body=nobody") == []
    assert listed("?state=nonsense") == listed("")
    assert client.page(f"/letters/{one.key}?as_of={yesterday}").select("[data-step=closed]") == []
    assert "To them" in client.get("/letters?download=letters.csv").text
    client.sign_in(cast.observer)
    assert [key for key, _ in listed("")] == [one.key]


def test_steps_that_make_no_sense_are_refused(session: Session, cast: Cast, oecd: Body) -> None:
    letter, by = came_in(session, cast, oecd), cast.coordinator.actor

    def go(to: LetterState, on: date, note: str, seen: int | None = None) -> None:
        version = letter.version if seen is None else seen
        move(session, by, letter, to, on, note, version, make.NOW)

    with pytest.raises(Refused, match="Say why"):
        go(LetterState.CLOSED, TODAY, "")
    with pytest.raises(Refused, match="still to come"):
        go(LetterState.CLOSED, TODAY + DAYS, "x")
    with pytest.raises(Refused, match="already"):
        go(LetterState.CLOSED, TODAY - 20 * DAYS, "x")
    with pytest.raises(Refused, match="can go on to"):
        go(LetterState.SENT, TODAY, "x")
    with pytest.raises(Conflict):
        go(LetterState.CLOSED, TODAY, "x", letter.version + 1)
    before = letter.version
    go(LetterState.CLOSED, TODAY, "No need")
    assert letter.version == before + 1


def test_a_letter_of_ours_is_answered_by_one_that_comes_in(
    session: Session, cast: Cast, oecd: Body
) -> None:
    ours, by = came_in(session, cast, oecd, direction=Direction.OUTGOING), cast.coordinator.actor
    for to in (LetterState.APPROVED, LetterState.SENT):
        move(session, by, ours, to, TODAY - DAYS, "", ours.version, make.NOW)
    came_in(session, cast, oecd, title="Our comments", answers_id=ours.id, on=TODAY)
    row = queries.find(session, by, as_of(None, make.NOW), ours.key)
    assert row is not None
    assert (row.state, row.flags) == (LetterState.ANSWERED, ())
    told = select(AuditEntry.verb).where(AuditEntry.subject_key == ours.key)
    verbs = session.scalars(told.order_by(AuditEntry.id))
    assert list(verbs) == ["letter.register", "letter.approved", "letter.sent", "letter.answered"]


def test_a_draft_is_changed_until_it_is_approved(
    client: Browser, session: Session, cast: Cast, oecd: Body
) -> None:
    letter = came_in(session, cast, oecd, direction=Direction.OUTGOING)
    url, key = f"/letters/{letter.key}/edit", letter.key
    client.sign_in(cast.liaison)
    assert client.fill(url, text="Dear all").status_code == 303
    assert "Dear all" in client.page(f"/letters/{key}").text
    assert client.fill(url, text="Again", seen="1").status_code == 409
    client.sign_in(cast.coordinator)
    take(client, key, "approved")
    client.sign_in(cast.liaison)
    assert client.fill(url, text="Too late").status_code == 422


def test_files_come_with_it_and_stay_with_what_was_sent(
    client: Browser, session: Session, cast: Cast, oecd: Body
) -> None:
    letter = came_in(session, cast, oecd, direction=Direction.OUTGOING)
    key = letter.key

    def add(content: bytes, name: str) -> int:
        return client.submit(f"/letters/{key}/files", file=(io.BytesIO(content), name)).status_code

    client.sign_in(cast.liaison)
    assert add(b"MZ\x00", "run.exe") == 422
    assert add(PDF, "../letter.pdf") == 303
    assert add(b"a,b\n1,2\n", "table.csv") == 303
    first, second = (li["data-file"] for li in client.page(f"/letters/{key}").select("[data-file]"))
    answer = client.get(f"/letters/{key}/files/{first}")
    assert (answer.data, answer.headers["Content-Disposition"]) == (
        PDF,
        "attachment; filename=letter.pdf",
    )
    assert client.submit(f"/letters/{key}/files/{second}/remove").status_code == 303
    assert client.get(f"/letters/{key}/files/{second}").status_code == 404
    assert client.sign_in(cast.observer).get(f"/letters/{key}/files/{first}").status_code == 404
    client.sign_in(cast.coordinator)
    take(client, key, "approved")
    take(client, key, "sent")
    client.submit(f"/letters/{key}/files/{first}/remove")
    assert client.sign_in(cast.observer).get(f"/letters/{key}/files/{first}").status_code == 200


def test_a_marking_hides_it_and_is_a_coordinators_to_set(
    client: Browser, session: Session, cast: Cast, oecd: Body
) -> None:
    letter = came_in(session, cast, oecd)
    with pytest.raises(Forbidden):
        mark_letter(
            session,
            cast.liaison.actor,
            letter,
            Sharing(Marking.AMBER),
            letter.version,
            make.NOW,
        )
    url, key = f"/letters/{letter.key}/marking", letter.key
    client.sign_in(cast.coordinator)
    assert client.fill(url, marking="AMBER").status_code == 303
    for who, status in ((cast.liaison, 200), (cast.other_liaison, 404), (cast.observer, 404)):
        assert client.sign_in(who).get(f"/letters/{key}").status_code == status
    assert "Comments on the draft" not in client.page("/attention").text
