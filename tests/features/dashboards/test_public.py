"""Outside readers see what is CLEAR, and only where somebody turned it on."""

from datetime import date
from xml.etree import ElementTree

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.actions.schedule import Due
from app.deliverables.rules.moves import Status

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def marked(session: Session, cast: Cast) -> None:
    """One deliverable of each marking, with an update of each that it may have."""
    by = cast.coordinator
    convening = make.deadline(session, date(2027, 1, 5), by=by, title="Open day", is_public=True)
    make.deadline(session, date(2027, 2, 5), by=by, title="Closed day")
    for marking in Marking:
        made = make.deliverable(
            session,
            by=by,
            title=f"Work marked {marking}",
            marking=marking,
            due=Due(deadline_id=convening.id),
        )
        make.update(session, made, Status.IN_PROGRESS, by=by, note=f"Said as {marking}")


def turn(client: Browser, cast: Cast, shown: str) -> None:
    client.sign_in(cast.coordinator)
    assert client.submit("/public/shown", shown=shown).status_code == 303
    client.sign_in(cast.stranger)


def test_it_is_off_until_a_coordinator_turns_it_on(
    client: Browser, cast: Cast, marked: None
) -> None:
    for path in ("/public", "/public/feed.atom"):
        client.sign_in(cast.stranger)
        assert client.get(path).headers["Location"].startswith("/sign-in")
        assert client.sign_in(cast.observer).get(path).status_code == 404
    assert client.submit("/public/shown", shown="yes").status_code == 403
    turn(client, cast, "yes")
    assert client.get("/public").status_code == 200
    turn(client, cast, "no")
    assert client.get("/public").status_code == 302


def test_it_holds_what_is_clear_and_nothing_else(client: Browser, cast: Cast, marked: None) -> None:
    turn(client, cast, "yes")
    for account in (cast.stranger, cast.coordinator):
        client.sign_in(account)
        for path in ("/public", "/public/feed.atom"):
            text = client.get(path).text
            assert "Work marked CLEAR" in text, path
            assert "Said as CLEAR" in text, path
            for marking in Marking:
                if marking is not Marking.CLEAR:
                    assert f"Work marked {marking}" not in text, path
                    assert f"Said as {marking}" not in text, path
        page = client.page("/public")
        assert [str(li["data-public"]) for li in page.select("[data-public]")] == [
            str(page.select_one("[data-public]")["data-public"])
        ]
        assert "Open day" in page.get_text()
        assert "Closed day" not in page.get_text()
        assert page.select_one('[data-progress-of="public"]')["data-total"] == "1"
        assert cast.coordinator.name not in page.get_text()


def test_the_feed_is_atom_with_an_entry_for_each_update(
    client: Browser, cast: Cast, marked: None
) -> None:
    turn(client, cast, "yes")
    answer = client.get("/public/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)  # noqa: S314 - we wrote it
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Work marked CLEAR: In progress"
    ]
    assert all(entry.findtext(f"{ATOM}id").startswith("http") for entry in entries)


def test_a_cache_may_keep_it_and_ask_whether_it_holds(
    client: Browser, session: Session, cast: Cast, marked: None
) -> None:
    client.forgets = False
    turn(client, cast, "yes")
    first = client.get("/public")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in first.headers
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/public", headers=tag).status_code == 304
    made = make.deliverable(session, by=cast.coordinator, title="New", marking=Marking.CLEAR)
    again = client.get("/public", headers=tag)
    assert (again.status_code, made.title in again.text) == (200, True)
