"""What was asked about deliverables, as far as the reader may see them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.core.history import FOREVER
from app.core.permissions import Actor
from app.deliverables.models import (
    AskedQuestion,
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    Deliverable,
)
from app.deliverables.queries.working import TAKING_PART
from app.people.models import Account
from app.sharing.queries import visible


def open_questions_for(session: Session, reader: Actor, member_id: int) -> Sequence[AskedQuestion]:
    """Those that the member is to answer. The oldest first, each with its deliverable and who
    asked."""
    return session.scalars(questions_for(reader, member_id).options(*_WHOLE)).all()


def questions_for(reader: Actor, member_id: int) -> Select[AskedQuestion]:
    """Of what the member leads today or is asked to."""
    leads = (
        select(Assignment.deliverable_id)
        .join(AssignmentSpan)
        .where(
            Assignment.member_id == member_id,
            AssignmentSpan.until_on == FOREVER,
            AssignmentSpan.role == AssignmentRole.LEAD,
            AssignmentSpan.state.in_(TAKING_PART),
        )
    )
    return _open(reader).where(AskedQuestion.deliverable_id.in_(leads))


def open_questions(
    session: Session, reader: Actor, deliverable_ids: Iterable[int]
) -> Mapping[int, tuple[AskedQuestion, ...]]:
    """By deliverable, the oldest first."""
    query = _open(reader).where(AskedQuestion.deliverable_id.in_(list(deliverable_ids)))
    found: defaultdict[int, tuple[AskedQuestion, ...]] = defaultdict(tuple)
    for question in session.scalars(query.options(*_WHOLE)):
        found[question.deliverable_id] += (question,)
    return found


def _open(reader: Actor) -> Select[AskedQuestion]:
    return (
        select(AskedQuestion)
        .join(Deliverable, Deliverable.id == AskedQuestion.deliverable_id)
        .where(AskedQuestion.closed_at.is_(None), visible(reader, Deliverable))
        .order_by(AskedQuestion.asked_at, AskedQuestion.id)
    )


_WHOLE = (
    joinedload(AskedQuestion.deliverable).load_only(Deliverable.key, Deliverable.title),
    joinedload(AskedQuestion.asked_by).load_only(Account.id, Account.name),
)
