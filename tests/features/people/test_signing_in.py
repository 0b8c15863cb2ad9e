"""Signing in and out, and how long a session lasts."""

from datetime import datetime, timedelta

import make
import pytest
from argon2 import PasswordHasher
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from make import PASSWORD
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.people import actions, passwords
from app.people.models import Account, SignedInSession
from app.web.database import Tracker


@pytest.fixture
def observer(cast: Cast) -> Account:
    return cast.observer


def send(client: Browser, email: str, password: str, onward: str = "") -> TestResponse:
    """Open the sign-in page, fill it in and send it, as a browser does."""
    address = f"/sign-in{onward}"
    page = BeautifulSoup(client.get(address).text, "html.parser")
    token = page.select_one("input[name=csrf_token]")
    assert token is not None
    fields = {"email": email, "password": password, "csrf_token": token["value"]}
    return client.post(address, data=fields)


def test_the_right_password_opens_the_account(client: Browser, observer: Account) -> None:
    answer = send(client, observer.email, PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")
    assert observer.email in client.page("/account").text


def test_the_address_may_be_typed_in_capitals_and_with_blanks(
    client: Browser, observer: Account
) -> None:
    assert send(client, f"  {observer.email.upper()} ", PASSWORD).status_code == 303


def test_a_password_typed_decomposed_is_the_same_password(
    client: Browser, session: Session, observer: Account
) -> None:
    observer.password_hash = passwords.hashed("fünfzehn Zeichen lang")
    assert send(client, observer.email, "fu\u0308nfzehn Zeichen lang").status_code == 303


@pytest.mark.parametrize("email", ["otto@example.org", "nobody@example.org", "", "x" * 300])
def test_a_wrong_password_and_no_account_get_the_same_answer(
    client: Browser, observer: Account, email: str
) -> None:
    answer = send(client, email, "not the password at all")
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    said = [tag.text for tag in page.select("[role=alert]")]
    assert len(said) == 1
    assert "do not belong to an account" in said[0]
    assert client.get("/account").status_code == 302


def test_an_account_without_a_password_and_a_closed_one_cannot_sign_in(
    client: Browser, session: Session, observer: Account, cast: Cast, now: datetime
) -> None:
    cast.coordinator.password_hash = ""
    assert send(client, cast.coordinator.email, PASSWORD).status_code == 422
    actions.deactivate(session, cast.administrator.actor, observer, now)
    assert send(client, observer.email, PASSWORD).status_code == 422


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/deliverables?status=delivered", "/deliverables?status=delivered"),
        ("//evil.example", "/home"),
        ("/\\evil.example", "/home"),
        ("https://evil.example/", "/home"),
        ("https:evil.example", "/home"),
        ("javascript:alert(1)", "/home"),
        ("/\t/evil.example", "/home"),
        ("/%0d%0aSet-Cookie:x", "/%0d%0aSet-Cookie:x"),
        ("/\r\nSet-Cookie: x", "/home"),
        ("evil.example", "/home"),
        ("http://[", "/home"),
    ],
)
def test_one_is_led_on_only_within_the_site(
    client: Browser, observer: Account, wanted: str, reached: str
) -> None:
    page = client.post(
        "/sign-in",
        query_string={"next": wanted},
        data={"email": observer.email, "password": PASSWORD, "csrf_token": client.csrf_token()},
    )
    assert page.headers["Location"] == reached


def test_the_page_that_was_wanted_is_reached_after_signing_in(
    client: Browser, observer: Account
) -> None:
    sent = client.get("/account?as_of=2024-11-21").headers["Location"]
    answer = send(client, observer.email, PASSWORD, sent.removeprefix("/sign-in"))
    assert answer.headers["Location"] == "/account?as_of=2024-11-21"


def test_signing_in_gives_a_new_id_of_which_only_the_hash_is_kept(
    client: Browser, session: Session, observer: Account
) -> None:
    ids = set()
    for _ in range(2):
        send(client, observer.email, PASSWORD)
        with client.session_transaction() as cookie:
            ids.add(cookie["_user_id"])
            client.sign_in(None)
    assert len(ids) == 2
    assert not ids & set(session.scalars(select(SignedInSession.token_hash)))


def test_signing_out_ends_the_session_for_good(client: Browser, cast: Cast) -> None:
    client.sign_in(cast.observer)
    name = client.application.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    assert client.submit("/sign-out").status_code == 303
    client.set_cookie(name, cookie.value)
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("later", "open_still"),
    [
        (timedelta(hours=11, minutes=59), True),
        (timedelta(hours=12), False),
    ],
)
def test_a_session_lapses_after_twelve_idle_hours(
    app: Tracker, client: Browser, cast: Cast, now: datetime, later: timedelta, open_still: bool
) -> None:
    client.sign_in(cast.observer)
    app.config["NOW"] = lambda: now + later
    assert (client.get("/account").status_code == 200) is open_still


def test_a_session_in_use_lapses_after_seven_days(
    app: Tracker, client: Browser, cast: Cast, now: datetime
) -> None:
    client.sign_in(cast.observer)
    for hours in range(0, 7 * 24, 8):
        app.config["NOW"] = lambda hours=hours: now + timedelta(hours=hours)
        assert client.get("/account").status_code == 200
    app.config["NOW"] = lambda: now + timedelta(days=7)
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(("seconds", "written"), [(59, False), (60, True)])
def test_last_use_is_written_at_most_once_a_minute(
    app: Tracker, client: Browser, session: Session, cast: Cast, now: datetime,
    seconds: int, written: bool,
) -> None:  # fmt: skip
    client.sign_in(cast.observer)
    app.config["NOW"] = lambda: now + timedelta(seconds=seconds)
    client.get("/account")
    seen = session.scalars(select(SignedInSession.last_seen_at)).one()
    assert (seen > now) is written


def test_deactivation_ends_what_is_open(
    client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    client.sign_in(cast.observer)
    actions.deactivate(session, cast.administrator.actor, cast.observer, now)
    assert client.get("/account").status_code == 302


def test_a_made_up_id_is_nobody(client: Browser, cast: Cast) -> None:
    for token in ("", "1", str(cast.observer.id), "\ud800", "x" * 5000):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        assert client.get("/account").status_code == 302


def test_whoever_is_signed_in_is_led_past_the_sign_in_page(client: Browser, cast: Cast) -> None:
    assert client.sign_in(cast.observer).get("/sign-in").headers["Location"] == "/home"


def test_a_form_from_before_signing_out_is_refused_with_a_way_out(
    client: Browser, cast: Cast
) -> None:
    client.sign_in(cast.observer)
    answer = client.post("/account/preferences", data={"language": "en"})
    assert answer.status_code == 400
    assert "expired" in answer.text


def test_a_recorder_reads_nothing_even_with_a_session(client: Browser, session: Session) -> None:
    make.network(session)
    recorder = make.account(session, make.Role.RECORDER)
    assert client.sign_in(recorder).get("/account").status_code == 403


def test_a_hash_that_has_become_cheap_is_made_anew_at_the_next_sign_in(
    client: Browser, session: Session, observer: Account
) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    observer.password_hash = cheap
    assert send(client, observer.email, "not the password at all").status_code == 422
    session.refresh(observer)
    assert observer.password_hash == cheap
    assert send(client, observer.email, PASSWORD).status_code == 303
    session.refresh(observer)
    assert not passwords.is_outdated(observer.password_hash)
    assert passwords.matches(PASSWORD, observer.password_hash)
