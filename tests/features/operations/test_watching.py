"""Logs, figures and the sign of readiness: enough to run the site, nothing that is not theirs."""

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import text

from app import create_app
from app.core import migrating
from app.core.permissions import Permission
from app.extensions import db
from app.web import logs
from app.web.access import access
from app.web.database import Tracker
from config import Settings

pytestmark = pytest.mark.own_app

SECRET = "tok3n-that-nobody-may-read"


class Lines:
    """What the server's log would hold."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    read = Lines()
    handler = logging.StreamHandler(read.stream)
    handler.setFormatter(logs.formatter())
    logging.getLogger().addHandler(handler)
    requests = logging.getLogger("tracker.requests")
    requests.setLevel(logging.INFO)
    yield read
    requests.setLevel(logging.NOTSET)
    logging.getLogger().removeHandler(handler)


def test_each_request_leaves_a_line_that_names_the_route_and_no_address(
    client: Browser, cast: Cast, lines: Lines
) -> None:
    made = make.deliverable(client.session, by=cast.coordinator)
    client.sign_in(cast.observer)
    answer = client.get(f"/deliverables/{made.key}?q={SECRET}")
    (line,) = (line for line in lines.read() if line["event"] == "request")
    assert line["route"] == "/deliverables/<key>"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["account"] == cast.observer.id
    assert line["ms"] >= 0
    assert line["queries"] > 1
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert SECRET not in lines.stream.getvalue()
    assert made.key not in lines.stream.getvalue()


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("0123456789abcdef", True),
        ("1-2.3_4abc", True),
        ("short", False),
        ("with blank and more", False),
        ('","level":"x', False),
        ("x" * 65, False),
    ],
)
def test_a_number_is_taken_only_where_it_is_one(
    client: Browser, given: str, is_taken: bool
) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is is_taken
    assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", answer.headers["X-Request-ID"])


def test_an_error_of_ours_is_told_without_what_was_sent(
    app: Tracker, client: Browser, cast: Cast, lines: Lines
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(token: str) -> str:
        db.session.execute(text("SELECT 1 WHERE :note = 'x'"), {"note": "what somebody wrote"})
        raise ValueError(f"cannot use {token!r}")

    view = access(Permission.NETWORK_READ)(fail)
    app.add_url_rule("/try/<token>", "try", view, methods=["GET"])
    answer = client.sign_in(cast.observer).get(f"/try/{SECRET}")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    told = [line for line in lines.read() if line.get("error") == "ValueError"]
    assert told
    assert told[0]["says"] == "cannot use '…'"
    assert any("test_watching" in frame for frame in told[0]["at"])
    assert SECRET not in lines.stream.getvalue()


def test_an_error_of_the_database_is_told_without_its_values(
    app: Tracker, client: Browser, cast: Cast, lines: Lines
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail() -> str:
        statement = text("SELECT nonsense FROM nowhere WHERE x = :note")
        db.session.execute(statement, {"note": SECRET})
        return ""

    app.add_url_rule("/try", "try", access(Permission.NETWORK_READ)(fail))
    assert client.sign_in(cast.observer).get("/try").status_code == 500
    written = lines.stream.getvalue()
    assert "nowhere" in written
    assert SECRET not in written


def test_the_site_is_ready_only_while_its_database_is(
    app: Tracker, client: Browser, settings: Settings
) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"database": "ok", "migrations": "ok", "outbox": "ok"},
    )
    client.session.close()
    migrating.downgrade(db.engine, "-1")
    try:
        behind = client.get("/readyz")
    finally:
        migrating.upgrade(db.engine)
    assert behind.status_code == 503
    assert behind.json["migrations"] == "not current"
    assert behind.headers["Retry-After"]


def test_without_a_database_it_is_alive_but_not_ready(settings: Settings) -> None:
    nowhere = replace(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/x")
    stranger = create_app(nowhere).test_client()
    assert stranger.get("/healthz").status_code == 200
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"database": "unreachable"})
    figures = stranger.get("/metrics")
    assert "tracker_database_up 0.0" in figures.text
    db.engine.dispose()


def test_the_figures_count_and_name_nobody(client: Browser, cast: Cast) -> None:
    made = make.deliverable(client.session, by=cast.coordinator)
    client.sign_in(cast.observer).get(f"/deliverables/{made.key}")
    figures = client.get("/metrics").text
    assert (
        'tracker_requests_total{method="GET",route="/deliverables/<key>",status="200"}' in figures
    )
    assert 'tracker_request_seconds_bucket{le="0.5",route="/deliverables/<key>"}' in figures
    assert 'tracker_database_statements_total{route="/deliverables/<key>"}' in figures
    assert re.search(r'tracker_attention\{flag="no_lead"\} [1-9]', figures)
    assert "tracker_outbox_depth 0.0" in figures
    assert made.key not in figures
    assert made.title not in figures


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        # A proxy on this machine that nobody declared: its visitors are not this machine.
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ("127.0.0.1", {"X-Real-IP": "192.0.2.7"}, 404),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 404),
        ("192.0.2.7", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("192.0.2.7", {"Authorization": f"Bearer {SECRET}"}, 200),
        ("192.0.2.7", {"Authorization": f"Basic {SECRET}"}, 404),
        ("192.0.2.7", {"Authorization": "Bearer other"}, 404),
        ("192.0.2.7", {"Authorization": "Bearer "}, 404),
    ],
)
def test_only_who_runs_the_site_reads_its_figures(
    app: Tracker, client: Browser, address: str, headers: dict[str, str], status: int
) -> None:
    app.config["METRICS_TOKEN"] = SECRET
    from_there = {"REMOTE_ADDR": address}
    answer = client.get("/metrics", headers=headers, environ_overrides=from_there)
    assert answer.status_code == status


def test_without_a_token_none_is_taken(app: Tracker, client: Browser) -> None:
    answer = client.get(
        "/metrics",
        headers={"Authorization": "Bearer "},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert answer.status_code == 404


def test_behind_a_declared_proxy_the_visitor_counts(settings: Settings) -> None:
    visitor = create_app(replace(settings, proxies=1)).test_client()
    assert visitor.get("/metrics").status_code == 200
    assert visitor.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    db.engine.dispose()
