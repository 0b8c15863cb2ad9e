"""Editing a draft, alone and with somebody else."""

from typing import Any

import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Agenda, AgendaItem
from app.agendas.rules.schedule import ItemKind
from app.audit.models import AuditEntry
from app.core.markings import Marking
from app.deliverables.models import Deliverable

ITEM: dict[str, Any] = {
    "kind": "discussion",
    "title": "Hosting",
    "note": "**Who** hosts?",
    "minutes": "25",
    "presenter": "W. Otieno",
    "presenting_member": "",
    "marking": "GREEN",
    "seen": "1",
}


def items(session: Session) -> list[AgendaItem]:
    session.expire_all()
    query = select(AgendaItem).order_by(AgendaItem.in_writing, AgendaItem.position)
    return list(session.scalars(query))


def agenda_version(session: Session) -> str:
    session.expire_all()
    return str(session.scalars(select(Agenda.version)).one())


def test_an_added_item_comes_before_the_closing(proposed: Browser, session: Session) -> None:
    assert proposed.submit("/agendas/m/items", **ITEM).status_code == 303
    assert [item.title for item in items(session)][-2:] == ["Hosting", "Next meeting"]
    assert "<strong>Who</strong> hosts?" in proposed.get("/agendas/m").text


def test_the_note_cannot_run(proposed: Browser) -> None:
    note = "<script>alert(1)</script> [x](javascript:alert(1))"
    proposed.submit("/agendas/m/items", **{**ITEM, "note": note})
    page = proposed.page("/agendas/m")
    assert all(script.get("src") for script in page.find_all("script"))
    assert not [a for a in page.find_all("a") if a.get("href", "").startswith("javascript")]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": ""}, "Give the item a title."),
        ({"minutes": "-5"}, "Give a whole number of minutes from 0 to 1440."),
        ({"minutes": "1441"}, "Give a whole number of minutes from 0 to 1440."),
        ({"kind": "party"}, "Not a valid choice"),
        ({"marking": "GREY"}, "Not a valid choice"),
        ({"title": "a\x00b"}, "characters that cannot be shown"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    proposed: Browser, session: Session, changed: dict[str, str], says: str
) -> None:
    before = len(items(session))
    answer = proposed.submit("/agendas/m/items", **{**ITEM, **changed})
    assert answer.status_code == 422
    assert says in answer.text
    assert "**Who** hosts?" in answer.text
    assert len(items(session)) == before


def test_two_coordinators_see_both_texts_and_neither_is_lost(
    proposed: Browser, session: Session
) -> None:
    item = items(session)[0]
    url, seen = f"/agendas/m/items/{item.id}", str(item.version)
    first = {**ITEM, "title": "Theirs", "note": "Their text", "seen": seen}
    assert proposed.submit(url, **first).status_code == 303
    answer = proposed.submit(url, **{**ITEM, "title": "Mine", "note": "My text", "seen": seen})
    assert answer.status_code == 409
    assert "Their text" in answer.text
    assert "My text" in answer.text
    assert items(session)[0].note == "Their text"
    saved_again = {**ITEM, "title": "Both", "note": "Their text, my text"}
    newer = str(items(session)[0].version)
    assert f'value="{newer}"' in answer.text
    assert proposed.submit(url, **{**saved_again, "seen": newer}).status_code == 303
    assert items(session)[0].title == "Both"


def test_editing_one_item_does_not_disturb_who_edits_another(
    proposed: Browser, session: Session
) -> None:
    one, other = items(session)[:2]
    for item in (one, other):
        fields = {**ITEM, "seen": str(item.version)}
        assert proposed.submit(f"/agendas/m/items/{item.id}", **fields).status_code == 303


def test_editing_what_was_dropped_meanwhile_keeps_the_text(
    proposed: Browser, session: Session
) -> None:
    item = items(session)[1]
    url, seen = f"/agendas/m/items/{item.id}", str(item.version)
    assert proposed.submit(f"{url}/drop", seen=seen).status_code == 303
    answer = proposed.submit(url, **ITEM)
    assert answer.status_code == 409
    assert "Somebody dropped this item meanwhile." in answer.text
    assert "**Who** hosts?" in answer.text


@pytest.mark.parametrize(
    ("start", "to", "end"),
    [(2, "before:1", 1), (0, "after:1", 1), (0, "after:2", 2), (0, "3", 2), (1, "99", -1)],
)
def test_an_item_moves_beside_another_and_to_a_place(
    proposed: Browser, session: Session, start: int, to: str, end: int
) -> None:
    shown = items(session)
    item = shown[start]
    side, colon, place = to.partition(":")
    to = f"{side}:{shown[int(place)].id}" if colon else to
    answer = proposed.submit(
        f"/agendas/m/items/{item.id}/move", to=to, seen=agenda_version(session)
    )
    assert answer.status_code == 303
    assert items(session)[end].id == item.id


def test_two_who_order_at_once_both_have_it_their_way(proposed: Browser, session: Session) -> None:
    """Both look at the same order; one takes the third to the top, the other the second down."""
    first, second, third, fourth = items(session)[:4]
    seen = agenda_version(session)
    moves = [(third, f"before:{first.id}"), (second, f"after:{fourth.id}")]
    for item, to in moves:
        answer = proposed.submit(f"/agendas/m/items/{item.id}/move", to=to, seen=seen)
        assert answer.status_code == 303
    assert [item.id for item in items(session)[:4]] == [third.id, first.id, fourth.id, second.id]


def test_beside_an_item_that_is_gone_nothing_is_moved_and_that_is_said(
    proposed: Browser, session: Session
) -> None:
    first, second, third = (item.id for item in items(session)[:3])
    version = items(session)[0].version
    proposed.submit(f"/agendas/m/items/{first}/drop", seen=str(version))
    answer = proposed.submit(f"/agendas/m/items/{third}/move", to=f"before:{first}", seen="1")
    assert answer.status_code == 409
    assert "Somebody took away the item" in answer.text
    assert [item.id for item in items(session)[:2]] == [second, third]


def test_a_place_is_of_the_order_that_was_seen(proposed: Browser, session: Session) -> None:
    first, second, third = items(session)[:3]
    seen = agenda_version(session)
    proposed.submit(f"/agendas/m/items/{third.id}/move", to="1", seen=seen)
    answer = proposed.submit(f"/agendas/m/items/{second.id}/move", to="1", seen=seen)
    assert answer.status_code == 409
    assert "Somebody changed the agenda" in answer.text
    now = [item.id for item in items(session)[:3]]
    assert now == [third.id, first.id, second.id]
    places = [answer.text.index(f'data-item="{item}"') for item in now]
    assert places == sorted(places)


def test_after_a_move_the_same_button_has_the_focus(proposed: Browser, session: Session) -> None:
    first, second, third = items(session)[:3]
    to = f"before:{second.id}"
    answer = proposed.submit(f"/agendas/m/items/{third.id}/move", to=to)
    page = proposed.page(answer.headers["Location"])
    focused = page.select_one("button[autofocus]")
    assert focused["value"] == f"before:{first.id}"
    assert f"/items/{third.id}/move" in focused["formaction"]


@pytest.mark.parametrize(
    "to", ["", "0", "-1", "sideways", "²", "up", "before:", "before:x", "under:1"]
)
def test_a_place_that_is_none_is_refused(proposed: Browser, session: Session, to: str) -> None:
    before = [item.id for item in items(session)]
    url = f"/agendas/m/items/{before[1]}/move"
    assert proposed.submit(url, to=to, seen=agenda_version(session)).status_code == 422
    assert [item.id for item in items(session)] == before


def test_an_overrun_is_said_in_words(proposed: Browser) -> None:
    proposed.submit("/agendas/m/items", **{**ITEM, "minutes": "500"})
    text = proposed.page("/agendas/m").select_one("[data-total-minutes]")
    total, length = int(text["data-total-minutes"]), int(text["data-length-minutes"])
    assert (total > length, length) == (True, 480)
    assert "in a meeting of 8 hours" in text.get_text()
    assert "too much" in text.get_text()


def test_what_is_dealt_with_in_writing_takes_no_time(proposed: Browser, session: Session) -> None:
    before = proposed.page("/agendas/m").select_one("[data-total-minutes]")["data-total-minutes"]
    proposed.submit("/agendas/m/items", **{**ITEM, "minutes": "500", "in_writing": "y"})
    page = proposed.page("/agendas/m")
    assert page.select_one("[data-total-minutes]")["data-total-minutes"] == before
    assert items(session)[-1].title == "Hosting"


def test_an_item_is_never_marked_wider_than_what_it_is_about(
    proposed: Browser, session: Session, narrow: Deliverable
) -> None:
    (item,) = [item for item in items(session) if item.deliverable_id == narrow.id]
    answer = proposed.submit(f"/agendas/m/items/{item.id}", **{**ITEM, "seen": str(item.version)})
    assert answer.status_code == 422
    assert "“Narrow work” is marked TLP:AMBER" in answer.text


def test_nor_than_what_its_note_links_to(
    proposed: Browser, session: Session, narrow: Deliverable
) -> None:
    linking = {**ITEM, "note": "See [it](/deliverables/narrow)."}
    assert proposed.submit("/agendas/m/items", **linking).status_code == 422
    assert proposed.submit("/agendas/m/items", **{**linking, "marking": "AMBER"}).status_code == 303


def test_a_red_item_is_its_authors_alone(
    proposed: Browser, session: Session, cast: Cast, client: Browser
) -> None:
    proposed.submit("/agendas/m/items", **{**ITEM, "title": "Secret", "marking": "RED"})
    red = next(item for item in items(session) if item.title == "Secret")
    assert "Secret" in proposed.get("/agendas/m").text
    client.sign_in(cast.administrator)
    assert "Secret" not in client.get("/agendas/m").text
    assert client.get(f"/agendas/m/items/{red.id}").status_code == 403
    assert red.marking is Marking.RED


def test_moving_does_not_reveal_or_lose_what_the_mover_cannot_see(
    proposed: Browser, session: Session, cast: Cast
) -> None:
    first = items(session)[0]
    first.marking = Marking.RED
    session.commit()
    visible = [item.id for item in items(session)[1:]]
    url = f"/agendas/m/items/{visible[1]}/move"
    assert proposed.submit(url, to="1", seen=agenda_version(session)).status_code == 303
    after = [item.id for item in items(session)]
    assert after[0] == first.id
    assert after[1:3] == [visible[1], visible[0]]


def test_the_trail_tells_that_a_narrow_item_changed_but_not_what_it_says(
    proposed: Browser, session: Session
) -> None:
    proposed.submit("/agendas/m/items", **{**ITEM, "title": "Secret", "marking": "RED"})
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.verb == "agenda.add_item"
    assert "Secret" not in str(entry.changes)


@pytest.mark.parametrize("who", ["liaison", "observer"])
def test_nobody_but_coordinators_and_administrators_reads_a_draft(
    client: Browser, cast: Cast, proposed: Browser, session: Session, who: str
) -> None:
    item = items(session)[0]
    client.sign_in(getattr(cast, who))
    assert "No agenda has been published for this meeting." in client.get("/agendas/m").text
    assert client.get("/agendas/m/draft.html").status_code == 404
    assert client.get(f"/agendas/m/items/{item.id}").status_code == 403
    assert "Draft" not in client.page("/agendas").select_one("main").get_text()


def test_an_administrator_reads_a_draft_and_changes_nothing(
    client: Browser, cast: Cast, proposed: Browser, session: Session
) -> None:
    client.sign_in(cast.administrator)
    page = client.page("/agendas/m")
    assert page.select("[data-item]")
    assert not page.select("main form, main button")
    assert client.submit("/agendas/m/items", **ITEM).status_code == 403
    assert items(session)[0].kind is ItemKind.OPENING
