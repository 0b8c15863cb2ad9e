"""What a decision is about, as far as a reader may know of it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.decisions.models import Decision
from app.deliverables.models import Deliverable
from app.deliverables.queries.choices import Option
from app.priorities.models import Question
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class About:
    question: Option | None
    deliverable: Option | None


def about(session: Session, reader: Actor, decision: Decision, as_of: AsOf) -> About:
    question = session.execute(
        select(Question.id, Question.key, Question.title).where(
            Question.id == decision.question_id, Question.exists_on(as_of.day)
        )
    ).first()
    deliverable = session.execute(
        select(Deliverable.id, Deliverable.key, Deliverable.title).where(
            Deliverable.id == decision.deliverable_id,
            Deliverable.exists_on(as_of.day),
            visible(reader, Deliverable),
        )
    ).first()
    return About(
        Option(*question) if question else None, Option(*deliverable) if deliverable else None
    )


def questions(session: Session, as_of: AsOf) -> tuple[Option, ...]:
    """Those that a decision can answer."""
    rows = session.execute(
        select(Question.id, Question.key, Question.title)
        .where(Question.exists_on(as_of.day))
        .order_by(Question.position, Question.id)
    )
    return tuple(Option(*row) for row in rows)
