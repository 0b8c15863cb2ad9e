"""What a deployment behind TLS and a proxy holds to, and what nobody from outside can turn."""

from dataclasses import replace

import pytest
from browser import Browser
from cast import Cast
from make import PASSWORD
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.table_text import cell
from app.web.database import Tracker
from config import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Behind TLS and one proxy."""
    return replace(
        settings,
        served_over_tls=True,
        proxies=1,
        trusted_hosts=("tracker.example",),
        public_url="https://tracker.example",
    )


@pytest.fixture
def client(app: Tracker, session: Session) -> Browser:
    client = app.test_client()
    assert isinstance(client, Browser)
    client.session = session
    client.environ_base |= {
        "HTTP_HOST": "tracker.example",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "192.0.2.7",
        "HTTP_REFERER": "https://tracker.example/",
    }
    return client


def test_every_cookie_is_bound_to_this_host_and_to_tls(client: Browser, cast: Cast) -> None:
    base = "https://tracker.example"
    page = client.get("/sign-in", base_url=base)
    token = page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    fields = {"email": cast.observer.email, "password": PASSWORD, "csrf_token": token}
    signed_in = client.post("/sign-in", data=fields, base_url=base)
    assert signed_in.status_code == 303
    account = client.get("/account", base_url=base)
    token = account.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    themed = client.post("/theme", data={"theme": "dark", "csrf_token": token}, base_url=base)
    cookies = [
        cookie
        for answer in (page, signed_in, themed)
        for cookie in answer.headers.getlist("Set-Cookie")
    ]
    assert {cookie.partition("=")[0] for cookie in cookies} == {
        "__Host-session",
        "__Host-browser",
        "__Host-theme",
    }
    for cookie in cookies:
        assert "Secure" in cookie, cookie
        assert "HttpOnly" in cookie, cookie
        assert "SameSite=" in cookie, cookie
        assert "Path=/" in cookie, cookie
        assert "Domain" not in cookie, cookie
    assert 'data-bs-theme="dark"' in client.get("/account", base_url=base).text


def test_browsers_are_told_to_insist_on_tls(client: Browser) -> None:
    told = client.get("/sign-in", base_url="https://tracker.example")
    assert "max-age=31536000" in told.headers["Strict-Transport-Security"]


def test_a_form_from_another_site_is_refused(client: Browser, cast: Cast) -> None:
    base = "https://tracker.example"
    page = client.get("/sign-in", base_url=base)
    token = page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    fields = {"email": cast.observer.email, "password": PASSWORD, "csrf_token": token}
    elsewhere = {"Referer": "https://evil.example/"}
    answer = client.post("/sign-in", data=fields, base_url=base, headers=elsewhere)
    assert answer.status_code == 400


def test_the_address_in_the_trail_is_what_the_trusted_proxy_says(
    client: Browser, session: Session, cast: Cast
) -> None:
    base = "https://tracker.example"
    page = client.get("/sign-in", base_url=base)
    token = page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    fields = {"email": cast.observer.email, "password": "wrong wrong wrong", "csrf_token": token}
    forged = {"X-Forwarded-For": "203.0.113.1, 192.0.2.7"}
    client.post("/sign-in", data=fields, base_url=base, headers=forged)
    assert session.scalars(select(AuditEntry.address)).all() == ["192.0.2.7"]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "DELETE", "PUT", "PATCH"])
def test_other_methods_do_nothing(client: Browser, cast: Cast, method: str) -> None:
    answer = client.open("/account", method=method, base_url="https://tracker.example")
    assert answer.status_code in {400, 401, 405}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＠x"])
def test_no_cell_of_a_table_file_becomes_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell("a=1") == "a=1"
