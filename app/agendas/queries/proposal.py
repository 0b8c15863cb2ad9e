"""What an agenda is proposed from: the state of the network on a day.

Texts that list several things hold only what every account may read; what is narrower stands for
itself, so that it can be marked and left out for itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Action, ProposedItem
from app.agendas.queries.carrying import CarriedItem, accepted_proposals, carried_over
from app.agendas.queries.escalations import Escalated, open_escalations, takes_escalations
from app.agendas.queries.round import Round, round_of
from app.agendas.rules.outcomes import ActionState
from app.core.clock import AsOf
from app.core.days import Precision
from app.core.markings import SHARED_WITH_MEMBERS, Channel, Marking
from app.core.permissions import EVERY_ACCOUNT, Actor
from app.deadlines.models import Deadline, DeadlineDate
from app.decisions.models import Decision
from app.decisions.rules import DecisionState
from app.deliverables.queries.listing import DeliverableRow, needing_attention
from app.meetings.models import Meeting, MeetingStatus
from app.meetings.queries.cadences import next_expected
from app.members.models import Member
from app.priorities.models import Question, QuestionState, QuestionStatus
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class OpenAction:
    id: int
    task: str
    code: str
    name: str
    due_on: date | None
    marking: Marking
    audience_id: int | None


@dataclass(frozen=True, slots=True)
class DeadlineAhead:
    """`rows` are what at it needs attention and every account may read."""

    id: int
    key: str
    title: str
    starts_on: date
    ends_on: date | None
    precision: Precision
    due_on: date
    rows: tuple[DeliverableRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decision or a question that waits."""

    id: int
    title: str
    text: str
    marking: Marking = Marking.GREEN
    audience_id: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    day: date
    actions: tuple[OpenAction, ...]
    deadlines: tuple[DeadlineAhead, ...]
    left_over: tuple[DeliverableRow, ...]
    """Needs attention, but at no deadline ahead: overdue, of a day of its own, or unscheduled."""
    narrow: tuple[DeliverableRow, ...]
    """Needs attention and is shared with some members only."""
    decisions: tuple[Waiting, ...]
    questions: tuple[Waiting, ...]
    round: Round
    next_on: date | None
    next_title: str
    escalations: tuple[Escalated, ...] = ()
    carried: tuple[CarriedItem, ...] = ()
    proposed: tuple[ProposedItem, ...] = ()
    """By liaisons, and taken up by a coordinator."""


def facts(session: Session, reader: Actor, meeting: Meeting, as_of: AsOf) -> Facts:
    """Nothing marked RED is among them: an agenda travels, and RED does not. What is told of a
    deliverable is what everybody knows of it who sees it."""
    reader = reader.through(Channel.TEXT)
    open_rows = needing_attention(session, EVERY_ACCOUNT, as_of)
    ahead = _deadlines_ahead(session, as_of, open_rows)
    keys = {deadline.key for deadline in ahead}
    narrow = needing_attention(session, reader, as_of)
    next_on, next_title = _next(session, meeting, as_of)
    return Facts(
        day=as_of.day,
        actions=_open_actions(session, reader, as_of),
        deadlines=ahead,
        left_over=tuple(row for row in open_rows if row.deadline_key not in keys),
        narrow=tuple(row for row in narrow if row.marking in SHARED_WITH_MEMBERS),
        decisions=_decisions(session, reader, as_of),
        questions=_questions(session, as_of),
        round=round_of(session, meeting, as_of),
        next_on=next_on,
        next_title=next_title,
        escalations=open_escalations(session, reader) if takes_escalations(meeting) else (),
        carried=carried_over(session, reader, meeting),
        proposed=tuple(accepted_proposals(session, reader, meeting)),
    )


def _open_actions(session: Session, reader: Actor, as_of: AsOf) -> tuple[OpenAction, ...]:
    """The longest due first."""
    rows = session.execute(
        select(
            Action.id,
            Action.task,
            Member.code,
            Member.name,
            Action.due_on,
            Action.marking,
            Action.audience_id,
        )
        .join(Member, Member.id == Action.member_id)
        .where(
            Action.state == ActionState.OPEN,
            Action.exists_on(as_of.day),
            Action.marking != Marking.RED,
            visible(reader, Action),
        )
        .order_by(Action.due_on.is_(None), Action.due_on, Action.id)
    )
    return tuple(OpenAction(*row) for row in rows)


def _deadlines_ahead(
    session: Session, as_of: AsOf, rows: Sequence[DeliverableRow]
) -> tuple[DeadlineAhead, ...]:
    due: defaultdict[str | None, tuple[DeliverableRow, ...]] = defaultdict(tuple)
    for row in rows:
        due[row.deadline_key] += (row,)
    found = session.execute(
        select(
            Deadline.id,
            Deadline.key,
            Deadline.title,
            DeadlineDate.starts_on,
            DeadlineDate.ends_on,
            DeadlineDate.precision,
            DeadlineDate.due_on,
        )
        .join(DeadlineDate, DeadlineDate.deadline_id == Deadline.id)
        .where(
            Deadline.exists_on(as_of.day),
            DeadlineDate.holds_on(as_of.day),
            DeadlineDate.due_on >= as_of.dueness,
        )
        .order_by(DeadlineDate.due_on, DeadlineDate.starts_on, Deadline.id)
    )
    return tuple(DeadlineAhead(*row, due[row.key]) for row in found)


def _decisions(session: Session, reader: Actor, as_of: AsOf) -> tuple[Waiting, ...]:
    columns = (Decision.id, Decision.title, Decision.proposal)
    rows = session.execute(
        select(*columns, Decision.marking, Decision.audience_id)
        .where(
            Decision.state == DecisionState.OPEN,
            Decision.exists_on(as_of.day),
            Decision.marking != Marking.RED,
            visible(reader, Decision),
        )
        .order_by(Decision.closes_at.is_(None), Decision.closes_at, Decision.id)
    )
    return tuple(Waiting(*row) for row in rows)


def _questions(session: Session, as_of: AsOf) -> tuple[Waiting, ...]:
    rows = session.execute(
        select(Question.id, Question.title, Question.recommendation)
        .join(QuestionState, QuestionState.question_id == Question.id)
        .where(
            Question.exists_on(as_of.day),
            QuestionState.holds_on(as_of.day),
            QuestionState.status != QuestionStatus.DECIDED,
        )
        .order_by(Question.position, Question.id)
    )
    return tuple(Waiting(*row) for row in rows)


def _next(session: Session, meeting: Meeting, as_of: AsOf) -> tuple[date | None, str]:
    """The meeting of the series that is planned after this one, else the day that the cadence
    has for it."""
    if meeting.series is None:
        return None, ""
    planned = session.scalars(
        select(Meeting)
        .where(
            Meeting.series_id == meeting.series_id,
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_on > meeting.starts_on,
            Meeting.exists_on(as_of.day),
        )
        .order_by(Meeting.starts_on)
        .limit(1)
    ).first()
    if planned is not None:
        return planned.starts_on, planned.title
    return next_expected(meeting.series, meeting.starts_on), ""
