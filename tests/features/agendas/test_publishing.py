"""Published versions: numbered, frozen, and shown to whom they may be shown."""

import hashlib
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Agenda, AgendaItem, PublishedAgenda
from app.audit.models import AuditEntry
from app.core.markings import Marking
from app.deliverables.models import Deliverable
from app.sharing.queries import admits, audiences_naming, visible

ITEM: dict[str, Any] = {"kind": "discussion", "title": "Added later", "minutes": "5"}


def publish(browser: Browser, session: Session) -> int:
    session.expire_all()
    version = session.scalars(select(Agenda.version)).one()
    return browser.submit("/agendas/m/publish", seen=str(version)).status_code


def versions(session: Session) -> list[PublishedAgenda]:
    session.expire_all()
    return list(session.scalars(select(PublishedAgenda).order_by(PublishedAgenda.number)))


def items_shown(browser: Browser, url: str = "/agendas/m") -> list[str]:
    return [h.get_text().lstrip("0123456789") for h in browser.page(url).select(".ag h3")]


def test_versions_are_numbered_and_keep_their_hash(proposed: Browser, session: Session) -> None:
    assert publish(proposed, session) == 303
    proposed.submit("/agendas/m/items", **ITEM, marking="GREEN", seen="0")
    assert publish(proposed, session) == 303
    found = versions(session)
    assert [version.number for version in found] == [1, 2]
    hashes = [hashlib.sha256(version.content.encode()).hexdigest() for version in found]
    assert [version.content_hash for version in found] == hashes
    assert "Added later" not in found[0].content
    assert "Added later" in found[1].content


def test_a_published_version_never_changes(proposed: Browser, session: Session) -> None:
    publish(proposed, session)
    shown = items_shown(proposed, "/agendas/m/1")
    content = versions(session)[0].content
    for item in session.scalars(select(AgendaItem)).all():
        proposed.submit(f"/agendas/m/items/{item.id}/drop", seen=str(item.version))
    assert items_shown(proposed, "/agendas/m/1") == shown
    assert versions(session)[0].content == content


def test_the_same_draft_is_not_published_twice(proposed: Browser, session: Session) -> None:
    publish(proposed, session)
    publish(proposed, session)
    assert "Nothing has changed since number 1" in proposed.get("/agendas/m").text
    assert len(versions(session)) == 1


def test_a_draft_that_changed_meanwhile_is_not_published_unseen(
    proposed: Browser, session: Session
) -> None:
    seen = str(session.scalars(select(Agenda.version)).one())
    proposed.submit("/agendas/m/items", **ITEM, marking="GREEN", seen="0")
    proposed.submit("/agendas/m/publish", seen=seen)
    assert "Somebody changed the agenda since you opened it." in proposed.get("/agendas/m").text
    assert versions(session) == []


def test_publishing_is_in_the_trail_with_the_hash(proposed: Browser, session: Session) -> None:
    publish(proposed, session)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "agenda.publish")).one()
    assert entry.changes["sha256"][1] == versions(session)[0].content_hash


@pytest.mark.parametrize(
    ("who", "sees_narrow"),
    [
        ("coordinator", True),
        ("administrator", True),
        ("liaison", True),
        ("other_liaison", False),
        ("observer", False),
    ],
)
def test_everybody_reads_what_is_published_as_far_as_its_markings_allow(
    proposed: Browser,
    client: Browser,
    session: Session,
    cast: Cast,
    who: str,
    sees_narrow: bool,
) -> None:
    publish(proposed, session)
    client.sign_in(getattr(cast, who))
    shown = items_shown(client, "/agendas/m/1")
    assert "Adoption of the agenda" in shown
    assert ("Narrow work" in shown) is sees_narrow
    assert ("Narrow work" in client.get("/agendas/m/1.html").text) is sees_narrow
    assert ("Narrow work" in client.get("/agendas/m/1.md").text) is sees_narrow


def test_what_became_narrower_later_is_hidden_in_old_versions_too(
    proposed: Browser, client: Browser, session: Session, cast: Cast, overdue: Deliverable
) -> None:
    publish(proposed, session)
    client.sign_in(cast.observer)
    assert "Open work" in client.get("/agendas/m/1.md").text
    session.refresh(overdue)
    overdue.marking = Marking.AMBER
    for url in ("/agendas/m/1", "/agendas/m/1.md", "/agendas/m/1.html"):
        assert "Open work" not in client.get(url).text


def test_a_stranger_is_asked_to_sign_in(
    proposed: Browser, client: Browser, session: Session
) -> None:
    publish(proposed, session)
    client.sign_in(None)
    for url in ("/agendas/m/1", "/agendas/m/1.md", "/agendas/m/1.html", "/agendas"):
        answer = client.get(url)
        assert answer.status_code == 302
        assert "Open work" not in answer.text


def test_a_version_that_is_none_is_not_found(proposed: Browser) -> None:
    for url in ("/agendas/m/1", "/agendas/m/1.md", "/agendas/nowhere", "/agendas/m/draft.exe"):
        assert proposed.get(url).status_code == 404


def test_what_is_frozen_is_admitted_as_a_row_would_be(session: Session, cast: Cast) -> None:
    """The filter in Python against the filter in the query, for every marking and account."""
    made = [make.deliverable(session, by=cast.coordinator, marking=m) for m in Marking]
    make.assignment(session, made[2], cast.kenya, by=cast.coordinator)
    for account in cast.accounts:
        reader = account.actor
        named = audiences_naming(session, reader)
        query = select(Deliverable.id).where(visible(reader, Deliverable))
        rows = set(session.scalars(query))
        frozen = {
            d.id
            for d in made
            if admits(
                reader,
                named,
                d.marking,
                d.audience_id,
                has_part=d is made[2] and reader.member_id == cast.kenya.id,
            )
        }
        assert frozen == rows
