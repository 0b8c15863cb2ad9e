"""Asking those who lead a deliverable, and putting it before the next meeting."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.errors import N_, Forbidden, Refused
from app.core.markings import Marking
from app.core.permissions import Actor, Permission, can
from app.deliverables.models import AskedQuestion, Deliverable, Escalation
from app.notices.actions import happened
from app.notices.rules import Happening as News


def ask(
    session: Session, actor: Actor, deliverable: Deliverable, text: str, now: datetime
) -> AskedQuestion:
    """A question that shows on the desk of whoever leads it, until the next update."""
    _check_planner(actor)
    if not text.strip():
        raise Refused(N_("Write what you want to know."), field="reason")
    question = AskedQuestion(
        deliverable_id=deliverable.id, text=text, asked_by_id=actor.account_id, asked_at=now
    )
    session.add(question)
    session.flush()
    _trail(session, actor, "question.ask", deliverable, {"question": (None, question.id)}, now)
    about = Subject("deliverable", deliverable.key)
    happened(session, actor, News.QUESTION_ASKED, about, now, number=question.id)
    return question


def withdraw(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    question: AskedQuestion,
    now: datetime,
) -> bool:
    """Close it without an answer; False when it was closed already."""
    _check_planner(actor)
    if question.closed_at is not None:
        return False
    question.closed_at = now
    session.flush()
    _trail(session, actor, "question.withdraw", deliverable, {"question": (question.id, None)}, now)
    return True


def answer_open(session: Session, updates: Mapping[int, int], now: datetime) -> None:
    """Close what was asked about deliverables that an update came for: deliverable to update."""
    ids = sorted(updates)
    for start in range(0, len(ids), 500):
        open_ones = session.scalars(
            select(AskedQuestion).where(
                AskedQuestion.deliverable_id.in_(ids[start : start + 500]),
                AskedQuestion.closed_at.is_(None),
            )
        )
        for question in open_ones:
            question.closed_at = now
            question.answered_by_id = updates[question.deliverable_id]


def escalate(
    session: Session, actor: Actor, deliverable: Deliverable, reason: str, now: datetime
) -> Escalation:
    """Put it before the next meeting; it waits until that has an agenda."""
    _check_planner(actor)
    if not reason.strip():
        raise Refused(N_("Say why the meeting should take it up."), field="reason")
    if deliverable.marking is Marking.RED:
        raise Refused(
            N_("What is marked RED is not put on an agenda: take it up with those it names.")
        )
    escalation = Escalation(
        deliverable_id=deliverable.id, reason=reason, raised_by_id=actor.account_id, raised_at=now
    )
    session.add(escalation)
    session.flush()
    changes = {"escalation": (None, escalation.id)}
    _trail(session, actor, "deliverable.escalate", deliverable, changes, now)
    return escalation


def _trail(
    session: Session,
    actor: Actor,
    verb: str,
    deliverable: Deliverable,
    changes: Mapping[str, tuple[object, object]],
    now: datetime,
) -> None:
    # What was asked stays with the deliverable: the trail is read by more people than that.
    subject = Subject("deliverable", deliverable.key)
    record(session, actor.account_id, verb, subject, changes, now)


def _check_planner(actor: Actor) -> None:
    if not can(actor, Permission.DELIVERABLE_PLAN):
        raise Forbidden(N_("Only a coordinator asks for this."))
