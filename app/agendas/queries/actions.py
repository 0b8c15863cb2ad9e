"""What meetings asked members to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session, joinedload

from app.agendas.models import Action
from app.agendas.rules.outcomes import ActionState
from app.core.clock import AsOf
from app.core.permissions import Actor
from app.meetings.models import Meeting
from app.members.models import Member
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class ActionRow:
    """`state` on the day: what was closed later was open then."""

    action: Action
    state: ActionState
    is_late: bool
    meeting_key: str
    meeting_title: str


def open_actions_of(
    session: Session, reader: Actor, member_id: int, as_of: AsOf
) -> Sequence[Action]:
    """What the member owes, the longest due first, what has no due day last."""
    ordered = actions_of(reader, member_id, as_of).order_by(
        Action.due_on.is_(None), Action.due_on, Action.id
    )
    return session.scalars(ordered).all()


def actions_of(reader: Actor, member_id: int, as_of: AsOf) -> Select[Action]:
    return select(Action).where(
        Action.member_id == member_id,
        Action.state == ActionState.OPEN,
        Action.exists_on(as_of.day),
        visible(reader, Action),
    )


def listed(
    session: Session,
    reader: Actor,
    as_of: AsOf,
    state: ActionState | None = None,
    member_code: str = "",
) -> tuple[ActionRow, ...]:
    """Of all states, or of one; the open ones first, the longest due before the others."""
    query = _rows(reader, as_of).order_by(
        case((Action.state == ActionState.OPEN, 0), else_=1),
        Action.due_on.is_(None),
        Action.due_on,
        Action.id,
    )
    if member_code:
        query = query.where(Member.code == member_code)
    rows = [_row(*row, as_of) for row in session.execute(query)]
    return tuple(row for row in rows if state is None or row.state is state)


def owing_members(session: Session, reader: Actor, as_of: AsOf) -> Sequence[Member]:
    """Those that were ever asked to do anything, as far as the reader may know."""
    asked = select(Action.member_id).where(Action.exists_on(as_of.day), visible(reader, Action))
    return session.scalars(select(Member).where(Member.id.in_(asked)).order_by(Member.code)).all()


def find_action(session: Session, reader: Actor, action_id: int) -> Action | None:
    return session.scalars(
        select(Action).where(Action.id == action_id, visible(reader, Action))
    ).first()


def one(session: Session, reader: Actor, as_of: AsOf, action_id: int) -> ActionRow | None:
    """As it stood on the day."""
    row = session.execute(_rows(reader, as_of).where(Action.id == action_id)).first()
    return _row(*row, as_of) if row else None


def _rows(reader: Actor, as_of: AsOf) -> Select[Action, str | None, str | None]:
    return (
        select(Action, Meeting.key, Meeting.title)
        .outerjoin(Meeting, Meeting.id == Action.meeting_id)
        .join(Member, Member.id == Action.member_id)
        .where(Action.exists_on(as_of.day), visible(reader, Action))
        .options(joinedload(Action.member))
    )


def _row(action: Action, key: str | None, title: str | None, as_of: AsOf) -> ActionRow:
    was_open = action.closed_on is None or action.closed_on > as_of.day
    state = ActionState.OPEN if was_open else action.state
    is_late = was_open and action.due_on is not None and action.due_on < as_of.dueness
    return ActionRow(action, state, is_late, key or "", title or "")
