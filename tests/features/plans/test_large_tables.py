"""Large tables: the work is done beside the request, and the page says how far it is."""

import os
from datetime import timedelta
from io import BytesIO

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.audit.models import AuditEntry
from app.deliverables.models import StatusUpdate
from app.plans.models import SheetImport
from app.plans.working import Doing, State, Workbench
from app.web.database import Tracker

ROWS = 600
HEAD = "date,deliverable,status,note\n"


def table(rows: int) -> bytes:
    first = make.NOW.date() - timedelta(days=rows)
    days = ((first + timedelta(days=n)).isoformat() for n in range(rows))
    return (HEAD + "".join(f"{day},tools,in_progress,{'x' * 120}\n" for day in days)).encode()


@pytest.fixture
def carla(client: Browser, session: Session, cast: Cast) -> Browser:
    exists_from = make.NOW.date() - timedelta(days=ROWS + 1)
    make.deliverable(session, by=cast.coordinator, key="tools", exists_from=exists_from)
    session.commit()
    client.sign_in(cast.coordinator)
    return client


def upload(client: Browser, content: bytes) -> str:
    answer = client.submit("/import", kind="updates", file=(BytesIO(content), "table.csv"))
    assert answer.status_code == 303
    return str(answer.location)


def done(app: Tracker) -> None:
    thread = app.extensions["tables"].last
    assert thread is not None
    thread.join()


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(StatusUpdate)) or 0


def test_a_large_table_is_looked_through_brought_in_and_undone_beside_the_request(
    app: Tracker, carla: Browser, session: Session
) -> None:
    preview = upload(carla, table(ROWS))
    done(app)
    assert "Do this" in carla.get(preview).text
    for _ in range(2):  # a double click does it once
        assert carla.submit(f"{preview}/confirm").status_code == 303
    done(app)
    assert "Undo all of it" in carla.get(preview).text
    assert count(session) == ROWS
    carla.submit(f"{preview}/undo")
    done(app)
    assert "nothing was removed" in carla.get(preview).text
    assert count(session) == 2 * ROWS
    assert list(audit.faults(session)) == []
    addresses = {entry.address for entry in session.scalars(select(AuditEntry))}
    assert "127.0.0.1" in addresses


def test_while_it_goes_on_the_page_says_how_far_it_is_and_nothing_is_begun_twice(
    app: Tracker, carla: Browser, session: Session
) -> None:
    preview = upload(carla, table(ROWS))
    done(app)
    number = int(preview.rpartition("/")[2])
    bench: Workbench = app.extensions["tables"]
    bench._note(number, State(Doing.CONFIRMING, 150, 600))
    page = carla.page(preview)
    bar = page.find("progress")
    assert bar is not None
    assert bar["value"] == "25"
    assert "25 % done" in page.get_text()
    before = bench.last
    carla.submit(f"{preview}/confirm")
    assert bench.last is before
    assert count(session) == 0
    old = make.NOW.timestamp() - 1000  # the server was ended meanwhile
    os.utime(bench._path(number), (old, old))
    assert "Do this" in carla.get(preview).text
    carla.submit(f"{preview}/confirm")
    done(app)
    assert count(session) == ROWS


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (table(ROWS).replace(b"note", b"colour"), "There is no column “colour”"),
        (HEAD.encode() + b"2025-01-01,tools,in_progress,x\n" * 10_001, "more than 10000 rows"),
    ],
)
def test_why_a_large_file_is_no_table_is_said_on_its_page(
    app: Tracker, carla: Browser, session: Session, content: bytes, why: str
) -> None:
    preview = upload(carla, content)
    done(app)
    page = carla.get(preview).text
    assert why in page
    assert "Choose another file" in page
    carla.submit(f"{preview}/confirm")
    assert "cut off" not in carla.get(preview).text
    assert count(session) == 0


def test_looking_that_was_cut_off_can_be_begun_again(
    app: Tracker, carla: Browser, session: Session
) -> None:
    preview = upload(carla, table(ROWS))
    done(app)
    session.scalars(select(SheetImport)).one().preview = []
    session.commit()
    assert "was cut off" in carla.get(preview).text
    assert carla.submit(f"{preview}/look").status_code == 303
    done(app)
    assert "Do this" in carla.get(preview).text
