"""Invitations and new passwords go by mail to the owner alone, where mail is set up."""

from datetime import timedelta

import make
from browser import Browser
from cast import Cast
from post_office import PostOffice, Remind, text_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notices.models import Notice, Parcel, State
from app.people import actions as people
from app.people.models import OneTimeLink
from app.people.tokens import token_hash
from app.web.database import Tracker

NEW = "another long and calm sentence"


def link_in(text: str) -> str:
    found = next(word for word in text.split() if "/links/" in word)
    assert found.startswith("https://tracker.example.org/")
    return found.removeprefix("https://tracker.example.org")


def test_an_invitation_goes_to_whom_it_is_for_and_is_not_shown(
    client: Browser, remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    fields = {"email": "new@example.org", "name": "New", "role": "observer", "member": ""}
    page = client.submit("/accounts/invite", **fields)
    assert page.status_code == 201
    assert "/links/" not in page.text
    assert remind()["sent"] == 1
    (mail,) = office.took
    assert (mail["X-Rcpt"], mail["Subject"]) == ("new@example.org", "[TLP:GREEN] You are invited")
    assert mail["List-Unsubscribe"] is None
    client.sign_in(None)
    assert client.submit(link_in(text_of(mail)), new=NEW).status_code == 303


def test_neither_the_outbox_nor_any_table_holds_the_token(
    client: Browser, remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    client.submit(f"/accounts/{cast.observer.id}/link")
    remind()
    token = link_in(text_of(office.took[0])).rpartition("/")[2]
    assert session.scalars(select(OneTimeLink.token_hash)).one() == token_hash(token)
    kept = [(n.facts, n.thing, n.occasion) for n in session.scalars(select(Notice))]
    assert token not in repr(kept)


def test_a_second_try_sends_the_same_link(
    client: Browser, remind: Remind, office: PostOffice, cast: Cast
) -> None:
    sent: list[str] = []

    def busy(mail: object) -> str:
        sent.append(link_in(text_of(mail)))  # type: ignore[arg-type]
        return "451 later" if len(sent) == 1 else "250 OK"

    office.data = busy
    client.sign_in(cast.administrator)
    client.submit(f"/accounts/{cast.observer.id}/link")
    remind()
    remind(make.NOW + timedelta(minutes=2))
    assert len(sent) == 2
    assert len(set(sent)) == 1


def test_a_forgotten_password_is_reset_by_a_link_that_is_made_when_it_is_sent(
    client: Browser, remind: Remind, office: PostOffice, cast: Cast
) -> None:
    answer = client.submit("/sign-in/forgotten", email="Otto@Example.org")
    assert answer.status_code == 303
    remind()
    (mail,) = office.took
    assert mail["X-Rcpt"] == "otto@example.org"
    assert client.submit(link_in(text_of(mail)), new=NEW).status_code == 303


def test_an_unknown_address_leaves_as_much_and_gets_nothing(
    client: Browser, remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    pages = []
    for email in ("otto@example.org", "nobody@example.org"):
        client.submit("/sign-in/forgotten", email=email)
        pages.append(client.get("/sign-in").text)
    assert "is on its way" in pages[0]
    assert "is on its way" in pages[1]
    assert len(session.scalars(select(Parcel)).all()) == 2
    assert remind()["sent"] == 1
    assert {mail["X-Rcpt"] for mail in office.took} == {"otto@example.org"}


def test_whoever_asks_and_asks_gets_one(
    client: Browser, remind: Remind, office: PostOffice, cast: Cast
) -> None:
    for _ in range(3):
        client.submit("/sign-in/forgotten", email="otto@example.org")
    remind()
    assert len(office.took) == 1


def test_a_link_that_ended_meanwhile_is_not_sent(
    client: Browser, remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    client.submit(f"/accounts/{cast.observer.id}/link")
    client.submit(f"/accounts/{cast.observer.id}/link")
    people.deactivate(session, cast.administrator.actor, cast.other_liaison, make.NOW)
    said = remind()
    assert (said["sent"], said["dropped"]) == (1, 1)
    states = sorted(parcel.state for parcel in session.scalars(select(Parcel)))
    assert states == [State.DROPPED, State.SENT]


def test_without_mail_the_administrator_hands_it_on(
    app: Tracker, client: Browser, session: Session, cast: Cast
) -> None:
    app.config["MAIL_URL"] = ""
    client.sign_in(cast.administrator)
    assert "/links/" in client.submit(f"/accounts/{cast.observer.id}/link").text
    assert session.scalars(select(Parcel)).all() == []
