"""Recording how a decision ended, once it is closed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.audit.writing import Line, change
from app.core.clock import as_of, today
from app.core.errors import N_, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.decisions.certificate import Answer, Certificate, frozen, hash_of
from app.decisions.models import Decision, Position, Settlement
from app.decisions.queries.decisions import due_to_settle, members, outcome_at
from app.decisions.rules import DecisionState, Outcome, Result
from app.deliverables.actions.assignments import AssignmentEntry, assign
from app.deliverables.models import AssignmentRole, AssignmentState, Deliverable
from app.deliverables.queries.listing import parts_of
from app.members.models import DecisionRule, Member
from app.members.queries.network import network
from app.notices.actions import happened
from app.notices.rules import Happening as News


def settle(session: Session, actor: Actor, decision: Decision, now: datetime) -> Outcome:
    """Freeze the outcome with its certificate. Those whom an opt-in binds get the part in the
    deliverable that it is about: they have said yes."""
    if not can(actor, Permission.DECISION_PUT):
        raise Forbidden(N_("Only a coordinator records how a decision ended."))
    if decision.state is not DecisionState.OPEN:
        raise Refused(N_("How it ended is recorded already."))
    if decision.closes_at is None or decision.closes_at > now:
        raise Refused(N_("It is still open. How it ended is recorded once it is closed."))
    found = outcome_at(session, decision, now)
    content = frozen(_certificate(session, decision, found))
    session.add(
        Settlement(
            decision_id=decision.id,
            settled_at=now,
            settled_by_id=actor.account_id,
            content=content,
            content_hash=hash_of(content),
        )
    )
    line = Line(actor.account_id, "decision.settle", Subject("decision", decision.key), now)
    change(session, decision, {"state": DecisionState(found.result.value)}, line)
    happened(session, actor, News.DECISION_CLOSED, line.subject, now)
    if found.result is Result.PASSED and decision.deliverable_id is not None:
        _assign_bound(session, actor, decision, found, now)
    return found


def record_export(
    session: Session, account_id: int | None, key: str, format_: str, now: datetime
) -> None:
    """Who took the certificate away, and when."""
    subject = Subject("decision", key)
    record(session, account_id, "decision.export", subject, {"format": (None, format_)}, now)


def settle_all(session: Session, actor: Actor, now: datetime) -> list[Decision]:
    """Everything that has closed since."""
    due = due_to_settle(session, now)
    for decision in due:
        settle(session, actor, decision, now)
    return list(due)


def _assign_bound(
    session: Session, actor: Actor, decision: Decision, found: Outcome, now: datetime
) -> None:
    deliverable = session.get_one(Deliverable, decision.deliverable_id)
    parts = parts_of(session, [deliverable.id], as_of(None, now))[deliverable.id]
    roles = {part.code: part.role for part in parts if part.is_taken}
    accepted = {part.code for part in parts if part.state is AssignmentState.ACCEPTED}
    entry = AssignmentEntry(
        role=AssignmentRole.CONTRIBUTOR,
        state=AssignmentState.ACCEPTED,
        from_on=max(today(now), deliverable.exists_from),
        reason=decision.key,
        has_said_yes=True,
    )
    for member in _in_order(session, found.bound):
        if member.code not in accepted:
            own = replace(entry, role=roles.get(member.code, entry.role))
            assign(session, actor, deliverable, member, own, now)


def _in_order(session: Session, ids: Iterable[int]) -> list[Member]:
    return sorted(members(session, ids).values(), key=lambda member: member.code)


def _certificate(session: Session, decision: Decision, found: Outcome) -> Certificate:
    assert decision.opens_at is not None  # noqa: S101 - it was put
    assert decision.closes_at is not None  # noqa: S101 - the same
    assert found.why is not None  # noqa: S101 - it is closed
    called = network(session, as_of(today(decision.closes_at), decision.closes_at))
    return Certificate(
        key=decision.key,
        title=decision.title,
        proposal=decision.proposal,
        network=called.name if called else "",
        marking=decision.marking,
        is_opt_in=decision.rule is DecisionRule.OPT_IN,
        quorum=decision.quorum,
        silence_is_assent=decision.silence_is_assent,
        opens_at=decision.opens_at,
        closes_at=decision.closes_at,
        result=found.result,
        why=found.why,
        answered=found.answered,
        answers=_answers(session, decision, found),
    )


def _answers(session: Session, decision: Decision, found: Outcome) -> tuple[Answer, ...]:
    rows = session.scalars(
        select(Position)
        .where(Position.decision_id == decision.id, Position.recorded_at < decision.closes_at)
        .order_by(Position.recorded_at, Position.id)
    )
    last = {row.member_id: row for row in rows}
    return tuple(
        Answer(
            code=member.code,
            name=member.name,
            stance=found.stances.get(member.id),
            statement=last[member.id].statement if member.id in found.stances else "",
            at=last[member.id].recorded_at if member.id in found.stances else None,
            is_assumed=member.id in found.assumed,
            is_bound=member.id in found.bound,
        )
        for member in _in_order(session, found.entitled)
    )
