"""In which order the items of an agenda come. Two who order at once lose nothing: what they say is
beside which item another goes, and that is done on the order as it has become."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.agendas.actions.access import changed, open_for_editing
from app.agendas.models import Agenda, AgendaItem
from app.agendas.queries import agendas as queries
from app.agendas.rules.schedule import ItemKind, moved
from app.core.errors import N_, Conflict
from app.core.permissions import Actor


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
    shown = _shown(session, actor, agenda, item)
    return _place(session, actor, agenda, item, shown, place, now)


def move_beside(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    neighbour_id: int,
    now: datetime,
    *,
    is_after: bool,
) -> bool:
    """Next to another item of the same part, wherever that is by now. Raises Conflict when it is
    gone; False when nothing differs."""
    open_for_editing(session, actor, agenda)
    shown = _shown(session, actor, agenda, item)
    if neighbour_id not in shown or neighbour_id == item.id:
        raise Conflict(
            N_("Somebody took away the item beside which this one was to go. Move it again.")
        )
    rest = [other for other in shown if other != item.id]
    return _place(session, actor, agenda, item, shown, rest.index(neighbour_id) + is_after, now)


def place_before_closing(session: Session, agenda: Agenda, item: AgendaItem) -> None:
    order = [other for other in _order(session, agenda) if other != item.id]
    _reorder(session, moved(order, item.id, _end(session, agenda, order)))


def _shown(session: Session, actor: Actor, agenda: Agenda, item: AgendaItem) -> list[int]:
    return [
        other.id
        for other in queries.items(session, actor, agenda)
        if other.in_writing == item.in_writing
    ]


def _place(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    shown: Sequence[int],
    place: int,
    now: datetime,
) -> bool:
    wanted = moved(shown, item.id, place)
    if wanted == tuple(shown):
        return False
    _reorder(session, _merged(_order(session, agenda), shown, wanted))
    changes = {"item": (None, item.id), "place": (shown.index(item.id), wanted.index(item.id))}
    changed(session, actor, agenda, "agenda.move_item", changes, now)
    return True


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
