"""What is frozen in published agendas is found as its reader may see it today."""

from dataclasses import replace
from datetime import date

import make
from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.agendas.models import Agenda, AgendaItem, PublishedAgenda
from app.agendas.rules.content import Content, ContentItem, frozen
from app.agendas.rules.schedule import ItemKind
from app.core.days import Precision
from app.core.markings import Marking

ITEM = ContentItem(
    kind=ItemKind.DISCUSSION,
    title="Puffins in the open",
    note="About puffins",
    minutes=10,
    in_writing=False,
    presenter="",
    member_code="",
    member_name="",
    marking=Marking.GREEN,
    audience_id=None,
    deliverable_id=None,
    decision_id=None,
    action_id=None,
)


def published(session: Session, cast: Cast, *numbers: tuple[ContentItem, ...]) -> None:
    """An agenda with a version for each of the groups of items, and a draft item of its own."""
    meeting = make.meeting(session, date(2025, 6, 1), key="june")
    agenda = Agenda(
        meeting_id=meeting.id,
        created_by_id=cast.coordinator.id,
        created_at=make.NOW,
        proposed_as_of=make.NOW.date(),
    )
    session.add(agenda)
    session.flush()
    draft = AgendaItem(
        agenda_id=agenda.id, position=1, kind=ItemKind.DISCUSSION, title="Puffins, drafted"
    )
    session.add(draft)
    for number, items in enumerate(numbers, 1):
        content = Content(
            number=number,
            language="en",
            network="N",
            meeting="June",
            starts_on=date(2025, 6, 1),
            ends_on=None,
            precision=Precision.DAY,
            starts_at=None,
            zone="UTC",
            place="",
            host_code="",
            host_name="",
            length=60,
            items=items,
        )
        row = PublishedAgenda(
            agenda_id=agenda.id,
            number=number,
            published_at=make.NOW,
            published_by_id=cast.coordinator.id,
            content=frozen(content),
            content_hash=str(number) * 64,
        )
        session.add(row)
    session.commit()


def titles(client: Browser, kind: str, query: str = "puffins") -> list[str]:
    page = client.page(f"/search?q={query}")
    return [hit.select_one("a").text for hit in page.select(f"[data-kind={kind}]")]


def test_items_are_found_by_whoever_may_see_them_and_drafts_by_whoever_edits(
    client: Browser, session: Session, cast: Cast
) -> None:
    amber = replace(ITEM, title="Puffins among few", marking=Marking.AMBER)
    published(session, cast, (ITEM, amber))
    client.sign_in(cast.coordinator)
    assert titles(client, "published_agenda") == ["Puffins in the open", "Puffins among few"]
    assert titles(client, "agenda_item") == ["Puffins, drafted"]
    client.sign_in(cast.observer)
    assert titles(client, "published_agenda") == ["Puffins in the open"]
    assert titles(client, "agenda_item") == []
    assert titles(client, "published_agenda", "puffins+few") == []


def test_all_words_are_found_in_one_item_of_the_newest_version(
    client: Browser, session: Session, cast: Cast
) -> None:
    other = replace(ITEM, title="Walruses", note="Other")
    published(session, cast, (replace(ITEM, title="Old puffins"),), (ITEM, other))
    client.sign_in(cast.observer)
    assert titles(client, "published_agenda") == ["Puffins in the open"]
    assert titles(client, "published_agenda", "walrus") == ["Walruses"]
    assert titles(client, "published_agenda", "puffins+walrus") == []
