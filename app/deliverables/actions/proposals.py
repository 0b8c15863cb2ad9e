"""Another date is asked for by whoever does the work, and agreed by a coordinator.

A member proposes; a coordinator agrees, refuses or offers another date; the member agrees to an
offer, refuses it or proposes yet another. Only an agreement moves the date.
"""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.clock import today
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.actions import states
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.actions.updates import NO_PART, may_log
from app.deliverables.models import DateProposal, Deliverable, ProposalState, ScheduleChange
from app.deliverables.rules.history import Span, state_on
from app.deliverables.rules.moves import CLOSED
from app.people.models import Account

REASON_NEEDED = N_("Say in a few words why.")


def propose(
    session: Session, actor: Actor, deliverable: Deliverable, due: Due, reason: str, now: datetime
) -> DateProposal:
    """A member asks for another date. The database refuses a second open one."""
    _check_member(session, actor, deliverable)
    waiting = open_proposal(session, deliverable.id)
    if waiting is not None:
        raise Refused(N_("A date is proposed already and waits for an answer. Answer it first."))
    assert actor.member_id is not None  # noqa: S101 - _check_member saw to it
    proposal = _new(session, actor, deliverable, actor.member_id, due, reason, now)
    _trail(session, actor, deliverable, proposal, "date.propose", reason, now)
    return proposal


def counter(
    session: Session,
    actor: Actor,
    proposal: DateProposal,
    due: Due,
    reason: str,
    *,
    seen_version: int,
    now: datetime,
) -> DateProposal:
    """Answer with another date: a coordinator offers one, or the member asks for yet another."""
    deliverable = proposal.deliverable
    _check_answerer(session, actor, proposal)
    _check_open(proposal, seen_version)
    if due == Due(proposal.deadline_id, proposal.due_on):
        raise Refused(N_("That is the date that was proposed. Agree to it, or give another."))
    _answer(session, actor, proposal, ProposalState.COUNTERED, reason, now)
    further = _new(session, actor, deliverable, proposal.member_id, due, reason, now)
    further.is_offer = not proposal.is_offer
    further.answers_id = proposal.id
    session.flush()
    _trail(session, actor, deliverable, further, "date.counter", reason, now)
    return further


def agree(
    session: Session,
    actor: Actor,
    proposal: DateProposal,
    answer: str,
    *,
    seen_version: int,
    seen_schedule: int,
    now: datetime,
) -> None:
    """Say yes: the date moves from today on. `seen_schedule` is the newest change of the date that
    whoever agrees had before them."""
    deliverable = proposal.deliverable
    _check_answerer(session, actor, proposal)
    _check_open(proposal, seen_version)
    if newest_schedule_id(session, deliverable.id) != seen_schedule:
        raise Conflict(N_("The date was moved meanwhile. Look at it again before you agree."))
    _answer(session, actor, proposal, ProposalState.AGREED, answer, now)
    _trail(session, actor, deliverable, proposal, "date.agree", answer, now)
    reschedule(
        session,
        _coordinator_of(session, actor, proposal),
        deliverable,
        Due(proposal.deadline_id, proposal.due_on),
        effective_on=today(now),
        reason=proposal.reason,
        seen_version=deliverable.version,
        now=now,
    )


def refuse(
    session: Session,
    actor: Actor,
    proposal: DateProposal,
    answer: str,
    *,
    seen_version: int,
    now: datetime,
) -> None:
    """Say no, with a reason: the date stays."""
    _check_answerer(session, actor, proposal)
    _check_open(proposal, seen_version)
    if not answer.strip():
        raise Refused(REASON_NEEDED, field="answer")
    _answer(session, actor, proposal, ProposalState.REFUSED, answer, now)
    _trail(session, actor, proposal.deliverable, proposal, "date.refuse", answer, now)


def withdraw(
    session: Session, actor: Actor, proposal: DateProposal, *, seen_version: int, now: datetime
) -> None:
    """Take back what one's own side proposed."""
    if not may_withdraw(actor, proposal):
        raise Forbidden(N_("Only the side that proposed a date takes it back."))
    _check_open(proposal, seen_version)
    _answer(session, actor, proposal, ProposalState.WITHDRAWN, "", now)
    _trail(session, actor, proposal.deliverable, proposal, "date.withdraw", "", now)


def may_answer(session: Session, actor: Actor, proposal: DateProposal) -> bool:
    """An offer waits for the member it was made to, anything else for a coordinator."""
    if not proposal.is_offer:
        return can(actor, Permission.DELIVERABLE_PLAN)
    return (
        can(actor, Permission.DATE_PROPOSE)
        and actor.member_id == proposal.member_id
        and may_log(session, actor, proposal.deliverable_id)
    )


def may_withdraw(actor: Actor, proposal: DateProposal) -> bool:
    if proposal.is_offer:
        return can(actor, Permission.DELIVERABLE_PLAN)
    return can(actor, Permission.DATE_PROPOSE) and actor.member_id == proposal.member_id


def open_proposal(session: Session, deliverable_id: int) -> DateProposal | None:
    return session.scalars(
        select(DateProposal).where(
            DateProposal.deliverable_id == deliverable_id,
            DateProposal.state == ProposalState.OPEN,
        )
    ).first()


def newest_schedule_id(session: Session, deliverable_id: int) -> int:
    newest = select(func.max(ScheduleChange.id)).where(
        ScheduleChange.deliverable_id == deliverable_id
    )
    return session.scalar(newest) or 0


def due_day(session: Session, due: Due, day: date) -> date | None:
    """The last day, with deadlines as they stand on `day`."""
    if due.deadline_id is None:
        return due.own_due_on
    return session.scalar(
        select(DeadlineDate.due_on).where(
            DeadlineDate.deadline_id == due.deadline_id, DeadlineDate.holds_on(day)
        )
    )


def _new(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    member_id: int,
    due: Due,
    reason: str,
    now: datetime,
) -> DateProposal:
    day = today(now)
    present = state_on(states.history(session, actor, deliverable), day)
    assert present is not None  # noqa: S101 - whoever proposes sees it, so it exists
    _check_date(session, present, due, reason, day)
    proposal = DateProposal(
        deliverable=deliverable,
        member_id=member_id,
        from_due_on=due_day(session, Due(present.deadline_id, present.due_on), day),
        deadline_id=due.deadline_id,
        due_on=due.own_due_on,
        reason=reason.strip(),
        proposed_by_id=actor.account_id,
        proposed_at=now,
    )
    session.add(proposal)
    session.flush()
    return proposal


def _check_date(session: Session, present: Span, due: Due, reason: str, day: date) -> None:
    if present.status in CLOSED:
        raise Refused(N_("It is “%(status)s”: its date moves no more."), status=present.status)
    if (due.deadline_id is None) == (due.own_due_on is None):
        raise Refused(N_("Give either a day or a deadline."), field="due_on")
    if due == Due(present.deadline_id, present.due_on):
        raise Refused(N_("It is due then already. Give another date."), field="due_on")
    if due.own_due_on is not None and due.own_due_on < day:
        raise Refused(
            N_("This day is over: it is %(today)s in UTC. Give a later one."),
            field="due_on",
            today=day,
        )
    if due.deadline_id is not None and session.get(Deadline, due.deadline_id) is None:
        raise Refused(N_("There is no such deadline."), field="deadline")
    if not reason.strip():
        raise Refused(REASON_NEEDED, field="reason")


def _check_member(session: Session, actor: Actor, deliverable: Deliverable) -> None:
    if not can(actor, Permission.DATE_PROPOSE) or actor.member_id is None:
        raise Forbidden(N_("Only a member's liaison proposes a date; a coordinator moves it."))
    if not may_log(session, actor, deliverable.id):
        raise Forbidden(NO_PART)


def _check_answerer(session: Session, actor: Actor, proposal: DateProposal) -> None:
    if not may_answer(session, actor, proposal):
        raise Forbidden(N_("This date waits for the answer of somebody else."))


def _check_open(proposal: DateProposal, seen_version: int) -> None:
    if proposal.version != seen_version or proposal.state is not ProposalState.OPEN:
        raise Conflict(
            N_("Somebody answered this proposal meanwhile. How it stands now is shown below.")
        )


def _answer(
    session: Session,
    actor: Actor,
    proposal: DateProposal,
    state: ProposalState,
    answer: str,
    now: datetime,
) -> None:
    proposal.state = state
    proposal.answer = answer.strip()
    proposal.answered_by_id = actor.account_id
    proposal.answered_at = now
    session.flush()


def _coordinator_of(session: Session, actor: Actor, proposal: DateProposal) -> Actor:
    """Whose yes moves the date: a coordinator's own, or that of the one who offered it."""
    if not proposal.is_offer:
        return actor
    return session.get_one(Account, proposal.proposed_by_id).actor


def _trail(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    proposal: DateProposal,
    verb: str,
    reason: str,
    now: datetime,
) -> None:
    changes = {
        "proposal": (None, proposal.id),
        "deadline": (None, proposal.deadline_id),
        "due_on": (None, proposal.due_on),
        "reason": (None, reason),
    }
    subject = Subject("deliverable", deliverable.key)
    record(session, actor.account_id, verb, subject, changes, now)
