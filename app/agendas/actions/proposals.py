"""What members would have on an agenda, and the coordinator's yes or no."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.agendas.actions.access import check_editor, subject
from app.agendas.actions.items import ItemEntry, add_item
from app.agendas.models import Agenda, AgendaItem, ProposedItem
from app.agendas.rules.outcomes import ProposedItemState
from app.agendas.rules.schedule import ItemKind
from app.audit.actions import record
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.markings import OPEN_TO_ACCOUNTS, Marking
from app.core.permissions import Actor, Permission, can
from app.meetings.models import Meeting, MeetingStatus
from app.sharing.actions import audience_of
from app.sharing.rules import Sharing

POSSIBLE_KINDS = (ItemKind.INFORMATION, ItemKind.DISCUSSION, ItemKind.DECISION)
POSSIBLE_MARKINGS = (Marking.GREEN, Marking.AMBER)
"""AMBER: between the member and the coordinators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalEntry:
    """What a member writes of the item that it would have; the note is Markdown."""

    kind: ItemKind
    title: str
    note: str = ""
    minutes: int = 10
    marking: Marking = Marking.GREEN


def propose_item(
    session: Session, actor: Actor, meeting: Meeting, entry: ProposalEntry, now: datetime
) -> ProposedItem:
    if not can(actor, Permission.ITEM_PROPOSE) or actor.member_id is None:
        raise Forbidden(N_("A liaison proposes items, for their own member."))
    if meeting.status is not MeetingStatus.PLANNED:
        raise Refused(N_("Items are proposed while a meeting is planned."))
    if entry.marking not in POSSIBLE_MARKINGS:
        raise Refused(N_("A proposal is marked GREEN or AMBER."), field="marking")
    is_open = entry.marking in OPEN_TO_ACCOUNTS
    shared = Sharing(entry.marking, frozenset({actor.member_id}))
    proposed = ProposedItem(
        meeting_id=meeting.id,
        member_id=actor.member_id,
        proposed_by_id=actor.account_id,
        proposed_at=now,
        audience_id=None if is_open else audience_of(session, shared),
        **asdict(entry),
    )
    session.add(proposed)
    session.flush()
    changes = {"proposed": (None, proposed.id)}
    if is_open:
        changes |= {name: (None, value) for name, value in asdict(entry).items()}
    record(session, actor.account_id, "agenda.propose_item", subject(meeting), changes, now)
    return proposed


def withdraw_item(
    session: Session, actor: Actor, meeting: Meeting, proposed: ProposedItem, now: datetime
) -> None:
    if not can(actor, Permission.ITEM_PROPOSE) or actor.member_id != proposed.member_id:
        raise Forbidden(N_("A liaison takes back what their own member proposed."))
    _check_open(proposed)
    proposed.state = ProposedItemState.WITHDRAWN
    _settle(session, actor, meeting, proposed, "agenda.withdraw_proposed", now)


def answer_item(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    proposed: ProposedItem,
    agenda: Agenda | None,
    *,
    accepts: bool,
    answer: str,
    now: datetime,
) -> AgendaItem | None:
    """Taken up: an item of the draft, if there is one, else with the next proposal of an agenda.
    A no says why."""
    check_editor(actor)
    _check_open(proposed)
    if not accepts and not answer.strip():
        raise Refused(N_("Say why it is declined."), field="answer")
    proposed.state = ProposedItemState.ACCEPTED if accepts else ProposedItemState.DECLINED
    proposed.answer, proposed.answered_by_id, proposed.answered_at = answer, actor.account_id, now
    _settle(session, actor, meeting, proposed, "agenda.answer_proposed", now)
    return _take_up(session, actor, agenda, proposed, now) if accepts and agenda else None


def _take_up(
    session: Session, actor: Actor, agenda: Agenda, proposed: ProposedItem, now: datetime
) -> AgendaItem:
    entry = ItemEntry(
        kind=proposed.kind,
        title=proposed.title,
        note=proposed.note,
        minutes=proposed.minutes,
        presenting_member_id=proposed.member_id,
        marking=proposed.marking,
    )
    item = add_item(session, actor, agenda, entry, now)
    item.proposed_item_id = proposed.id
    session.flush()
    return item


def _check_open(proposed: ProposedItem) -> None:
    if proposed.state is not ProposedItemState.OPEN:
        raise Conflict(N_("This proposal was answered or withdrawn already."))


def _settle(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    proposed: ProposedItem,
    verb: str,
    now: datetime,
) -> None:
    session.flush()
    changes = {
        "proposed": (None, proposed.id),
        "state": (ProposedItemState.OPEN, proposed.state),
        "answer": ("", proposed.answer if proposed.marking in OPEN_TO_ACCOUNTS else "said"),
    }
    record(session, actor.account_id, verb, subject(meeting), changes, now)
