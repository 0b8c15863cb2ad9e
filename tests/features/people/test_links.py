"""Invitations and new passwords by a link that works once."""

from datetime import datetime, timedelta

import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.permissions import Role
from app.people import actions, passwords
from app.people.actions import links
from app.people.models import Account, OneTimeLink
from app.people.tokens import token_hash
from app.web.database import Tracker

NEW = "another long and calm sentence"


@pytest.fixture
def token(session: Session, cast: Cast, now: datetime) -> str:
    """Of a link for the observer."""
    return links.make_link(session, cast.administrator.actor, cast.observer, now).token


def shown_token(page: str) -> str:
    link = BeautifulSoup(page, "html.parser").select_one("[data-link]")
    assert link is not None
    return link.text.rpartition("/")[2]


def test_whoever_is_invited_sets_a_password_and_signs_in(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    fields = {"email": "New@Example.org", "name": "New", "role": "liaison"}
    made = client.submit("/accounts/invite", **fields, member=str(cast.kenya.id))
    assert made.status_code == 201
    token = shown_token(made.text)
    client.sign_in(None)
    page = client.page(f"/links/{token}")
    assert "new@example.org" in page.text
    assert client.submit(f"/links/{token}", new=NEW).headers["Location"] == "/sign-in"
    answer = client.submit("/sign-in", email="new@example.org", password=NEW)
    assert answer.status_code == 303
    assert "new@example.org" in client.page("/account").text
    account = session.scalars(select(Account).where(Account.email == "new@example.org")).one()
    assert (account.role, account.member_id) == (Role.LIAISON, cast.kenya.id)


def test_only_the_hash_of_a_token_is_kept(session: Session, token: str) -> None:
    assert session.scalars(select(OneTimeLink.token_hash)).one() == token_hash(token)
    trail = repr([entry.changes for entry in session.scalars(select(AuditEntry))])
    assert token not in trail


def test_a_link_works_once(client: Browser, session: Session, cast: Cast, token: str) -> None:
    assert client.submit(f"/links/{token}", new=NEW).status_code == 303
    again = client.submit(f"/links/{token}", new="yet another calm and long sentence")
    assert again.status_code == 404
    assert client.get(f"/links/{token}").status_code == 404
    session.refresh(cast.observer)
    assert passwords.matches(NEW, cast.observer.password_hash)


def test_looking_at_a_link_does_not_use_it_up(client: Browser, token: str) -> None:
    for _ in range(2):
        assert client.get(f"/links/{token}").status_code == 200
        assert client.head(f"/links/{token}").status_code == 200
    assert client.submit(f"/links/{token}", new="short").status_code == 422
    assert client.submit(f"/links/{token}", new=NEW).status_code == 303


@pytest.mark.parametrize(("hours", "status"), [(71.9, 200), (72, 404)])
def test_a_link_is_over_after_72_hours(
    app: Tracker, client: Browser, now: datetime, token: str, hours: float, status: int
) -> None:
    app.config["NOW"] = lambda: now + timedelta(hours=hours)
    assert client.get(f"/links/{token}").status_code == status
    if status == 404:
        assert client.submit(f"/links/{token}", new=NEW).status_code == 404


def test_a_newer_link_takes_the_place_of_the_one_before(
    client: Browser, session: Session, cast: Cast, now: datetime, token: str
) -> None:
    newer = links.make_link(session, None, cast.observer, now).token
    assert client.get(f"/links/{token}").status_code == 404
    assert client.get(f"/links/{newer}").status_code == 200


def test_every_dead_link_answers_alike(
    client: Browser, session: Session, cast: Cast, now: datetime, token: str
) -> None:
    actions.deactivate(session, cast.administrator.actor, cast.observer, now)
    closed = client.get(f"/links/{token}")
    never = client.get("/links/" + "x" * 43)
    assert (closed.status_code, never.status_code) == (404, 404)
    assert closed.text == never.text


def test_a_link_ends_every_session_and_needs_the_second_factor_still(
    client: Browser, cast: Cast, token: str
) -> None:
    client.sign_in(cast.observer)
    client.submit(f"/links/{token}", new=NEW)
    assert client.get("/account").status_code == 302


def test_asking_for_a_new_password_says_the_same_of_every_address(
    client: Browser, session: Session, cast: Cast
) -> None:
    pages = []
    for email in (cast.observer.email, "nobody@example.org"):
        answer = client.submit("/sign-in/forgotten", email=email)
        pages.append((answer.status_code, client.get(answer.headers["Location"]).text))
        client.sign_in(None)
    assert [status for status, _page in pages] == [303, 303]
    texts = [
        [note.text for note in BeautifulSoup(page, "html.parser").select(".note")]
        for _status, page in pages
    ]
    assert texts[0] == texts[1] != []
    session.refresh(cast.observer)
    assert cast.observer.reset_asked_at is not None
    asked = select(AuditEntry).where(AuditEntry.verb == "account.reset_asked")
    assert [e.subject_key for e in session.scalars(asked)] == [cast.observer.email, ""]


def test_who_asked_is_shown_to_administrators_until_a_link_is_made(
    client: Browser, cast: Cast
) -> None:
    client.submit("/sign-in/forgotten", email=cast.observer.email)
    client.sign_in(cast.administrator)
    row = client.page("/accounts").select_one(f"tr[data-account='{cast.observer.email}']")
    assert row is not None
    assert "Asked for a new password" in row.text
    made = client.submit(f"/accounts/{cast.observer.id}/link")
    assert made.status_code == 201
    assert "Asked for a new password" not in client.page("/accounts").text


def test_a_link_names_the_public_address_where_there_is_one(
    app: Tracker, client: Browser, cast: Cast
) -> None:
    app.config["PUBLIC_URL"] = "https://tracker.example"
    client.sign_in(cast.administrator)
    made = client.submit(f"/accounts/{cast.observer.id}/link")
    assert "https://tracker.example/links/" in made.text


def test_asking_again_and_again_from_one_address_has_to_wait(client: Browser, cast: Cast) -> None:
    answers = [client.submit("/sign-in/forgotten", email=f"a{n}@example.org") for n in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
