"""What waits for an answer of one member, or of coordinators; and how much that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.agendas.models import Action
from app.agendas.queries.actions import actions_of, open_actions_of
from app.agendas.queries.proposals import WaitingItem, waiting_items
from app.agendas.queries.proposals import waiting_for as items_waiting_for
from app.core.clock import AsOf
from app.core.history import FOREVER
from app.core.permissions import Actor
from app.correspondence.queries import LetterRow, waiting_on
from app.decisions.queries.decisions import DecisionRow, waiting_for
from app.deliverables.models import (
    AskedQuestion,
    Assignment,
    AssignmentSpan,
    AssignmentState,
    DateProposal,
    Deliverable,
    DeliverableState,
)
from app.deliverables.queries import proposals
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, every
from app.deliverables.queries.present import count_if_kept
from app.deliverables.queries.questions import open_questions_for, questions_for
from app.deliverables.queries.states import states
from app.deliverables.rules.moves import CLOSED, Status
from app.meetings.queries.times import TimesAsked, times_asked
from app.reports.queries.rounds import Wanted, report_states
from app.reports.rules import WAITING, ReportState


@dataclass(frozen=True, slots=True)
class Offered:
    """A part that the member is asked to take."""

    deliverable: Deliverable
    span: AssignmentSpan


@dataclass(frozen=True, slots=True)
class Asks:
    """What a member is asked for, each with one answer to give."""

    parts: tuple[Offered, ...]
    offers: Sequence[DateProposal]
    reports: tuple[Wanted, ...]
    questions: Sequence[AskedQuestion]
    actions: Sequence[Action]
    decisions: Sequence[DecisionRow]
    times: Sequence[TimesAsked]
    letters: tuple[LetterRow, ...]

    @property
    def count(self) -> int:
        kinds = (
            self.parts,
            self.offers,
            self.reports,
            self.questions,
            self.actions,
            self.decisions,
            self.times,
            self.letters,
        )
        return sum(len(kind) for kind in kinds)


@dataclass(frozen=True, slots=True)
class CoordinatorAsks:
    """What waits for a coordinator; `late` are reports that wait for their leads."""

    in_review: tuple[DeliverableRow, ...]
    proposals: Sequence[DateProposal]
    came: tuple[Wanted, ...]
    late: tuple[Wanted, ...]
    items: tuple[WaitingItem, ...]
    letters: tuple[LetterRow, ...]

    @property
    def count(self) -> int:
        kinds = (self.in_review, self.proposals, self.came, self.items, self.letters)
        return sum(len(kind) for kind in kinds)


def asks_of(
    session: Session,
    reader: Actor,
    member_id: int,
    as_of: AsOf,
    reports: Sequence[Wanted],
    now: datetime,
) -> Asks:
    """`reports` are all that stand for the member, whatever their state."""
    return Asks(
        parts=_parts(session, reader, member_id, as_of),
        offers=proposals.waiting(session, reader, is_offer=True, member_id=member_id),
        reports=tuple(report for report in reports if report.state in WAITING),
        questions=open_questions_for(session, reader, member_id),
        actions=open_actions_of(session, reader, member_id, as_of),
        letters=waiting_on(session, reader, as_of),
        decisions=waiting_for(session, reader, as_of, now),
        times=times_asked(session, member_id, now),
    )


def coordinator_asks(session: Session, reader: Actor, as_of: AsOf) -> CoordinatorAsks:
    reports = report_states(session, reader, as_of).values()
    ordered = sorted(reports, key=lambda report: (report.closes_on, report.key))
    return CoordinatorAsks(
        in_review=every(session, reader, as_of, Filter(statuses=[Status.IN_REVIEW])),
        proposals=proposals.waiting(session, reader, is_offer=False),
        came=tuple(report for report in ordered if report.state is ReportState.IN),
        late=tuple(report for report in ordered if report.state is ReportState.OVERDUE),
        letters=waiting_on(session, reader, as_of),
        items=waiting_items(session, reader),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """The count of a desk. Of what waits until an hour of the day, the hours."""

    count: int
    until: tuple[datetime, ...] = ()

    def at(self, now: datetime) -> int:
        return self.count + sum(hour > now for hour in self.until)


def waiting_count(session: Session, reader: Actor, as_of: AsOf, now: datetime) -> Waiting:
    """The count of the reader's desk, without reading what is on it: for every page."""
    letters = len(waiting_on(session, reader, as_of))
    if reader.member_id is None:
        came = [
            r for r in report_states(session, reader, as_of).values() if r.state is ReportState.IN
        ]
        counted: tuple[Select[Any], ...] = (
            proposals.waiting_for(reader, is_offer=False),
            items_waiting_for(reader),
        )
        in_review = _in_review(session, reader, as_of)
        return Waiting(in_review + _sum(session, counted) + len(came) + letters)
    member_id = reader.member_id
    reports = report_states(session, reader, as_of, member_id).values()
    counted = (
        _offered(reader, member_id, as_of),
        proposals.waiting_for(reader, is_offer=True, member_id=member_id),
        questions_for(reader, member_id),
        actions_of(reader, member_id, as_of),
    )
    waiting = sum(report.state in WAITING for report in reports)
    count = _sum(session, counted) + waiting + letters
    decisions = (row.decision.closes_at for row in waiting_for(session, reader, as_of, now))
    times = (asked.until for asked in times_asked(session, member_id, now))
    return Waiting(count, tuple(hour for hour in (*decisions, *times) if hour))


def _sum(session: Session, queries: Sequence[Select[Any]]) -> int:
    counts = [
        query.order_by(None)
        .with_only_columns(func.count(), maintain_column_froms=True)
        .scalar_subquery()
        for query in queries
    ]
    return sum(session.execute(select(*counts)).one())


def _in_review(session: Session, reader: Actor, as_of: AsOf) -> int:
    known = count_if_kept(session, reader, as_of, Status.IN_REVIEW)
    if known is not None:
        return known
    query = states(reader, as_of, func.count()).where(DeliverableState.status == Status.IN_REVIEW)
    return session.scalar(query) or 0


def _parts(session: Session, reader: Actor, member_id: int, as_of: AsOf) -> tuple[Offered, ...]:
    query = (
        _offered(reader, member_id, as_of)
        .add_columns(Deliverable)
        .options(joinedload(AssignmentSpan.assignment))
        .order_by(AssignmentSpan.id)
    )
    return tuple(Offered(deliverable, span) for span, deliverable in session.execute(query))


def _offered(reader: Actor, member_id: int, as_of: AsOf) -> Select[Any]:
    """Parts of any role that wait for the answer of the member, in what is not over."""
    going_on = states(reader, as_of, Deliverable.id).where(DeliverableState.status.not_in(CLOSED))
    return (
        select(AssignmentSpan)
        .join(Assignment, Assignment.id == AssignmentSpan.assignment_id)
        .join(Deliverable, Deliverable.id == Assignment.deliverable_id)
        .where(
            Assignment.member_id == member_id,
            AssignmentSpan.until_on == FOREVER,
            AssignmentSpan.state == AssignmentState.PROPOSED,
            Deliverable.id.in_(going_on),
        )
    )
