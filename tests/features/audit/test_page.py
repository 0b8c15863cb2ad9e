"""Reading the trail, narrowing it, taking it away as a file; and what pages leave in it."""

import csv
import io
from datetime import datetime

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.audit.models import AuditEntry


def verbs(client: Browser, query: str) -> set[str]:
    rows = client.page(f"/audit?{query}").select("table tbody tr")
    return {row.select("td")[2].text.strip() for row in rows}


@pytest.fixture
def some(client: Browser, session: Session, cast: Cast, now: datetime) -> None:
    about = Subject("deliverable", "x")
    record(session, cast.coordinator.id, "deliverable.added", about, {"t": (None, "=1+1")}, now)
    record(session, None, "account.sign_in_failed", Subject("account", ""), {}, now, "192.0.2.9")
    client.sign_in(cast.administrator)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("verb=deliverable.added", {"deliverable.added"}),
        ("verb=account.", {"account.sign_in_failed", "account.signed_in"}),
        ("kind=deliverable", {"deliverable.added"}),
        ("subject=x", {"deliverable.added"}),
        ("account=carla@example.org", {"deliverable.added"}),
        ("account=nobody@example.org", set()),
        ("address=192.0.2.9", {"account.sign_in_failed"}),
        ("until_on=2020-01-01", set()),
        ("verb=%25", set()),
    ],
)
def test_the_trail_can_be_narrowed(
    client: Browser, some: None, query: str, found: set[str]
) -> None:
    assert verbs(client, query) == found
    lines = list(csv.DictReader(io.StringIO(client.get(f"/audit.csv?{query}").text)))
    assert {line["verb"] for line in lines} == found


def test_a_formula_in_the_trail_stays_text(client: Browser, some: None, session: Session) -> None:
    record(session, None, "x.y", Subject("page", "=HYPERLINK(1)"), {}, make.NOW)
    lines = list(csv.DictReader(io.StringIO(client.get("/audit.csv").text)))
    assert "'=HYPERLINK(1)" in {line["subject_key"] for line in lines}


def test_a_filter_that_is_none_gives_no_file(client: Browser, some: None) -> None:
    assert client.get("/audit.csv?from_on=yesterday").status_code == 400
    assert client.get("/audit?from_on=yesterday").status_code == 200


def test_coordinators_and_administrators_read_it_and_nobody_else(
    client: Browser, cast: Cast
) -> None:
    for account in cast.accounts:
        may = account in (cast.coordinator, cast.administrator)
        client.sign_in(account)
        for path in ("/audit", "/audit.csv"):
            assert client.get(path).status_code == (200 if may else 403), account.role


def test_a_page_that_was_refused_leaves_a_line(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.observer)
    client.get("/audit?subject=x")
    client.submit(f"/accounts/{cast.liaison.id}/deactivate")
    refused = session.scalars(
        select(AuditEntry).where(AuditEntry.verb == "page.refused").order_by(AuditEntry.id)
    ).all()
    assert [(entry.account_id, entry.subject_key) for entry in refused] == [
        (cast.observer.id, "/audit"),
        (cast.observer.id, f"/accounts/{cast.liaison.id}/deactivate"),
    ]
    assert refused[0].changes == {"method": [None, "GET"], "query": [None, "subject=x"]}
    assert {entry.address for entry in refused} == {"127.0.0.1"}


def test_a_file_that_was_taken_leaves_a_line_and_only_one(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    client.get("/audit.csv?verb=account.")
    taken = session.scalars(select(AuditEntry).where(AuditEntry.verb.like("%.export"))).all()
    assert [(entry.account_id, entry.subject_key) for entry in taken] == [
        (cast.coordinator.id, "/audit.csv")
    ]
    assert taken[0].changes["type"] == [None, "text/csv"]
    client.head("/audit.csv")
    assert (
        len(session.scalars(select(AuditEntry).where(AuditEntry.verb == "page.export")).all()) == 1
    )


def test_every_line_says_from_where(client: Browser, session: Session, cast: Cast) -> None:
    client.sign_in(cast.observer)
    client.submit("/account/preferences", language="en", zone="Europe/Rome")
    client.submit("/sign-out")
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.verb for entry in entries][-2:] == ["account.changed", "account.signed_out"]
    assert {entry.address for entry in entries} == {"127.0.0.1"}
