"""What was escalated goes on an agenda that is there already."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.agendas.actions.items import ItemEntry, add_item
from app.agendas.models import Agenda, AgendaItem
from app.agendas.rules.schedule import SHARES, Draft
from app.core.permissions import Actor


def put_on(
    session: Session, actor: Actor, agenda: Agenda, drafts: Sequence[Draft], now: datetime
) -> list[AgendaItem]:
    """One item for each, before the closing one, with the least time that it takes."""
    return [_put(session, actor, agenda, draft, now) for draft in drafts]


def _put(session: Session, actor: Actor, agenda: Agenda, draft: Draft, now: datetime) -> AgendaItem:
    entry = ItemEntry(
        kind=draft.kind,
        title=draft.title,
        note=draft.note,
        minutes=SHARES[draft.kind].least,
        marking=draft.marking,
    )
    item = add_item(session, actor, agenda, entry, now)
    # The same as if the agenda had been proposed with it: who may see it follows from what it is
    # about.
    item.why = draft.why
    item.audience_id = draft.audience_id
    item.deliverable_id = draft.deliverable_id
    item.escalation_id = draft.escalation_id
    session.flush()
    return item
