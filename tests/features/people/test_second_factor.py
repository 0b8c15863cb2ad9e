"""A second factor: adding it, signing in with it, losing it."""

from datetime import datetime, timedelta

import pyotp
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from make import PASSWORD
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.audit.models import AuditEntry
from app.people import second_factors
from app.people.actions import second_factors as actions
from app.people.models import Account, RecoveryCode, SecondFactor
from app.web.database import Tracker

LATER = timedelta(minutes=1)


@pytest.fixture
def observer(cast: Cast) -> Account:
    return cast.observer


@pytest.fixture
def codes(session: Session, observer: Account, now: datetime) -> list[str]:
    """The recovery codes of the observer, who has a second factor since a minute ago."""
    begun = now - LATER
    actions.begin(session, observer.actor, PASSWORD, begun)
    return actions.confirm(session, observer.actor, code(session, observer, begun), begun)


def code(session: Session, account: Account, at: datetime) -> str:
    key = session.scalars(
        select(SecondFactor.key).where(SecondFactor.account_id == account.id)
    ).one()
    return pyotp.TOTP(key).at(at)


def with_password(client: Browser, account: Account) -> TestResponse:
    client.sign_in(None)
    return client.submit("/sign-in", email=account.email, password=PASSWORD)


def is_in(client: Browser) -> bool:
    return client.get("/account").status_code == 200


def test_adding_one_takes_the_password_and_a_first_code(
    client: Browser, session: Session, observer: Account, now: datetime
) -> None:
    client.sign_in(observer)
    begin = "/account/second-factor/begin"
    assert client.submit(begin, password="not the password").status_code == 422
    assert client.submit(begin, password=PASSWORD).status_code == 303
    page = client.page("/account/second-factor/confirm")
    key = page.select_one("[data-key]").text.replace(" ", "")
    assert page.select("svg.segno path")
    wrong = client.submit("/account/second-factor/confirm", code="000000")
    assert wrong.status_code == 422
    right = client.submit("/account/second-factor/confirm", code=pyotp.TOTP(key).at(now))
    shown = BeautifulSoup(right.text, "html.parser").select("[data-recovery-code]")
    assert len({tag.text for tag in shown}) == 10
    assert session.scalars(select(SecondFactor.confirmed_at)).one() == now
    assert key not in client.get("/account/second-factor/confirm").text


def test_a_key_without_its_first_code_is_asked_nowhere(
    client: Browser, session: Session, observer: Account, now: datetime
) -> None:
    actions.begin(session, observer.actor, PASSWORD, now)
    with_password(client, observer)
    assert is_in(client)


def test_signing_in_takes_both(
    client: Browser, session: Session, observer: Account, codes: list[str], now: datetime
) -> None:
    answer = with_password(client, observer)
    assert answer.headers["Location"] == "/sign-in/code"
    assert not is_in(client)
    assert client.submit("/sign-in/code", code="000000").status_code == 422
    assert not is_in(client)
    answer = client.submit("/sign-in/code", code=code(session, observer, now))
    assert answer.status_code == 303
    assert is_in(client)
    verbs = [entry.verb for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert verbs[-2:] == ["account.sign_in_failed", "account.signed_in"]


def test_a_code_is_not_taken_twice(
    client: Browser, session: Session, observer: Account, codes: list[str], now: datetime
) -> None:
    shown = code(session, observer, now)
    for status in (303, 422):
        with_password(client, observer)
        assert client.submit("/sign-in/code", code=shown).status_code == status


def test_the_code_that_confirmed_the_key_does_not_sign_in(
    app: Tracker, client: Browser, session: Session, observer: Account, now: datetime
) -> None:
    actions.begin(session, observer.actor, PASSWORD, now)
    shown = code(session, observer, now)
    actions.confirm(session, observer.actor, shown, now)
    with_password(client, observer)
    assert client.submit("/sign-in/code", code=shown).status_code == 422


def test_a_recovery_code_works_once_however_it_is_typed(
    client: Browser, session: Session, observer: Account, codes: list[str]
) -> None:
    typed = codes[3].upper().replace("-", " ")
    for status in (303, 422):
        with_password(client, observer)
        assert client.submit("/sign-in/code", code=typed).status_code == status
    kept = session.scalars(select(RecoveryCode.code_hash)).all()
    assert not set(codes) & set(kept)


def test_a_recovery_code_of_another_account_is_none(
    client: Browser, session: Session, cast: Cast, codes: list[str], now: datetime
) -> None:
    liaison = cast.liaison
    actions.begin(session, liaison.actor, PASSWORD, now - LATER)
    actions.confirm(session, liaison.actor, code(session, liaison, now - LATER), now - LATER)
    with_password(client, liaison)
    assert client.submit("/sign-in/code", code=codes[0]).status_code == 422


def test_the_code_is_asked_for_five_minutes(
    app: Tracker, client: Browser, session: Session, observer: Account, codes: list[str],
    now: datetime,
) -> None:  # fmt: skip
    with_password(client, observer)
    later = now + timedelta(minutes=5, seconds=1)
    app.config["NOW"] = lambda: later
    answer = client.submit("/sign-in/code", code=code(session, observer, later))
    assert answer.headers["Location"] == "/sign-in"
    assert not is_in(client)


def test_a_changed_password_or_a_closed_account_stops_a_half_done_sign_in(
    client: Browser, session: Session, observer: Account, codes: list[str], now: datetime
) -> None:
    with_password(client, observer)
    observer.is_active = False
    closed = client.submit("/sign-in/code", code=code(session, observer, now))
    assert closed.headers["Location"] == "/sign-in"
    observer.is_active = True
    with_password(client, observer)
    observer.password_hash = ""
    changed = client.submit("/sign-in/code", code=code(session, observer, now))
    assert changed.headers["Location"] == "/sign-in"
    assert not is_in(client)


def test_codes_cannot_be_tried_one_after_the_other(
    client: Browser, session: Session, observer: Account, codes: list[str], now: datetime
) -> None:
    with_password(client, observer)
    tried = [client.submit("/sign-in/code", code=f"{n:06}").status_code for n in range(6)]
    assert tried == [422] * 5 + [429]
    right = client.submit("/sign-in/code", code=code(session, observer, now))
    assert right.status_code == 429


def test_a_role_that_needs_one_opens_nothing_before(
    app: Tracker, client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    app.config["SECOND_FACTOR_ROLES"] = frozenset({"administrator"})
    assert client.sign_in(cast.observer).get("/account").status_code == 200
    client.sign_in(cast.administrator)
    for path in ("/", "/account", "/accounts", "/audit"):
        assert client.get(path).headers["Location"] == "/account/second-factor"
    assert client.submit(f"/accounts/{cast.observer.id}/deactivate").status_code == 403
    assert client.submit("/account/second-factor/begin", password=PASSWORD).status_code == 303
    client.submit("/account/second-factor/confirm", code=code(session, cast.administrator, now))
    assert client.get("/accounts").status_code == 200
    refused = client.submit("/account/second-factor/remove", password=PASSWORD)
    assert refused.status_code == 422


def test_taking_it_away_takes_the_password_and_a_long_one(
    client: Browser, session: Session, observer: Account, codes: list[str]
) -> None:
    client.sign_in(observer)
    remove, short = "/account/second-factor/remove", "kX9$mQ2w"
    assert client.submit(remove, password="not the password").status_code == 422
    changed = client.submit("/account/password", current=PASSWORD, new=short)
    assert changed.status_code == 303
    refused = client.submit(remove, password=short)
    assert (refused.status_code, "15 characters" in refused.text) == (422, True)
    client.submit("/account/password", current=short, new=PASSWORD)
    assert client.submit(remove, password=PASSWORD).status_code == 303
    assert session.scalars(select(RecoveryCode)).all() == []
    assert with_password(client, observer).headers["Location"] != "/sign-in/code"


def test_new_recovery_codes_take_the_place_of_all_that_there_were(
    client: Browser, observer: Account, codes: list[str]
) -> None:
    client.sign_in(observer)
    renewed = client.submit("/account/second-factor/codes", password=PASSWORD)
    shown = BeautifulSoup(renewed.text, "html.parser").select("[data-recovery-code]")
    with_password(client, observer)
    assert client.submit("/sign-in/code", code=codes[0]).status_code == 422
    assert client.submit("/sign-in/code", code=shown[0].text).status_code == 303


def test_an_administrator_helps_whoever_lost_everything(
    client: Browser, session: Session, cast: Cast, observer: Account, codes: list[str]
) -> None:
    client.sign_in(cast.administrator)
    made = client.submit(f"/accounts/{observer.id}/second-factor/reset")
    assert made.status_code == 201
    link = BeautifulSoup(made.text, "html.parser").select_one("[data-link]").text
    assert with_password(client, observer).status_code == 422
    new = "another long and calm sentence"
    assert client.submit("/links/" + link.rpartition("/")[2], new="kX9$mQ2w").status_code == 422
    assert client.submit("/links/" + link.rpartition("/")[2], new=new).status_code == 303
    assert client.submit("/sign-in", email=observer.email, password=new).status_code == 303
    assert is_in(client)


@pytest.mark.parametrize(
    ("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_that_is_half_a_minute_off_still_does(
    now: datetime, steps: int, taken: bool
) -> None:
    key = second_factors.new_key()
    shown = pyotp.TOTP(key).at(now + timedelta(seconds=30 * steps))
    assert (second_factors.matching_step(key, shown, 0, now) is not None) is taken


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "12345\x00"])
def test_what_is_no_code_is_none(now: datetime, typed: str) -> None:
    assert second_factors.matching_step(second_factors.new_key(), typed, 0, now) is None
