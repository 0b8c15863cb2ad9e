"""Signing in is slowed down for whoever guesses, and never closed to whoever owns the account."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice, pairwise
from statistics import median

import pytest
from argon2 import PasswordHasher
from browser import Browser
from cast import Cast
from make import PASSWORD
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.people import passwords
from app.people.models import Account, AttemptCount
from app.web.database import Tracker

WRONG = "wrong wrong wrong"


@pytest.fixture
def observer(cast: Cast) -> Account:
    return cast.observer


@pytest.fixture
def verified(cheap: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that were verified, each of which costs the same."""
    seen: list[str] = []
    real = passwords._hasher

    class Watched:
        def verify(self, hashed: str, password: bytes) -> bool:
            seen.append(hashed)
            return real.verify(hashed, password)

        def check_needs_rehash(self, hashed: str) -> bool:
            return real.check_needs_rehash(hashed)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    return seen


@pytest.fixture
def cheap(cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost next to nothing: here it matters how many there are."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "NOBODY", hasher.hash("nobody"))
    for account in cast.accounts:
        account.password_hash = hasher.hash(PASSWORD)
    session.commit()


def attempt(client: Browser, email: str, password: str = WRONG, address: str = "192.0.2.1") -> int:
    return client.post(
        "/sign-in",
        data={"email": email, "password": password, "csrf_token": client.csrf_token()},
        environ_base={"REMOTE_ADDR": address},
    ).status_code


def addresses() -> Iterator[str]:
    return (f"198.51.{high}.{low}" for high in range(100, 120) for low in range(1, 250))


def test_an_account_that_does_not_exist_costs_the_same_work_and_gets_the_same_answers(
    client: Browser, observer: Account, cast: Cast, session: Session, verified: list[str]
) -> None:
    cast.coordinator.password_hash = ""
    cast.liaison.is_active = False
    told = {}
    for email in (observer.email, "nobody@example.org", cast.coordinator.email, cast.liaison.email):
        verified.clear()
        told[email] = [attempt(client, email, address=f"{email}") for _ in range(7)]
        costs = {hashed.rpartition("$")[0].rpartition("$")[0] for hashed in verified}
        assert (len(verified), len(costs)) == (5, 1), email
    assert set(map(tuple, told.values())) == {(422,) * 5 + (429,) * 2}


def test_even_the_first_unknown_account_costs_one_verification(verified: list[str]) -> None:
    assert not passwords.matches("anything", "")
    assert len(verified) == 1
    assert verified[0].startswith("$argon2id$")


def test_known_and_unknown_take_the_same_time(client: Browser, observer: Account) -> None:
    """Medians of 7 each, taken in turns; a hash that is left out would halve one of them."""
    taken: dict[str, list[float]] = {observer.email: [], "nobody@example.org": []}
    for number in range(7):
        for email, times in taken.items():
            begun = time.process_time()
            attempt(client, email, address=f"203.0.113.{number}")
            times.append(time.process_time() - begun)
    known, unknown = (median(times) for times in taken.values())
    assert 0.6 < known / unknown < 1.67


@pytest.mark.usefixtures("cheap")
def test_waiting_grows_and_ends(
    app: Tracker, client: Browser, observer: Account, now: datetime
) -> None:
    clock = now
    app.config["NOW"] = lambda: clock
    waits = []
    for _ in range(9):
        while attempt(client, observer.email) == 429:
            clock += timedelta(seconds=1)
        waits.append(clock)
    gaps = [(b - a).total_seconds() for a, b in pairwise(waits)]
    assert gaps == [0, 0, 0, 0, 1, 2, 4, 8]


def test_the_right_password_is_not_looked_at_while_one_has_to_wait(
    client: Browser, observer: Account, verified: list[str]
) -> None:
    for _ in range(5):
        attempt(client, observer.email)
    verified.clear()
    assert attempt(client, observer.email, PASSWORD) == 429
    assert verified == []


@pytest.mark.usefixtures("cheap")
def test_one_address_that_tries_many_accounts_has_to_wait(client: Browser, cast: Cast) -> None:
    told = [attempt(client, f"a{number}@example.org") for number in range(21)]
    assert told == [422] * 20 + [429]
    assert attempt(client, cast.observer.email, PASSWORD, address="192.0.2.2") == 303


@pytest.mark.usefixtures("cheap")
def test_neighbours_of_ipv6_count_as_one(client: Browser, observer: Account) -> None:
    for number in range(5):
        attempt(client, observer.email, address=f"2001:db8::{number + 1:x}")
    assert attempt(client, observer.email, address="2001:db8::ffff") == 429


@pytest.mark.usefixtures("cheap")
def test_many_addresses_that_try_one_account_have_to_wait(
    client: Browser, observer: Account
) -> None:
    told = [attempt(client, observer.email, address=a) for a in islice(addresses(), 31)]
    assert told == [422] * 30 + [429]


@pytest.mark.usefixtures("cheap")
def test_strangers_never_keep_the_owner_waiting_where_the_owner_was_before(
    client: Browser, observer: Account
) -> None:
    assert attempt(client, observer.email, PASSWORD) == 303
    stranger = client.application.test_client()
    assert isinstance(stranger, Browser)
    stranger.session = client.session
    told = [attempt(stranger, observer.email, address=a) for a in islice(addresses(), 40)]
    assert told[-1] == 429
    told = [attempt(stranger, observer.email) for _ in range(8)]
    assert told[-1] == 429
    client.sign_in(None)
    assert attempt(client, observer.email, PASSWORD) == 303


@pytest.mark.usefixtures("cheap")
def test_a_browser_known_to_one_account_is_a_stranger_to_another(
    client: Browser, cast: Cast
) -> None:
    assert attempt(client, cast.observer.email, PASSWORD) == 303
    client.sign_in(None)
    told = [attempt(client, cast.liaison.email) for _ in range(6)]
    assert told == [422] * 5 + [429]


@pytest.mark.usefixtures("cheap")
def test_a_known_browser_cannot_guess_without_end_either(
    client: Browser, observer: Account
) -> None:
    assert attempt(client, observer.email, PASSWORD) == 303
    client.sign_in(None)
    assert [attempt(client, observer.email) for _ in range(11)] == [422] * 10 + [429]


@pytest.mark.usefixtures("cheap")
def test_success_takes_back_what_was_counted(
    client: Browser, session: Session, observer: Account
) -> None:
    for _ in range(4):
        attempt(client, observer.email)
    client.delete_cookie("browser")
    assert attempt(client, observer.email, PASSWORD) == 303
    client.sign_in(None)
    client.delete_cookie("browser")
    assert [attempt(client, observer.email) for _ in range(6)] == [422] * 5 + [429]


@pytest.mark.usefixtures("cheap")
def test_signing_in_with_an_account_of_ones_own_does_not_free_the_address(
    client: Browser, cast: Cast
) -> None:
    for number in range(20):
        assert attempt(client, f"a{number}@example.org") == 422
        if number == 10:
            client.delete_cookie("browser")
            assert attempt(client, cast.liaison.email, PASSWORD) == 303
            client.sign_in(None)
    assert attempt(client, "one-more@example.org") == 429


@pytest.mark.usefixtures("cheap")
def test_what_was_typed_is_kept_nowhere(
    client: Browser, session: Session, observer: Account
) -> None:
    attempt(client, "my-secret-typed-into-the-wrong-field", "another secret thing")
    attempt(client, observer.email, "another secret thing")
    kept = [
        *(repr((e.subject_key, e.changes)) for e in session.scalars(select(AuditEntry))),
        *session.scalars(select(AttemptCount.place)),
    ]
    assert "secret" not in repr(kept)
    failed = session.scalars(
        select(AuditEntry).where(AuditEntry.verb == "account.sign_in_failed").order_by("id")
    ).all()
    assert [entry.subject_key for entry in failed] == ["", observer.email]
    assert {entry.address for entry in failed} == {"192.0.2.1"}


@pytest.mark.usefixtures("cheap")
def test_old_counts_are_forgotten(
    app: Tracker, client: Browser, session: Session, observer: Account, now: datetime
) -> None:
    for _ in range(5):
        attempt(client, observer.email)
    app.config["NOW"] = lambda: now + timedelta(hours=24, seconds=1)
    attempt(client, "another@example.org")
    assert len(session.scalars(select(AttemptCount)).all()) == 3


def test_a_hundred_at_once_are_a_hundred(
    app: Tracker, client: Browser, session: Session, observer: Account, verified: list[str]
) -> None:
    email = observer.email
    session.commit()
    token = client.csrf_token()
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None

    def one(_number: int) -> int:
        with app.test_client() as own:
            own.session = session  # type: ignore[attr-defined]
            own.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)
            fields = {"email": email, "password": "wrong", "csrf_token": token}
            return super(Browser, own).open("/sign-in", method="POST", data=fields).status_code

    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(one, range(24)))
    assert told == [422] * 5 + [429] * 19
    assert len(verified) == 5
