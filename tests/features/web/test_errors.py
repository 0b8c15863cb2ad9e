"""Error pages name the fault and the way out, and keep nothing of what was written."""

from collections.abc import Callable
from typing import NoReturn

import make
import pytest
from browser import Browser
from cast import Cast
from flask import abort
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.core.db import make_engine
from app.core.errors import Conflict, Forbidden, Missing, Refused
from app.core.permissions import Permission
from app.extensions import db
from app.people.models import Account
from app.web.access import access
from app.web.database import Tracker

pytestmark = pytest.mark.own_app


def page_that(app: Tracker, does: Callable[[], object], method: str = "GET") -> None:
    """Add a page to the application that does this."""
    view = access(Permission.NETWORK_READ)(lambda: does() or "done")
    app.add_url_rule("/try", "try", view, methods=[method])


def raising(error: Exception) -> Callable[[], NoReturn]:
    def does() -> NoReturn:
        raise error

    return does


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_each_fault_has_a_page_with_a_way_out(
    app: Tracker, client: Browser, cast: Cast, code: int
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    page_that(app, lambda: abort(code))
    page = client.sign_in(cast.observer).page("/try", code)
    assert page.select_one("main .code").text == str(code)
    assert len(page.select_one("main h1").text) > 5
    assert page.select("main .actions a[href]")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("Not like that: %(what)s.", what="this"), 422),
        (Forbidden("Not yours."), 403),
        (Missing("Not there."), 404),
        (Conflict("Too late."), 409),
        (StaleDataError("UPDATE ... matched 0"), 409),
    ],
)
def test_what_an_action_refuses_is_answered_with_its_status(
    app: Tracker, client: Browser, cast: Cast, error: Exception, code: int
) -> None:
    page_that(app, raising(error))
    page = client.sign_in(cast.observer).page("/try", code)
    if isinstance(error, Refused):
        assert (error.message % error.params) in page.text


def test_a_fault_of_ours_has_a_number_and_shows_nothing_of_the_inside(
    app: Tracker, client: Browser, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    page_that(app, raising(RuntimeError("the secret inside")))
    page = client.sign_in(cast.observer).page("/try", 500)
    assert "secret" not in page.text
    number = page.select_one("main code").text
    assert number in caplog.text


def test_a_clash_with_the_database_says_what_clashed_and_keeps_nothing(
    app: Tracker, client: Browser, session: Session, cast: Cast
) -> None:
    taken = cast.observer.email

    def double() -> None:
        make.member(db.session, "FR")
        make.account(db.session, email=taken)

    page_that(app, double, "POST")
    client.sign_in(cast.coordinator)
    answer = client.submit("/try")
    assert answer.status_code == 409
    assert "already an account with this e-mail address" in answer.text
    assert session.scalar(text("SELECT count(*) FROM members WHERE code = 'FR'")) == 0


def test_an_answer_that_is_an_error_keeps_nothing(
    app: Tracker, client: Browser, session: Session, cast: Cast
) -> None:
    def half() -> tuple[str, int]:
        make.account(db.session, email="half@example.org")
        return "no", 422

    page_that(app, half, "POST")
    assert client.sign_in(cast.coordinator).submit("/try").status_code == 422
    found = select(Account).where(Account.email == "half@example.org")
    assert session.scalars(found).all() == []


def test_a_page_cannot_write(app: Tracker, client: Browser, cast: Cast) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    page_that(app, lambda: make.member(db.session, "FR"))
    client.sign_in(cast.coordinator).page("/try", 500)


def test_a_database_that_does_not_answer_is_waited_for(
    app: Tracker, client: Browser, cast: Cast
) -> None:
    page_that(app, raising(OperationalError("x", {}, Exception("database is locked"))))
    answer = client.sign_in(cast.observer).get("/try")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_database_that_is_gone_is_answered_without_it(
    app: Tracker, client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(cast.observer)
    gone = "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=1"
    monkeypatch.setattr(db, "engine", make_engine(gone))
    assert client.get("/account").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_missing_page_keeps_the_frame_for_whoever_is_signed_in(
    client: Browser, cast: Cast
) -> None:
    page = client.sign_in(cast.observer).page("/no-such-page", 404)
    assert page.select("nav a")


def test_a_form_that_is_too_large_is_refused(client: Browser, cast: Cast) -> None:
    client.sign_in(cast.observer)
    answer = client.submit("/account/preferences", language="x" * (2 * 1024 * 1024))
    assert answer.status_code == 413


def test_a_host_that_is_not_ours_is_refused(app: Tracker, client: Browser, cast: Cast) -> None:
    app.config["TRUSTED_HOSTS"] = ["tracker.example"]
    for path in ("/sign-in", "/account", "/no-such-page"):
        answer = client.get(path, headers={"Host": "evil.example"})
        assert (answer.status_code, b"evil" in answer.data) == (400, False)
    assert client.get("/sign-in", headers={"Host": "tracker.example"}).status_code == 200
