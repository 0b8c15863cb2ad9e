"""The clock of the machine is set back an hour: nobody is signed out, nothing typed is lost.

What else depends on it stands with its feature: the order of updates in test_storage.py, waiting
after failures in tests/rules/test_throttling.py, mails in tests/features/reminders, keys of
programs in tests/features/api.
"""

from collections.abc import Iterator
from datetime import timedelta

import make
import pytest
import time_machine
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.deliverables.models import StatusUpdate
from app.web.database import Tracker

HOUR = timedelta(hours=1)


@pytest.fixture
def back(app: Tracker) -> Iterator[time_machine.Traveller]:
    """Both clocks: the one that the site asks, and the one that signatures ask."""
    with time_machine.travel(make.NOW, tick=False) as traveller:
        yield traveller


def set_back(app: Tracker, traveller: time_machine.Traveller) -> None:
    traveller.move_to(make.NOW - HOUR)
    app.config["NOW"] = lambda: make.NOW - HOUR


def test_whoever_is_signed_in_stays_so_and_the_form_that_was_open_is_taken(
    app: Tracker, client: Browser, cast: Cast, session: Session, back: time_machine.Traveller
) -> None:
    made = make.deliverable(session, by=cast.coordinator)
    client.sign_in(cast.coordinator)
    form = f"/deliverables/{made.key}/updates"
    token = client.page(form).find("input", {"name": "csrf_token"})
    assert token is not None
    set_back(app, back)
    assert client.get("/account").status_code == 200
    fields = {"seen": "0", "status": "in_progress", "effective_on": "2026-11-24", "note": "On"}
    answer = client.post(form, data={"csrf_token": token["value"], **fields})
    assert answer.status_code == 303, answer.text[-500:]
    session.rollback()
    assert session.scalars(select(StatusUpdate.note)).all() == ["On"]


def test_a_session_ends_when_its_time_has_passed_by_the_new_clock(
    app: Tracker, client: Browser, cast: Cast, back: time_machine.Traveller
) -> None:
    client.sign_in(cast.coordinator)
    set_back(app, back)
    assert client.get("/account").status_code == 200
    app.config["NOW"] = lambda: make.NOW + app.config["SESSION_IDLE"]
    assert client.get("/account").status_code in {302, 401}


def test_whoever_failed_to_sign_in_is_let_try_again(
    app: Tracker, client: Browser, cast: Cast, back: time_machine.Traveller
) -> None:
    for _ in range(8):
        client.submit("/sign-in", email=cast.coordinator.email, password="wrong")
    set_back(app, back)
    answer = client.submit("/sign-in", email=cast.coordinator.email, password=make.PASSWORD)
    assert answer.status_code in {302, 303}, answer.text[-500:]
