"""Webhooks, called at a real server."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from post_office import Remind
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.actions.marks import mark_deliverable
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import Deliverable
from app.notices.actions import hooks
from app.notices.calling import NotCalled, call, is_outside, signed_call
from app.notices.models import Parcel, State, Webhook
from app.notices.rules import Happening
from app.people import actions as people
from app.sharing.rules import Sharing
from app.web.database import Tracker
from config import Settings

NOW, TODAY = make.NOW, make.NOW.date()
SECRET = "kept by both sides"


class Elsewhere:
    """Keeps what it was sent, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status, self.port = 200, 0
        self.headers: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=us"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    place = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            place.got.append((dict(self.headers), body))
            self.send_response(place.status)
            for name, value in place.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    place.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, webhooks_to=("127.0.0.0/8",))


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    return make.deliverable(session, by=cast.coordinator, key="tools", title="Tools")


@pytest.fixture
def hook(session: Session, cast: Cast, elsewhere: Elsewhere) -> Webhook:
    by = cast.coordinator.actor
    return hooks.subscribe(session, by, elsewhere.url, list(Happening), SECRET, NOW)


def move(session: Session, cast: Cast, of: Deliverable, days: int = 9) -> None:
    reschedule(
        session,
        cast.coordinator.actor,
        of,
        Due(own_due_on=TODAY + timedelta(days=days)),
        effective_on=TODAY,
        reason="Later",
        seen_version=of.version,
        now=NOW,
    )


def test_it_is_told_of_what_happened_and_can_check_who_says_so(
    remind: Remind,
    session: Session,
    cast: Cast,
    hook: Webhook,
    tools: Deliverable,
    elsewhere: Elsewhere,
) -> None:
    move(session, cast, tools)
    remind()
    headers, body = elsewhere.got[-1]
    told = json.loads(body)
    assert told["event"] == "date.moved"
    assert told["subject"] == {
        "kind": "deliverable",
        "key": "tools",
        "url": "https://tracker.example.org/deliverables/tools",
    }
    assert told["facts"] == {"title": "Tools", "marking": "TLP:GREEN"}
    signed = f"{headers['Webhook-Timestamp']}.".encode() + body
    proof = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Webhook-Signature"] == f"v1={proof}"
    assert session.get_one(Webhook, hook.id).last_result == "200"


def test_the_check_that_the_documentation_gives_holds() -> None:
    text = (Path(__file__).parents[3] / "docs" / "mail.md").read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    given: dict[str, Any] = {}
    exec(code, given)  # noqa: S102 - our own documentation
    made, at = signed_call("https://example.org", SECRET, "1", b"{}", NOW), NOW.timestamp()
    assert given["is_ours"](SECRET, made.headers, b"{}", at)
    assert not given["is_ours"](SECRET, made.headers, b"{ }", at)
    assert not given["is_ours"]("another", made.headers, b"{}", at)
    assert not given["is_ours"](SECRET, made.headers, b"{}", at + 301)


def test_it_is_told_once(
    remind: Remind,
    session: Session,
    cast: Cast,
    hook: Webhook,
    tools: Deliverable,
    elsewhere: Elsewhere,
) -> None:
    move(session, cast, tools)
    remind()
    remind()
    assert len(elsewhere.got) == 1


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_is_not_taken_is_tried_again_with_the_same_number(
    remind: Remind,
    session: Session,
    cast: Cast,
    hook: Webhook,
    tools: Deliverable,
    elsewhere: Elsewhere,
    status: int,
) -> None:
    elsewhere.status = status
    elsewhere.headers = {"Location": f"http://127.0.0.1:{elsewhere.port}/elsewhere"}
    move(session, cast, tools)
    remind()
    assert len(elsewhere.got) == 1  # nothing is followed
    assert session.get_one(Webhook, hook.id).last_result == f"answered {status}"
    elsewhere.status = 204
    remind(NOW + timedelta(minutes=2))
    numbers = {headers["Webhook-Id"] for headers, _ in elsewhere.got}
    assert (len(elsewhere.got), len(numbers)) == (2, 1)


@pytest.mark.parametrize("marking", [Marking.AMBER_STRICT, Marking.RED])
def test_it_is_not_told_of_what_its_account_may_not_know_this_way(
    remind: Remind,
    session: Session,
    cast: Cast,
    hook: Webhook,
    tools: Deliverable,
    elsewhere: Elsewhere,
    marking: Marking,
) -> None:
    """Looked at when it is sent: it became narrower after it happened."""
    move(session, cast, tools)
    by, version = cast.coordinator.actor, tools.version
    mark_deliverable(session, by, tools, Sharing(marking), version, NOW)
    remind()
    # AMBER+STRICT goes by the API to those who see it; RED goes nowhere.
    assert len(elsewhere.got) == (1 if marking is Marking.AMBER_STRICT else 0)


def test_a_closed_account_and_an_ended_webhook_get_nothing(
    remind: Remind,
    session: Session,
    cast: Cast,
    hook: Webhook,
    tools: Deliverable,
    elsewhere: Elsewhere,
) -> None:
    move(session, cast, tools)
    session.flush()
    people.deactivate(session, cast.administrator.actor, cast.coordinator, NOW)
    remind()
    assert elsewhere.got == []
    assert session.scalars(select(Parcel.state)).all() == [State.DROPPED]


def test_an_address_inside_is_never_called(
    app: Tracker,
    remind: Remind,
    session: Session,
    cast: Cast,
    hook: Webhook,
    tools: Deliverable,
    elsewhere: Elsewhere,
) -> None:
    app.config["WEBHOOKS_TO"] = ()
    move(session, cast, tools)
    said = remind()
    assert elsewhere.got == []
    assert "is inside" in said["errors"][0]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - it is refused
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
    ],
)
def test_what_is_inside(address: str) -> None:
    assert not is_outside(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_what_is_outside(address: str) -> None:
    assert is_outside(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org",
        "http://",
        "https://user@example.org",
        "https://example.org/#x",
        "https://exa mple.org",
        "https://example.org:0/",
        "file:///etc/passwd",
        "https://example.org/\r\nX: y",
        "http://127.1/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
    ],
)
def test_tricks_with_addresses_lead_nowhere(url: str) -> None:
    with pytest.raises(NotCalled):
        call(signed_call(url, SECRET, "1", b"{}", NOW), ())


def test_a_coordinator_makes_one_and_sees_the_secret_once(
    client: Browser, session: Session, cast: Cast, elsewhere: Elsewhere
) -> None:
    client.sign_in(cast.coordinator)
    page = client.submit("/outbox/webhooks", address=elsewhere.url, happenings=["update.logged"])
    assert page.status_code == 201
    made = session.scalars(select(Webhook)).one()
    assert made.secret in page.text
    assert made.secret not in client.page("/outbox").text
    assert (
        client.submit("/outbox/webhooks", address="nonsense", happenings=["x"]).status_code == 422
    )
    assert client.submit(f"/outbox/webhooks/{made.id}/end").status_code == 303
    assert elsewhere.url not in client.page("/outbox").text


def test_the_network_says_when_reminders_go_out(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    fields = {"days_before": "20, 3", "late_every": "2", "late_most": "1"}
    assert client.submit("/outbox/reminders", **fields).status_code == 303
    assert "20, 3" in str(client.page("/outbox").find(id="days_before"))
    answer = client.submit("/outbox/reminders", **{**fields, "days_before": "soon"})
    assert answer.status_code == 422
    client.sign_in(cast.administrator)
    assert client.submit("/outbox/reminders", **fields).status_code == 403
