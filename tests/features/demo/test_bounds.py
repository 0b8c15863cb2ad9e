"""A demonstration answers the machine on which it runs, and nobody else."""

import pytest
from browser import Browser
from cast import Cast
from werkzeug.middleware.proxy_fix import ProxyFix

from app.demo.bounds import host_of, is_loopback
from app.web.database import Tracker

pytestmark = pytest.mark.own_app


@pytest.fixture
def demo(app: Tracker, client: Browser, cast: Cast) -> Browser:
    app.config["DEMO"] = True
    return client


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/", "/no-such-page"])
@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("192.0.2.7", "localhost"),
        ("2001:db8::7", "localhost"),
        ("127.0.0.1", "tracker.example"),
        ("127.0.0.1", "127.0.0.1.evil.example"),
        ("127.0.0.1", "localhost.evil.example:5000"),
        ("", "localhost"),
    ],
)
def test_requests_from_elsewhere_are_refused(
    demo: Browser, path: str, address: str, host: str
) -> None:
    answer = demo.get(path, environ_overrides={"REMOTE_ADDR": address}, headers={"Host": host})
    assert answer.status_code == 403
    assert b"demonstration" in answer.data


@pytest.mark.parametrize("host", ["localhost:5000", "127.0.0.1:5000", "[::1]:5000"])
def test_requests_from_this_machine_are_answered(demo: Browser, host: str) -> None:
    assert demo.get("/sign-in", headers={"Host": host}).status_code == 200


def test_a_proxy_cannot_pass_a_stranger_off_as_this_machine(app: Tracker, demo: Browser) -> None:
    app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    for seen, claimed in (("192.0.2.7", "127.0.0.1"), ("127.0.0.1", "192.0.2.7")):
        answer = demo.get(
            "/sign-in",
            environ_overrides={"REMOTE_ADDR": seen},
            headers={"X-Forwarded-For": claimed},
        )
        assert answer.status_code == 403


def test_a_demonstration_says_so_and_lists_its_addresses_but_no_password(
    demo: Browser, cast: Cast
) -> None:
    cast.observer.email = "observer@demo.example"
    shown = demo.page("/sign-in").select_one("#demo")
    assert "observer@demo.example" in shown.text
    assert "carla@example.org" not in shown.text
    assert "made up" in shown.text


def test_elsewhere_the_sign_in_page_lists_nobody(client: Browser, cast: Cast) -> None:
    cast.observer.email = "observer@demo.example"
    page = client.page("/sign-in")
    assert "demo" not in page.select_one("main").text


@pytest.mark.parametrize(
    ("netloc", "loopback"),
    [
        ("127.0.0.1:80", True),
        ("127.8.9.1", True),
        ("[::1]:5000", True),
        ("LOCALHOST", True),
        ("0.0.0.0:80", False),
        ("[::]:80", False),
        ("192.168.0.1", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_everything_else(netloc: str, loopback: bool) -> None:
    assert is_loopback(host_of(netloc)) is loopback
