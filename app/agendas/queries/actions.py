"""What meetings asked members to do and is not done yet."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.agendas.models import Action
from app.agendas.rules.outcomes import ActionState
from app.core.clock import AsOf
from app.core.permissions import Actor
from app.sharing.queries import visible


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
