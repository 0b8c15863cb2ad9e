"""What liaisons would have on an agenda, and the coordinator's yes or no."""

from typing import Any

import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import AgendaItem, ProposedItem
from app.agendas.rules.outcomes import ProposedItemState
from app.meetings.models import Meeting

URL = "/agendas/m/proposals"
FORM: dict[str, Any] = {
    "kind": "discussion",
    "title": "Hosting in Nairobi",
    "note": "We **could**.",
    "minutes": "15",
    "marking": "GREEN",
}


@pytest.fixture
def wanjiru(client: Browser, cast: Cast, meeting: Meeting) -> Browser:
    return client.sign_in(cast.liaison)


def proposed_items(session: Session) -> list[ProposedItem]:
    session.expire_all()
    return list(session.scalars(select(ProposedItem).order_by(ProposedItem.id)))


def on_agenda(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(AgendaItem.title)))


def answer(browser: Browser, row: ProposedItem, verdict: str, text: str = "") -> int:
    url = f"{URL}/{row.id}/answer"
    return browser.submit(url, verdict=verdict, answer=text).status_code


def test_a_yes_puts_it_on_the_draft_that_is_there(
    wanjiru: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    assert wanjiru.submit(URL, **FORM).status_code == 303
    (row,) = proposed_items(session)
    client.sign_in(cast.coordinator).submit("/agendas/m/propose")
    assert "Hosting in Nairobi" not in on_agenda(session)
    assert "1 proposal waits for an answer." in client.get("/agendas/m").text
    assert answer(client, row, "yes", "Gladly") == 303
    item = session.scalars(select(AgendaItem).where(AgendaItem.title == "Hosting in Nairobi")).one()
    assert (item.minutes, item.presenting_member_id) == (15, cast.kenya.id)
    assert proposed_items(session)[0].state is ProposedItemState.ACCEPTED
    assert "Gladly" in client.sign_in(cast.liaison).get(URL).text


def test_a_yes_before_there_is_a_draft_waits_for_it(
    wanjiru: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    wanjiru.submit(URL, **FORM)
    client.sign_in(cast.coordinator)
    answer(client, proposed_items(session)[0], "yes")
    assert on_agenda(session) == []
    client.submit("/agendas/m/propose")
    assert on_agenda(session).count("Hosting in Nairobi") == 1


def test_a_no_says_why(wanjiru: Browser, client: Browser, session: Session, cast: Cast) -> None:
    wanjiru.submit(URL, **FORM)
    client.sign_in(cast.coordinator)
    answer(client, proposed_items(session)[0], "no")
    assert proposed_items(session)[0].state is ProposedItemState.OPEN
    answer(client, proposed_items(session)[0], "no", "There is no time for it")
    assert proposed_items(session)[0].state is ProposedItemState.DECLINED
    answer(client, proposed_items(session)[0], "yes")
    assert proposed_items(session)[0].state is ProposedItemState.DECLINED
    assert "There is no time for it" in client.sign_in(cast.liaison).get(URL).text


def test_a_member_sees_and_withdraws_its_own_only(
    wanjiru: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    wanjiru.submit(URL, **FORM)
    (row,) = proposed_items(session)
    client.sign_in(cast.other_liaison)
    assert "Hosting in Nairobi" not in client.get(URL).text
    assert client.submit(f"{URL}/{row.id}/withdraw", seen="0").status_code == 404
    client.sign_in(cast.observer)
    assert "Hosting in Nairobi" not in client.get(URL).text
    assert client.submit(URL, **FORM).status_code == 403
    client.sign_in(cast.liaison)
    assert client.submit(f"{URL}/{row.id}/withdraw", seen="0").status_code == 303
    assert proposed_items(session)[0].state is ProposedItemState.WITHDRAWN


def test_a_liaison_does_not_answer(wanjiru: Browser, session: Session) -> None:
    wanjiru.submit(URL, **FORM)
    assert answer(wanjiru, proposed_items(session)[0], "yes") == 403


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": ""}, "Give the item a title."),
        ({"minutes": "0"}, "Give a whole number of minutes"),
        ({"minutes": "500"}, "Give a whole number of minutes"),
        ({"marking": "RED"}, "Not a valid choice"),
        ({"kind": "closing"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    wanjiru: Browser, session: Session, changed: dict[str, str], says: str
) -> None:
    sent = wanjiru.submit(URL, **{**FORM, **changed})
    assert sent.status_code == 422
    assert says in sent.text
    assert "We **could**." in sent.text
    assert proposed_items(session) == []


def test_an_amber_proposal_becomes_an_amber_item_of_its_member(
    wanjiru: Browser, client: Browser, session: Session, cast: Cast
) -> None:
    wanjiru.submit(URL, **{**FORM, "marking": "AMBER"})
    client.sign_in(cast.coordinator).submit("/agendas/m/propose")
    answer(client, proposed_items(session)[0], "yes")
    version = session.scalars(select(AgendaItem.agenda_id)).first()
    assert version is not None
    client.get("/agendas/m/publish")
    page = client.page("/agendas/m/publish")
    seen = page.select_one("[name=seen]")["value"]
    client.submit("/agendas/m/publish", seen=seen)
    for who, sees in ((cast.liaison, True), (cast.other_liaison, False)):
        assert ("Hosting in Nairobi" in client.sign_in(who).get("/agendas/m/1").text) is sees
