"""Questions with what became of them: discussions, decisions, deliverables that follow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from app.agendas.models import Agenda, AgendaItem, PublishedAgenda
from app.agendas.rules.outcomes import Outcome as ItemOutcome
from app.core.clock import AsOf
from app.core.permissions import Actor, Permission, can
from app.decisions.models import Decision
from app.decisions.queries.decisions import readable
from app.deliverables.models import Deliverable
from app.deliverables.queries.states import states
from app.meetings.models import Meeting, MeetingStatus
from app.priorities.models import Priority, Question, QuestionState, QuestionStatus, Theme
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """`status` None: none is known on that day. Counts are of what the reader may see."""

    id: int
    key: str
    title: str
    theme: Theme
    recommendation: str
    status: QuestionStatus | None
    since: date | None
    reason: str
    discussions: int = 0
    decisions: int = 0
    deliverables: int = 0


@dataclass(frozen=True, slots=True)
class Discussion:
    """An item of a meeting's agenda that is about the question."""

    meeting_key: str
    meeting_title: str
    starts_on: date
    title: str
    outcome: ItemOutcome | None
    outcome_text: str


def cards(session: Session, reader: Actor, as_of: AsOf) -> tuple[QuestionCard, ...]:
    """All that are before the network on the day, in the order of the plan."""
    rows = session.execute(
        select(
            Question.id,
            Question.key,
            Question.title,
            Question.theme,
            Question.recommendation,
            QuestionState.status,
            QuestionState.from_on,
            func.coalesce(QuestionState.reason, ""),
        )
        .outerjoin(
            QuestionState,
            and_(QuestionState.question_id == Question.id, QuestionState.holds_on(as_of.day)),
        )
        .where(Question.exists_on(as_of.day))
        .order_by(Question.position, Question.id)
    ).all()
    discussed = _counts(session, _discussed(reader, as_of))
    decided = _counts(
        session,
        select(Decision.question_id, func.count())
        .where(readable(reader, as_of), Decision.question_id.is_not(None))
        .group_by(Decision.question_id),
    )
    followed = _counts(
        session,
        states(reader, as_of, Priority.question_id, func.count())
        .join(Priority, Priority.id == Deliverable.priority_id)
        .where(Priority.question_id.is_not(None))
        .group_by(Priority.question_id),
    )
    return tuple(
        QuestionCard(*row, discussed[row.id], decided[row.id], followed[row.id]) for row in rows
    )


def by_status(
    found: Sequence[QuestionCard],
) -> Mapping[QuestionStatus, Mapping[Theme, list[QuestionCard]]]:
    """What no status is known of counts as open."""
    board: dict[QuestionStatus, dict[Theme, list[QuestionCard]]] = {s: {} for s in QuestionStatus}
    for card in found:
        column = board[card.status or QuestionStatus.OPEN]
        column.setdefault(card.theme, []).append(card)
    return board


def find(session: Session, key: str, as_of: AsOf) -> Question | None:
    return session.scalars(
        select(Question)
        .where(Question.key == key, Question.exists_on(as_of.day))
        .options(joinedload(Question.source))
    ).first()


def history(session: Session, question: Question, as_of: AsOf) -> Sequence[QuestionState]:
    """How it stood, the latest first."""
    return session.scalars(
        select(QuestionState)
        .where(QuestionState.question_id == question.id, QuestionState.from_on <= as_of.day)
        .options(joinedload(QuestionState.source))
        .order_by(QuestionState.from_on.desc(), QuestionState.id.desc())
    ).all()


def discussions(
    session: Session, reader: Actor, as_of: AsOf, question: Question
) -> tuple[Discussion, ...]:
    """The latest meeting first."""
    rows = session.execute(
        _items(reader, as_of)
        .with_only_columns(
            Meeting.key,
            Meeting.title,
            Meeting.starts_on,
            AgendaItem.title,
            AgendaItem.outcome,
            AgendaItem.outcome_text,
        )
        .where(AgendaItem.question_id == question.id)
        .order_by(Meeting.starts_on.desc(), AgendaItem.position)
    )
    return tuple(Discussion(*row) for row in rows)


def priority_ids(session: Session, question: Question, as_of: AsOf) -> dict[int, tuple[str, str]]:
    """The priorities that answer it: key and title."""
    rows = session.execute(
        select(Priority.id, Priority.key, Priority.title)
        .where(Priority.question_id == question.id, Priority.exists_on(as_of.day))
        .order_by(Priority.position, Priority.id)
    )
    return {id_: (key, title) for id_, key, title in rows}


def _items(reader: Actor, as_of: AsOf) -> Select[Any]:
    """Items that the reader may know of: drafts are for those who edit agendas, everybody else
    learns of what a meeting that was held had published."""
    query = (
        select(AgendaItem.id)
        .join(Agenda, Agenda.id == AgendaItem.agenda_id)
        .join(Meeting, Meeting.id == Agenda.meeting_id)
        .where(visible(reader, AgendaItem), Meeting.exists_on(as_of.day))
    )
    if can(reader, Permission.AGENDA_EDIT):
        return query
    published = select(PublishedAgenda.agenda_id)
    return query.where(
        Meeting.status == MeetingStatus.HELD,
        Meeting.starts_on <= as_of.day,
        Agenda.id.in_(published),
    )


def _discussed(reader: Actor, as_of: AsOf) -> Select[*tuple[Any, ...]]:
    return (
        _items(reader, as_of)
        .with_only_columns(AgendaItem.question_id, func.count())
        .where(AgendaItem.question_id.is_not(None))
        .group_by(AgendaItem.question_id)
    )


def _counts(session: Session, query: Select[*tuple[Any, ...]]) -> defaultdict[int, int]:
    found: defaultdict[int, int] = defaultdict(int)
    for of, count in session.execute(query):
        found[of] = count
    return found
