"""Minutes: the whole record of a meeting that was run from its agenda, for freezing and for
readers; and what was asked for in it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agendas.models import Action, Agenda, AgendaItem, ItemAction
from app.agendas.queries.agendas import content_of, readable
from app.agendas.rules.content import (
    Content,
    ContentAction,
    ContentAttendance,
    ContentItem,
    Paper,
)
from app.core.permissions import Actor
from app.meetings.models import Meeting
from app.meetings.queries.meetings import attendance
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of an item."""

    item: AgendaItem
    actions: tuple[ContentAction, ...]


def minutes_of(
    session: Session, agenda: Agenda, meeting: Meeting, *, network: str, language: str
) -> Content:
    """All of it, for freezing. Not for readers: it knows no marking."""
    agenda_now = content_of(session, agenda, meeting, network=network, language=language)
    came = _came(session, agenda)
    return replace(
        agenda_now,
        paper=Paper.MINUTES,
        opened_at=agenda.opened_at,
        closed_at=agenda.closed_at,
        attendance=_attendance(session, meeting),
        items=tuple(_minuted(item, came[item.item_id or 0]) for item in agenda_now.items),
    )


def draft_minutes(
    session: Session,
    reader: Actor,
    agenda: Agenda,
    meeting: Meeting,
    *,
    network: str,
    language: str,
) -> Content:
    whole = minutes_of(session, agenda, meeting, network=network, language=language)
    return readable(session, reader, whole)


def actions_by_item(
    session: Session, reader: Actor, items: Sequence[AgendaItem]
) -> Mapping[int, Sequence[Action]]:
    """What was asked for with each, as far as the reader may see it."""
    query = (
        select(ItemAction.item_id, Action)
        .join(Action, Action.id == ItemAction.action_id)
        .where(ItemAction.item_id.in_([item.id for item in items]), visible(reader, Action))
        .options(joinedload(Action.member))
        .order_by(Action.id)
    )
    found: defaultdict[int, list[Action]] = defaultdict(list)
    for item_id, action in session.execute(query):
        found[item_id].append(action)
    return found


def _came(session: Session, agenda: Agenda) -> Mapping[int, _Came]:
    items = session.scalars(select(AgendaItem).where(AgendaItem.agenda_id == agenda.id)).all()
    asked: defaultdict[int, list[ContentAction]] = defaultdict(list)
    query = (
        select(ItemAction.item_id, Action)
        .join(Action, Action.id == ItemAction.action_id)
        .where(ItemAction.item_id.in_([item.id for item in items]))
        .options(joinedload(Action.member))
        .order_by(Action.id)
    )
    for item_id, action in session.execute(query):
        asked[item_id].append(_action(action))
    return {item.id: _Came(item, tuple(asked[item.id])) for item in items}


def _minuted(content: ContentItem, came: _Came) -> ContentItem:
    item = came.item
    # A whole minute once it was on at all.
    spent = -(-item.spent_seconds // 60) if item.spent_seconds else None
    return replace(
        content,
        was_reached=item.was_reached,
        spent_minutes=spent,
        outcome=item.outcome,
        outcome_text=item.outcome_text,
        actions=came.actions,
    )


def _action(action: Action) -> ContentAction:
    return ContentAction(
        action_id=action.id,
        member_code=action.member.code,
        member_name=action.member.name,
        task=action.task,
        due_on=action.due_on,
        state=action.state,
        marking=action.marking,
        audience_id=action.audience_id,
    )


def _attendance(session: Session, meeting: Meeting) -> tuple[ContentAttendance, ...]:
    return tuple(
        ContentAttendance(line.code, line.name, line.presence, line.note)
        for line in attendance(session, meeting)
    )
