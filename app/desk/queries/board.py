"""What a member leads and contributes to, sorted by who waits for what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import (
    AskedQuestion,
    AssignmentRole,
    AssignmentState,
    DateProposal,
    Deliverable,
    DeliverableState,
    StatusUpdate,
)
from app.deliverables.queries import proposals
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, Part, every
from app.deliverables.queries.nodes import nodes
from app.deliverables.queries.states import states
from app.deliverables.rules.moves import CLOSED
from app.deliverables.rules.schedule import Node
from app.desk.queries.asks import Asks, asks_of
from app.desk.rules import Asking, Facts, Turn, Wait, wait
from app.members.models import Member
from app.reports.queries.rounds import Wanted, report_states
from app.reports.rules import ReportState
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class Line:
    """One deliverable of the member, and whose turn it is."""

    row: DeliverableRow
    role: AssignmentRole
    has_accepted: bool
    wait: Wait
    report: Wanted | None
    proposal: DateProposal | None
    questions: tuple[AskedQuestion, ...]
    needs: tuple[str, ...]
    needed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    code: str
    lines: tuple[Line, ...]
    """What waits for the member first."""
    asks: Asks

    def of(self, turn: Turn) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.wait.turn is turn)


def board(session: Session, reader: Actor, member_id: int, as_of: AsOf, now: datetime) -> Board:
    member = session.get_one(Member, member_id)
    rows = every(session, reader, as_of, Filter(member_id=member_id))
    reports = report_states(session, reader, as_of, member_id)
    asks = asks_of(session, reader, member_id, as_of, list(reports.values()), now)
    own = proposals.waiting(session, reader, is_offer=False, member_id=member_id)
    sources = _Sources(
        member.code,
        reports,
        {proposal.deliverable_id: proposal for proposal in (*own, *asks.offers)},
        asks.questions,
        _Graph(nodes(session, reader, as_of), {row.key for row in rows}),
    )
    lines = sorted(
        (_line(row, sources) for row in rows),
        key=lambda line: (line.wait.rank, line.row.due_on is None, line.row.due_on, line.row.key),
    )
    return Board(member.code, tuple(lines), asks)


def in_effect(
    session: Session, reader: Actor, ids: Sequence[int], as_of: AsOf
) -> Mapping[int, StatusUpdate]:
    """By deliverable, the update that holds on the day, as the reader knows it."""
    rows = session.execute(
        states(reader, as_of, DeliverableState.deliverable_id, StatusUpdate)
        .join(StatusUpdate, StatusUpdate.id == DeliverableState.update_id)
        .where(DeliverableState.deliverable_id.in_(ids))
    )
    return dict(rows.all())


def newest_updates(session: Session, reader: Actor, ids: Sequence[int]) -> Mapping[int, int]:
    """By deliverable, the number of the update that was recorded last, of those the reader sees."""
    rows = session.execute(
        select(StatusUpdate.deliverable_id, func.max(StatusUpdate.id))
        .where(StatusUpdate.deliverable_id.in_(ids), visible(reader, StatusUpdate))
        .group_by(StatusUpdate.deliverable_id)
    )
    return dict(rows.all())


def named(session: Session, reader: Actor, keys: Iterable[str]) -> Sequence[Deliverable]:
    """Those of these keys that the reader may know of."""
    query = select(Deliverable).where(Deliverable.key.in_(list(keys)), visible(reader, Deliverable))
    return session.scalars(query).all()


class _Graph:
    """What stands between the member's deliverables and those of others."""

    def __init__(self, every_node: Sequence[Node], own: set[str]) -> None:
        self.open = {node.key: node for node in every_node if node.status not in CLOSED}
        self.own = own
        self.waiting: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for node in self.open.values():
            for key in node.needs if node.key not in own else ():
                self.waiting[key] += (node.key,)

    def needs(self, key: str) -> tuple[str, ...]:
        node = self.open.get(key)
        found = node.needs if node else ()
        return tuple(k for k in found if k in self.open and k not in self.own)

    def needed_by(self, key: str) -> tuple[str, ...]:
        return self.waiting.get(key, ())


@dataclass(frozen=True, slots=True)
class _Sources:
    code: str
    reports: Mapping[int, Wanted]
    proposals: Mapping[int, DateProposal]
    questions: Sequence[AskedQuestion]
    graph: _Graph


def _line(row: DeliverableRow, sources: _Sources) -> Line:
    part = _part(row, sources.code)
    report, proposal = sources.reports.get(row.id), sources.proposals.get(row.id)
    questions = tuple(q for q in sources.questions if q.deliverable_id == row.id)
    needs, needed_by = sources.graph.needs(row.key), sources.graph.needed_by(row.key)
    facts = Facts(
        leads=part.role is AssignmentRole.LEAD,
        has_accepted=part.state is AssignmentState.ACCEPTED,
        status=row.status,
        report=report.state if report else ReportState.NOT_DUE,
        asking=_asking(proposal),
        questions=len(questions),
        flags=row.flags,
        needs=needs,
        needed_by=needed_by,
    )
    return Line(
        row=row,
        role=part.role,
        has_accepted=facts.has_accepted,
        wait=wait(facts, sources.code),
        report=report,
        proposal=proposal,
        questions=questions,
        needs=needs,
        needed_by=needed_by,
    )


def _part(row: DeliverableRow, code: str) -> Part:
    return next(part for part in row.parts if part.code == code)


def _asking(proposal: DateProposal | None) -> Asking | None:
    if proposal is None:
        return None
    return Asking.OFFER if proposal.is_offer else Asking.OWN
