"""Decisions as a reader may know of them, and how each stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.permissions import Actor, Permission, can
from app.decisions.models import Decision, Position, Settlement
from app.decisions.queries.electorate import seats_of
from app.decisions.rules import DecisionState, Outcome, Result, Said, Terms, outcome
from app.members.models import DecisionRule, Member
from app.people.models import Account
from app.sharing.queries import visible
from app.sharing.remembering import remembered


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """`outcome` is None for a draft. `is_settled`: its end was recorded."""

    decision: Decision
    outcome: Outcome | None
    settlement: Settlement | None

    @property
    def is_settled(self) -> bool:
        return self.settlement is not None

    @property
    def word(self) -> str:
        """What the page calls its state."""
        return self.outcome.result.value if self.outcome else DecisionState.DRAFT.value


def readable(reader: Actor | None, as_of: AsOf) -> ColumnElement[bool]:
    """Drafts are for those who put decisions."""
    put = Decision.state != DecisionState.DRAFT
    known = and_(Decision.exists_on(as_of.day), visible(reader, Decision))
    return known if can(reader, Permission.DECISION_PUT) else and_(known, put)


def decisions(
    session: Session, reader: Actor, as_of: AsOf, now: datetime, *, question_id: int | None = None
) -> tuple[DecisionRow, ...]:
    """Open ones first, those that close first before the others; then by the latest close."""
    query = (
        select(Decision)
        .where(readable(reader, as_of))
        .order_by(Decision.closes_at.desc(), Decision.id.desc())
    )
    if question_id is not None:
        query = query.where(Decision.question_id == question_id)
    rows = _standing(session, session.scalars(query).all(), instant(as_of, now))
    far = datetime.max.replace(tzinfo=UTC)
    is_open = {Result.OPEN: 0, Result.AHEAD: 1}

    def order(row: DecisionRow) -> tuple[int, datetime]:
        place = is_open.get(row.outcome.result, 3) if row.outcome else 2
        return place, (row.decision.closes_at or far) if place < 2 else far

    return tuple(sorted(rows, key=order))


def in_their_time(session: Session, as_of: AsOf, now: datetime) -> tuple[int, ...]:
    """The ids of all that were put and are within their time, be they withdrawn: for telling when
    the hour changes what is open, never for showing."""
    at = instant(as_of, now)
    times = remembered(session, None, None, "times of decisions", partial(_times, session))
    return tuple(id_ for id_, opens_at, closes_at in times if opens_at <= at < closes_at)


def _times(session: Session) -> list[tuple[int, datetime, datetime]]:
    query = select(Decision.id, Decision.opens_at, Decision.closes_at).where(
        Decision.state != DecisionState.DRAFT
    )
    rows = session.execute(query.order_by(Decision.id))
    return [
        (id_, opens_at, closes_at)
        for id_, opens_at, closes_at in rows
        if opens_at is not None and closes_at is not None
    ]


def find(session: Session, reader: Actor, as_of: AsOf, key: str) -> Decision | None:
    return session.scalars(
        select(Decision).where(Decision.key == key, readable(reader, as_of))
    ).first()


def standing(session: Session, decision: Decision, as_of: AsOf, now: datetime) -> DecisionRow:
    return _standing(session, [decision], instant(as_of, now))[0]


def instant(as_of: AsOf, now: datetime) -> datetime:
    """The moment that a day stands for: the present one today, else the end of the day."""
    if as_of.is_today:
        return now
    return datetime.combine(as_of.day + timedelta(days=1), time.min, UTC) - timedelta(
        microseconds=1
    )


def outcome_at(session: Session, decision: Decision, at: datetime) -> Outcome:
    """By the rule. Only for what was put."""
    settled = _settlements(session, [decision])
    return _outcomes(session, [decision], settled, at)[decision.id]


def positions_of(session: Session, decision: Decision, at: datetime) -> Sequence[Position]:
    """All of them up to then, the newest first, with the member."""
    return session.scalars(
        select(Position)
        .where(Position.decision_id == decision.id, Position.recorded_at <= at)
        .options(joinedload(Position.member))
        .order_by(Position.recorded_at.desc(), Position.id.desc())
    ).all()


def members(session: Session, ids: Iterable[int]) -> Mapping[int, Member]:
    found = session.scalars(select(Member).where(Member.id.in_(list(ids))))
    return {member.id: member for member in found}


def waiting_for(
    session: Session, reader: Actor, as_of: AsOf, now: datetime
) -> tuple[DecisionRow, ...]:
    """Open decisions in which the reader's member has a say and has not answered."""
    if reader.member_id is None or not in_their_time(session, as_of, now):
        return ()
    return tuple(
        row
        for row in decisions(session, reader, as_of, now)
        if row.outcome is not None
        and row.outcome.result is Result.OPEN
        and reader.member_id in row.outcome.silent
    )


def terms_of(decision: Decision, settlement: Settlement | None = None) -> Terms:
    """Only for what was put. `settlement` tells when it was withdrawn, if it was."""
    assert decision.opens_at is not None  # noqa: S101 - it was put
    assert decision.closes_at is not None  # noqa: S101 - the same
    is_withdrawn = decision.state is DecisionState.WITHDRAWN
    return Terms(
        is_opt_in=decision.rule is DecisionRule.OPT_IN,
        quorum=decision.quorum,
        silence_is_assent=decision.silence_is_assent,
        opens_at=decision.opens_at,
        closes_at=decision.closes_at,
        withdrawn_at=settlement.settled_at if settlement and is_withdrawn else None,
    )


def settlement_of(session: Session, decision: Decision) -> Settlement | None:
    return session.get(Settlement, decision.id)


def certified(session: Session, decision: Decision) -> Settlement | None:
    """How it ended, where a certificate says so: nothing is certified of what was withdrawn."""
    settled = settlement_of(session, decision)
    return settled if settled is not None and settled.content else None


def _standing(session: Session, found: Sequence[Decision], at: datetime) -> tuple[DecisionRow, ...]:
    put = [decision for decision in found if decision.state is not DecisionState.DRAFT]
    settled = _settlements(session, put)
    outcomes = _outcomes(session, put, settled, at)
    return tuple(
        DecisionRow(decision, outcomes.get(decision.id), settled.get(decision.id))
        for decision in found
    )


def _settlements(session: Session, put: Sequence[Decision]) -> dict[int, Settlement]:
    of_them = Settlement.decision_id.in_([decision.id for decision in put])
    return {row.decision_id: row for row in session.scalars(select(Settlement).where(of_them))}


def _outcomes(
    session: Session, put: Sequence[Decision], settled: Mapping[int, Settlement], at: datetime
) -> dict[int, Outcome]:
    seats = seats_of(session, put)
    said: dict[int, list[Said]] = {}
    rows = session.execute(
        select(Position.decision_id, Position.member_id, Position.stance, Position.recorded_at)
        .where(Position.decision_id.in_([decision.id for decision in put]))
        .order_by(Position.recorded_at, Position.id)
    )
    for decision_id, member_id, stance, recorded_at in rows:
        said.setdefault(decision_id, []).append(Said(member_id, stance, recorded_at))
    found = {}
    for each in put:
        end = settled.get(each.id)
        by_rule = outcome(terms_of(each, end), seats[each.id], said.get(each.id, []), at)
        found[each.id] = _as_settled(each, end, by_rule, at)
    return found


def _as_settled(
    decision: Decision, settled: Settlement | None, by_rule: Outcome, at: datetime
) -> Outcome:
    """What was recorded stands, whatever is learned later of who was a member when."""
    if settled is None or at < settled.settled_at:
        return by_rule
    return replace(by_rule, result=Result(decision.state.value))


def due_to_settle(session: Session, now: datetime) -> Sequence[Decision]:
    """Those that closed and whose end is not recorded. Not for readers: it knows no marking."""
    return session.scalars(
        select(Decision)
        .where(Decision.state == DecisionState.OPEN, Decision.closes_at <= now)
        .order_by(Decision.closes_at, Decision.id)
    ).all()


def settler(session: Session, settlement: Settlement) -> str:
    return session.scalars(select(Account.name).where(Account.id == settlement.settled_by_id)).one()
