"""The items of an agenda: adding, editing, ordering, dropping."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.agendas.actions.access import open_for_editing, subject
from app.agendas.models import Action, Agenda, AgendaItem
from app.agendas.queries import agendas as queries
from app.agendas.rules.content import mentioned
from app.agendas.rules.schedule import ItemKind, moved
from app.audit.actions import record
from app.core.errors import N_, Conflict, Refused
from app.core.markings import OPEN_TO_ACCOUNTS, SHARED_WITH_MEMBERS, Marking, is_wider
from app.core.permissions import Actor
from app.decisions.models import Decision
from app.deliverables.models import Deliverable
from app.meetings.models import Meeting
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


def add_item(
    session: Session, actor: Actor, agenda: Agenda, entry: ItemEntry, now: datetime
) -> AgendaItem:
    """At the end; before the closing item, where there is one."""
    open_for_editing(session, actor, agenda)
    item = AgendaItem(agenda_id=agenda.id, position=0, **asdict(entry))
    _check_item(session, actor, item, entry)
    item.audience_id = _audience(session, actor, entry)
    session.add(item)
    session.flush()
    order = [other for other in _order(session, agenda) if other != item.id]
    _reorder(session, moved(order, item.id, _end(session, agenda, order)))
    changes = {name: (None, value) for name, value in asdict(entry).items()}
    told = _told(changes, entry.marking)
    _changed(session, actor, agenda, "agenda.add_item", {"item": (None, item.id), **told}, now)
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
        for name, value in asdict(entry).items()
        if getattr(item, name) != value
    }
    if not changes:
        return False
    before = item.marking
    for name, (_, value) in changes.items():
        setattr(item, name, value)
    inherits = item.decision_id is not None or item.action_id is not None
    if changes.keys() & {"marking", "presenting_member_id"} and not inherits:
        item.audience_id = _audience(session, actor, entry)
    told = _told(changes, before, entry.marking)
    _changed(session, actor, agenda, "agenda.edit_item", {"item": (None, item.id), **told}, now)
    return True


def move_item(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    place: int,
    seen_version: int,
    now: datetime,
) -> bool:
    """To `place`, from 0, among the items that the actor sees in the same part of the agenda.
    Raises Conflict when anything of the agenda was changed since `seen_version`."""
    open_for_editing(session, actor, agenda)
    if agenda.version != seen_version:
        raise Conflict(
            N_(
                "Somebody changed the agenda since you opened it. It is shown as it is now; "
                "move the item again if it still needs it."
            )
        )
    shown = [
        other.id
        for other in queries.items(session, actor, agenda)
        if other.in_writing == item.in_writing
    ]
    wanted = moved(shown, item.id, place)
    if list(wanted) == shown:
        return False
    _reorder(session, _merged(_order(session, agenda), shown, wanted))
    changes = {"item": (None, item.id), "place": (shown.index(item.id), wanted.index(item.id))}
    _changed(session, actor, agenda, "agenda.move_item", changes, now)
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
    session.delete(item)
    _changed(session, actor, agenda, "agenda.drop_item", {"item": (item.id, None)}, now)


def _changed(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    verb: str,
    changes: dict[str, tuple[Any, Any]],
    now: datetime,
) -> None:
    """The agenda's version rises with every change to one of its items."""
    flag_modified(agenda, "proposed_as_of")
    session.flush()
    meeting = session.get_one(Meeting, agenda.meeting_id)
    record(session, actor.account_id, verb, subject(meeting), changes, now)


def _order(session: Session, agenda: Agenda) -> list[int]:
    query = select(AgendaItem.id).where(AgendaItem.agenda_id == agenda.id)
    return list(session.scalars(query.order_by(AgendaItem.position, AgendaItem.id)))


def _end(session: Session, agenda: Agenda, order: Sequence[int]) -> int:
    closing = session.scalars(
        select(AgendaItem.id).where(
            AgendaItem.agenda_id == agenda.id, AgendaItem.kind == ItemKind.CLOSING
        )
    ).all()
    return min((order.index(item) for item in closing if item in order), default=len(order))


def _merged(order: Sequence[int], shown: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """`order` with the items of `shown` in the order of `wanted`, all others where they are."""
    following = iter(wanted)
    among = set(shown)
    return [next(following) if item in among else item for item in order]


def _reorder(session: Session, order: Sequence[int]) -> None:
    """Positions only, and without a new version: that is for what an item says."""
    for position, item_id in enumerate(order, 1):
        session.execute(
            update(AgendaItem).where(AgendaItem.id == item_id).values(position=position)
        )


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
