"""The items of an agenda: adding, editing, dropping."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.agendas.actions.access import changed, open_for_editing
from app.agendas.actions.order import place_before_closing
from app.agendas.models import Action, Agenda, AgendaItem, ItemAction, ItemLink
from app.agendas.rules.content import ContentLink, mentioned
from app.agendas.rules.schedule import ItemKind
from app.core.errors import N_, Conflict, Refused
from app.core.markings import OPEN_TO_ACCOUNTS, SHARED_WITH_MEMBERS, Marking, is_wider
from app.core.permissions import Actor
from app.decisions.models import Decision
from app.deliverables.models import Deliverable
from app.sharing.models import Audience, AudienceAccount, AudienceMember
from app.sharing.queries import visible

MOST_MINUTES = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """What a coordinator writes of an item; the note is Markdown."""

    kind: ItemKind
    title: str
    note: str = ""
    minutes: int = 0
    in_writing: bool = False
    presenter: str = ""
    presenting_member_id: int | None = None
    marking: Marking = Marking.GREEN
    is_recurring: bool = False
    links: tuple[ContentLink, ...] = ()

    @property
    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "links"}


def add_item(
    session: Session, actor: Actor, agenda: Agenda, entry: ItemEntry, now: datetime
) -> AgendaItem:
    """At the end; before the closing item, where there is one."""
    open_for_editing(session, actor, agenda)
    item = AgendaItem(agenda_id=agenda.id, position=0, **entry.columns, links=_links(entry))
    _check_item(session, actor, item, entry)
    item.audience_id = _audience(session, actor, entry)
    session.add(item)
    session.flush()
    place_before_closing(session, agenda, item)
    changes = {name: (None, value) for name, value in entry.columns.items()}
    told = _told(changes, entry.marking)
    changed(session, actor, agenda, "agenda.add_item", {"item": (None, item.id), **told}, now)
    return item


def edit_item(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    entry: ItemEntry,
    seen_version: int,
    now: datetime,
) -> bool:
    """False when nothing differs. Raises Conflict when it was changed since `seen_version`."""
    open_for_editing(session, actor, agenda)
    _check_seen(item, seen_version)
    _check_item(session, actor, item, entry)
    changes: dict[str, tuple[Any, Any]] = {
        name: (getattr(item, name), value)
        for name, value in entry.columns.items()
        if getattr(item, name) != value
    }
    attached = attached_to(session, item)
    if attached != entry.links:
        changes["links"] = (
            [link.url for link in attached],
            [link.url for link in entry.links],
        )
        _attach(session, item, entry)
    if not changes:
        return False
    before = item.marking
    for name in changes.keys() & entry.columns.keys():
        setattr(item, name, changes[name][1])
    if "links" in changes:
        flag_modified(item, "title")  # what is attached is part of what it says
    inherits = item.decision_id is not None or item.action_id is not None
    if changes.keys() & {"marking", "presenting_member_id"} and not inherits:
        item.audience_id = _audience(session, actor, entry)
    told = _told(changes, before, entry.marking)
    changed(session, actor, agenda, "agenda.edit_item", {"item": (None, item.id), **told}, now)
    return True


def drop_item(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    seen_version: int,
    now: datetime,
) -> None:
    """Take it off the draft; published versions keep it."""
    open_for_editing(session, actor, agenda)
    _check_seen(item, seen_version)
    if _has_come_up(session, item):
        raise Refused(N_("Something came of this item in the meeting. It stays for the minutes."))
    session.execute(
        update(AgendaItem).where(AgendaItem.carried_from_id == item.id).values(carried_from_id=None)
    )
    session.delete(item)
    changed(session, actor, agenda, "agenda.drop_item", {"item": (item.id, None)}, now)


def attached_to(session: Session, item: AgendaItem) -> tuple[ContentLink, ...]:
    rows = session.scalars(
        select(ItemLink).where(ItemLink.item_id == item.id).order_by(ItemLink.position, ItemLink.id)
    )
    return tuple(ContentLink(row.title, row.url) for row in rows)


def _links(entry: ItemEntry) -> list[ItemLink]:
    return [
        ItemLink(position=position, title=link.title, url=link.url)
        for position, link in enumerate(entry.links, 1)
    ]


def _attach(session: Session, item: AgendaItem, entry: ItemEntry) -> None:
    session.execute(delete(ItemLink).where(ItemLink.item_id == item.id))
    for link in _links(entry):
        link.item_id = item.id
        session.add(link)


def _has_come_up(session: Session, item: AgendaItem) -> bool:
    asked = select(ItemAction.action_id).where(ItemAction.item_id == item.id)
    return item.was_reached or bool(item.outcome_text) or session.scalar(asked) is not None


def _check_seen(item: AgendaItem, seen_version: int) -> None:
    if item.version != seen_version:
        raise Conflict(
            N_(
                "Somebody changed this item while you were writing. Their text is shown beside "
                "yours; yours is kept. Bring them together, then save again."
            )
        )


def _check_item(session: Session, actor: Actor, item: AgendaItem, entry: ItemEntry) -> None:
    if not 0 <= entry.minutes <= MOST_MINUTES:
        raise Refused(N_("Minutes are a whole number from 0 to 1440."), field="minutes")
    for title, marking in _subjects(session, actor, item, entry):
        if is_wider(entry.marking, marking):
            raise Refused(
                N_("“%(title)s” is marked %(marking)s; what is said of it cannot go further."),
                field="marking",
                title=title,
                marking=marking,
            )


def _subjects(
    session: Session, actor: Actor, item: AgendaItem, entry: ItemEntry
) -> list[tuple[str, Marking]]:
    """What the item is about and what its note links to, as far as the actor may know of it."""
    deliverables = select(Deliverable.title, Deliverable.marking).where(
        (Deliverable.id == item.deliverable_id) | Deliverable.key.in_(mentioned(entry.note)),
        visible(actor, Deliverable),
    )
    decisions = select(Decision.title, Decision.marking).where(Decision.id == item.decision_id)
    tasks = select(Action.task, Action.marking).where(Action.id == item.action_id)
    found = [*session.execute(deliverables), *session.execute(decisions), *session.execute(tasks)]
    return [(title, marking) for title, marking in found]


def _audience(session: Session, actor: Actor, entry: ItemEntry) -> int | None:
    """AMBER is shared with whoever presents it, RED with its author; more are named elsewhere."""
    presenting = entry.presenting_member_id
    names_member = entry.marking in SHARED_WITH_MEMBERS and presenting is not None
    if not names_member and entry.marking is not Marking.RED:
        return None
    audience = Audience()
    session.add(audience)
    session.flush()
    if names_member:
        session.add(AudienceMember(audience_id=audience.id, member_id=presenting))
    else:
        session.add(AudienceAccount(audience_id=audience.id, account_id=actor.account_id))
    session.flush()
    return audience.id


def _told(changes: dict[str, tuple[Any, Any]], *markings: Marking) -> dict[str, tuple[Any, Any]]:
    """The trail names what changed; what narrow items say stays where their marking is asked."""
    if all(marking in OPEN_TO_ACCOUNTS for marking in markings):
        return changes
    return dict.fromkeys(changes, ("", "changed"))
