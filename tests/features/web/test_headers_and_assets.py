"""Headers of every answer, and static files under addresses that hold their hash."""

import gzip
import re

import pytest
from browser import Browser
from cast import Cast
from flask import Response, g, make_response

from app.core.permissions import Permission
from app.web.access import access
from app.web.assets import VENDOR_FILES, vendor_asset
from app.web.database import Tracker
from app.web.headers import ALWAYS

pytestmark = pytest.mark.own_app


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/account", "/static/no/file"])
def test_every_answer_carries_the_headers(client: Browser, cast: Cast, path: str) -> None:
    for answer in (client.get(path), client.sign_in(cast.observer).get(path)):
        assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_what_needs_an_account_is_not_kept(client: Browser, cast: Cast) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"
    client.sign_in(cast.observer)
    assert client.get("/account").headers["Cache-Control"] == "no-store"


def test_a_view_that_sets_an_etag_is_asked_again_and_answers_briefly(
    app: Tracker, client: Browser, cast: Cast
) -> None:
    @access(Permission.NETWORK_READ)
    def view() -> Response:
        response = make_response("long text")
        response.set_etag("v1")
        return response

    app.add_url_rule("/tagged", "tagged", view)
    client.sign_in(cast.observer)
    first = client.get("/tagged")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in first.headers["Vary"]
    again = client.get("/tagged", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Browser, cast: Cast) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_every_file_that_the_page_names_is_there_for_ever(client: Browser, cast: Cast) -> None:
    page = client.page("/sign-in")
    addresses = [tag["href"] for tag in page.select("link[href]")]
    addresses += [tag["src"] for tag in page.select("script[src]")]
    assert len(addresses) >= 4
    for address in addresses:
        assert re.fullmatch(r"/static/[0-9a-f]{16}/[\w./-]+", str(address))
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["ETag"]


def test_a_file_comes_packed_to_whoever_takes_it(app: Tracker, client: Browser) -> None:
    with app.test_request_context():
        address = vendor_asset("bootstrap.min.css")
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["ETag"] != plain.headers["ETag"]
    again = client.get(
        address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/static/0000000000000000/favicon.svg",
        "/static/x/../../config.py",
        "/static/x/%2e%2e/%2e%2e/config.py",
        "/static/x/vendor/bootstrap5/css/bootstrap.css",
    ],
)
def test_nothing_else_is_served(client: Browser, path: str) -> None:
    assert client.get(path, follow_redirects=False).status_code in {302, 404}


def test_only_few_files_of_the_package_are_served(app: Tracker) -> None:
    served = {n for n in app.extensions["assets"].paths if n.startswith("vendor/")}
    assert served == {f"vendor/{name}" for name in VENDOR_FILES}


def test_the_sign_of_life_needs_neither_account_nor_database(app: Tracker) -> None:
    with app.test_request_context("/healthz"):
        assert app.full_dispatch_request().data == b"ok\n"
        assert "session" not in g
