"""The position that a member takes."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add
from app.core.errors import N_, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.decisions.models import Decision, Position
from app.decisions.queries.decisions import outcome_at, terms_of
from app.decisions.rules import Result, Stance

NO_SAY = N_("Your member has no say in this decision: it is not a member, or not shared with it.")


def take_position(
    session: Session,
    actor: Actor,
    decision: Decision,
    stance: Stance,
    statement: str,
    now: datetime,
) -> bool:
    """What the actor's member says from now on; what it said before is kept. False when it said
    just that already. Refused outside the time in which the decision is open."""
    if not can(actor, Permission.POSITION_TAKE) or actor.member_id is None:
        raise Forbidden(N_("A member's liaison takes its positions."))
    _lock(session, decision)
    found = outcome_at(session, decision, now)
    if found.result is Result.AHEAD:
        raise Refused(N_("This decision is not open yet."))
    if found.result is not Result.OPEN:
        raise Refused(N_("This decision is closed: positions do not change any more."))
    if actor.member_id not in found.entitled:
        raise Forbidden(NO_SAY)
    if stance not in terms_of(decision).stances:
        raise Refused(N_("Choose one of the answers to this decision."), field="stance")
    before = newest(session, decision, actor.member_id)
    text = statement.strip()
    if before is not None and (before.stance, before.statement) == (stance, text):
        return False
    position = Position(
        decision_id=decision.id,
        member_id=actor.member_id,
        stance=stance,
        statement=text,
        account_id=actor.account_id,
        recorded_at=now,
    )
    line = Line(actor.account_id, "position.take", Subject("decision", decision.key), now)
    add(session, position, {"member": actor.member_id}, line)
    return True


def newest(session: Session, decision: Decision, member_id: int) -> Position | None:
    return session.scalars(
        select(Position)
        .where(Position.decision_id == decision.id, Position.member_id == member_id)
        .order_by(Position.recorded_at.desc(), Position.id.desc())
        .limit(1)
    ).first()


def _lock(session: Session, decision: Decision) -> None:
    # A position and the end of it follow each other; on SQLite the transaction sees to it.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(Decision.id).where(Decision.id == decision.id).with_for_update())
