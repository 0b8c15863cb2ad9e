"""What a meeting asks a member to do, until it is done or dropped."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.agendas.actions.access import changed, open_for_editing
from app.agendas.models import Action, Agenda, AgendaItem, ItemAction
from app.agendas.rules.outcomes import ActionState, Outcome
from app.audit.actions import Subject, record
from app.core.clock import today
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.markings import OPEN_TO_ACCOUNTS
from app.core.permissions import Actor, Permission, can
from app.members.models import Member
from app.notices.actions import happened
from app.notices.rules import Happening as News
from app.sharing.actions import audience_of, sharing_of
from app.sharing.rules import Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntry:
    task: str
    due_on: date | None = None


def ask_member(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    member: Member,
    entry: TaskEntry,
    now: datetime,
) -> Action:
    """An action from an item, marked as the item is, and shared with whoever owes it."""
    open_for_editing(session, actor, agenda)
    _check_task(entry, now)
    is_open = item.marking in OPEN_TO_ACCOUNTS
    action = Action(
        meeting_id=agenda.meeting_id,
        member_id=member.id,
        task=entry.task,
        due_on=entry.due_on,
        deliverable_id=item.deliverable_id,
        created_by_id=actor.account_id,
        exists_from=today(now),
        marking=item.marking,
        audience_id=None if is_open else _audience(session, item, member),
    )
    session.add(action)
    session.flush()
    session.add(ItemAction(action_id=action.id, item_id=item.id))
    if item.outcome is None:
        item.outcome = Outcome.ACTION
    changes: dict[str, tuple[Any, Any]] = {
        "item": (None, item.id),
        "action": (None, action.id),
        "member": (None, member.code),
        "task": (None, entry.task if is_open else "said"),
        "due_on": (None, entry.due_on),
    }
    changed(session, actor, agenda, "action.ask", changes, now)
    about = Subject("action", str(action.id))
    happened(session, actor, News.ACTION_ASSIGNED, about, now, number=action.id)
    return action


def _check_task(entry: TaskEntry, now: datetime) -> None:
    if not entry.task.strip():
        raise Refused(N_("Say what is to be done."), field="task")
    if entry.due_on is not None and entry.due_on < today(now):
        raise Refused(N_("This day is over."), field="due_on")


def _audience(session: Session, item: AgendaItem, member: Member) -> int | None:
    """Whoever sees the item, and whoever owes the action."""
    shared = sharing_of(session, item)
    wanted = Sharing(item.marking, shared.members | {member.id}, shared.accounts)
    return audience_of(session, wanted)


def settle_action(
    session: Session,
    actor: Actor,
    action: Action,
    state: ActionState,
    note: str,
    seen_version: int,
    now: datetime,
) -> bool:
    """Done by its member or a coordinator; dropped or opened again by a coordinator. False when
    nothing differs."""
    _check_settles(actor, action, state)
    if action.version != seen_version:
        raise Conflict(N_("Somebody changed this action meanwhile. Look at it first."))
    if state is ActionState.DROPPED and not note.strip():
        raise Refused(N_("Say why it is dropped."), field="note")
    if action.state is state:
        return False
    before = action.state
    is_open = state is ActionState.OPEN
    action.state = state
    action.closed_on = None if is_open else today(now)
    action.closed_note = "" if is_open else note
    action.closed_by_id = None if is_open else actor.account_id
    session.flush()
    told = note if action.marking in OPEN_TO_ACCOUNTS else ("said" if note else "")
    changes = {"state": (before, state), "note": ("", told)}
    subject = Subject("action", str(action.id))
    record(session, actor.account_id, "action.settle", subject, changes, now)
    return True


def _check_settles(actor: Actor, action: Action, state: ActionState) -> None:
    if not can(actor, Permission.ACTION_CLOSE):
        raise Forbidden(N_("Only liaisons and coordinators say what became of an action."))
    if can(actor, Permission.AGENDA_EDIT):
        return
    if actor.member_id != action.member_id:
        raise Forbidden(N_("A liaison answers for their own member."))
    if state is not ActionState.DONE:
        raise Forbidden(N_("A coordinator drops actions and opens them again."))
