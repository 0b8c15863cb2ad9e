"""What was typed is kept when the session had ended, for whoever typed it, and nobody else."""

import make
import pytest
from browser import Browser, shown_in
from bs4 import BeautifulSoup
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.deliverables.models import Deliverable, StatusUpdate
from app.people.models import SignedInSession

URL = "/deliverables/tools/updates"


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    made = make.deliverable(session, by=cast.coordinator, key="tools", title="Tools")
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    return made


NOTE = {"status": "in_progress", "note": "Words that took an hour"}


def send_too_late(client: Browser, cast: Cast) -> TestResponse:
    """The session ends while the form is open; its cookie is still there."""
    client.sign_in(cast.liaison)
    shown = shown_in(client.page(URL), URL)
    token = client.csrf_token()
    for row in client.session.scalars(select(SignedInSession)):
        row.ended_at = make.NOW
    return client.post(URL, data={"csrf_token": token, **shown, **NOTE})


def packed(answer: TestResponse) -> str:
    field = BeautifulSoup(answer.text, "html.parser").find("input", {"name": "kept"})
    assert field is not None
    return str(field["value"])


def updates(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(StatusUpdate.note)))


def test_what_was_typed_comes_back_and_is_sent_again_after_signing_in(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    late = send_too_late(client, cast)
    assert late.status_code == 401
    assert "Words that took an hour" in late.text
    assert updates(session) == []
    client.sign_in(cast.liaison)
    again = client.post("/kept", data={"kept": packed(late)})
    assert again.status_code == 200
    assert updates(session) == []
    form = BeautifulSoup(again.text, "html.parser").find("form", action=URL)
    assert form is not None
    fields = {str(f["name"]): str(f["value"]) for f in form.find_all("input")}
    assert client.post(URL, data=fields).status_code == 303
    assert updates(session) == ["Words that took an hour"]


def test_it_comes_back_to_nobody_but_the_account_that_typed_it(
    client: Browser, cast: Cast, tools: Deliverable
) -> None:
    late = send_too_late(client, cast)
    client.sign_in(cast.other_liaison)
    answer = client.post("/kept", data={"kept": packed(late)})
    assert answer.status_code == 400
    assert "Words that took an hour" not in answer.text


def test_it_comes_back_in_no_other_browser(client: Browser, cast: Cast, tools: Deliverable) -> None:
    late = send_too_late(client, cast)
    client.delete_cookie("kept")
    client.sign_in(cast.liaison)
    assert client.post("/kept", data={"kept": packed(late)}).status_code == 400


def test_a_form_from_elsewhere_brings_nothing_onto_our_page(
    client: Browser, cast: Cast, tools: Deliverable
) -> None:
    answer = client.post(URL, data={"csrf_token": "forged", **NOTE})
    assert answer.status_code == 401
    assert "Words that took an hour" not in answer.text
    assert "kept" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("kept", ["", "x", "e30.x.y"])
def test_what_is_made_up_is_not_taken(client: Browser, cast: Cast, kept: str) -> None:
    client.sign_in(cast.liaison)
    assert client.post("/kept", data={"kept": kept}).status_code == 400


def test_whoever_goes_on_before_signing_in_keeps_the_text(
    client: Browser, cast: Cast, tools: Deliverable
) -> None:
    late = send_too_late(client, cast)
    again = client.post("/kept", data={"kept": packed(late)})
    assert again.status_code == 401
    assert "Words that took an hour" in again.text
    assert packed(again)


def test_the_way_to_sign_in_leads_back_to_the_form(
    client: Browser, cast: Cast, tools: Deliverable
) -> None:
    late = BeautifulSoup(send_too_late(client, cast).text, "html.parser")
    assert late.find("a", href="/sign-in?next=/deliverables/tools/updates") is not None


def test_the_table_is_kept_too(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison)
    shown = shown_in(client.page("/desk/updates"), "/desk/updates")
    token = client.csrf_token()
    for row in session.scalars(select(SignedInSession)):
        row.ended_at = make.NOW
    row_typed = {"tools-status": "in_progress", "tools-note": "Of the table"}
    late = client.post("/desk/updates", data={"csrf_token": token, **shown, **row_typed})
    client.sign_in(cast.liaison)
    again = client.post("/kept", data={"kept": packed(late)})
    form = BeautifulSoup(again.text, "html.parser").find("form", action="/desk/updates")
    assert form is not None
    fields = {str(f["name"]): str(f["value"]) for f in form.find_all("input")}
    assert client.post("/desk/updates", data=fields).status_code == 303
    assert updates(session) == ["Of the table"]
