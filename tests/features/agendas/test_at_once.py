"""Two coordinators who order the same agenda at the very same time."""

from itertools import pairwise
from threading import Barrier, Thread

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import AgendaItem
from app.core.db import writing
from app.core.permissions import Role
from app.extensions import db
from app.people.models import Account
from app.web.database import Tracker

ROUNDS = 6


@pytest.fixture
def titles(proposed: Browser, session: Session) -> dict[str, int]:
    """The ids of ten items of one draft, by their titles."""
    form = {"kind": "discussion", "minutes": "5", "marking": "GREEN", "seen": "0"}
    for number in range(10):
        proposed.submit("/agendas/m/items", title=f"Item {number}", **form)
    session.expire_all()
    rows = session.execute(select(AgendaItem.title, AgendaItem.id))
    return {title: id_ for title, id_ in rows if title.startswith("Item ")}


def mover(app: Tracker, account: Account, moves: list[tuple[int, str]], start: Barrier) -> Thread:
    """Sends the moves one after the other, in a browser and a session of its own."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.session = Session(writing(db.engine))
    browser.sign_in(account)

    def go() -> None:
        start.wait()
        for item, to in moves:
            answer = browser.submit(f"/agendas/m/items/{item}/move", to=to, seen="1")
            assert answer.status_code == 303, answer.text
        browser.session.close()

    return Thread(target=go)


def test_neither_loses_what_they_did(
    app: Tracker, session: Session, cast: Cast, titles: dict[str, int]
) -> None:
    """One collects the even items behind the first of them, the other the odd ones."""
    colin = make.account(session, Role.COORDINATOR, name="Colin")
    session.refresh(cast.coordinator)
    session.expunge_all()  # what is looked at below must not begin a transaction here
    session.commit()
    start = Barrier(2)
    threads = []
    for account, first in ((cast.coordinator, 0), (colin, 1)):
        chain = [titles[f"Item {number}"] for number in range(first, 10, 2)]
        moves = [(item, f"after:{before}") for before, item in pairwise(chain)]
        threads.append(mover(app, account, moves * ROUNDS, start))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    order = list(session.scalars(select(AgendaItem.id).order_by(AgendaItem.position)))
    positions = session.scalars(select(AgendaItem.position)).all()
    assert len(set(positions)) == len(positions)
    for first in (0, 1):
        chain = [titles[f"Item {number}"] for number in range(first, 10, 2)]
        assert [id_ for id_ in order if id_ in chain] == chain
