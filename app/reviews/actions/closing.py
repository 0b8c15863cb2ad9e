"""Closing a review: what was chosen is done, all of it or nothing, and what was seen is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.clock import as_of, today
from app.core.errors import N_, Conflict, Refused
from app.core.frozen import freeze
from app.core.permissions import Actor
from app.deadlines.models import Deadline
from app.deliverables.actions.questions import escalate
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.actions.updates import EvidenceLink, UpdateEntry, log_update
from app.deliverables.models import Deliverable
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.groups import Need
from app.deliverables.queries.listing import listed
from app.deliverables.rules.moves import Status
from app.reviews.actions.choices import check_holder, hold
from app.reviews.models import DeadlineReview, ReviewChoice, ReviewEntry
from app.reviews.queries import reviews
from app.reviews.rules.choices import BECOMES, Choice
from app.reviews.rules.content import Entry, ReviewContent
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one choice cannot be carried out. Without a title, it is about something that whoever
    closes may not see."""

    title: str
    refused: Refused


class NotClosed(Refused):
    """Some choices cannot be carried out, so none was."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(N_("The review was not closed: some choices cannot be carried out."))
        self.faults = tuple(faults)


def close(
    session: Session,
    actor: Actor,
    review: DeadlineReview,
    content: ReviewContent,
    *,
    unseen: Sequence[Entry] = (),
    effective_on: date,
    seen_choice_id: int,
    now: datetime,
) -> None:
    """Carry out what stands, from `effective_on` on, and keep `content`, the whole review as it was
    seen, and `unseen`, what only others may read of it. Raises Conflict when somebody chose since
    `seen_choice_id`, NotClosed when something cannot be done."""
    check_holder(actor)
    hold(session, review)
    _check_day(review, effective_on, now)
    if reviews.last_choice_id(session, review) != seen_choice_id:
        raise Conflict(
            N_("Somebody chose something since you opened this page. Look at it, then close.")
        )
    chosen = _standing(session, review)
    faults = [
        fault
        for choice in chosen
        if (fault := _tried(session, actor, choice, effective_on, now)) is not None
    ]
    if faults:
        raise NotClosed(faults)
    _keep(session, review, content, unseen)
    review.closed_at, review.closed_by_id = now, actor.account_id
    review.effective_on = effective_on
    session.flush()
    _tell(session, actor, review, len(chosen), now)


def _tell(
    session: Session, actor: Actor, review: DeadlineReview, choices: int, now: datetime
) -> None:
    deadline = session.get_one(Deadline, review.deadline_id)
    changes = {
        "review": (None, review.id),
        "choices": (None, choices),
        "effective_on": (None, review.effective_on),
    }
    subject = Subject("deadline", deadline.key)
    record(session, actor.account_id, "review.close", subject, changes, now)


def default_effective_on(review: DeadlineReview, now: datetime) -> date:
    """A review of a past day is the record of one that took place then; one that was begun on its
    own day holds from when it is closed."""
    is_record = review.held_on < today(review.opened_at)
    return review.held_on if is_record else today(now)


def _check_day(review: DeadlineReview, effective_on: date, now: datetime) -> None:
    if not review.held_on <= effective_on <= today(now):
        raise Refused(
            N_("Give a day from %(first)s to %(last)s."),
            field="effective_on",
            first=review.held_on,
            last=today(now),
        )


def _standing(session: Session, review: DeadlineReview) -> list[ReviewChoice]:
    """Everybody's: also of what is marked RED, and whoever closes is not named on."""
    found = session.scalars(
        select(ReviewChoice)
        .where(ReviewChoice.review_id == review.id)
        .order_by(ReviewChoice.deliverable_id, ReviewChoice.version)
    )
    return list({choice.deliverable_id: choice for choice in found}.values())


def _tried(
    session: Session, actor: Actor, choice: ReviewChoice, effective_on: date, now: datetime
) -> Fault | None:
    """Each on its own, so that one report names every fault."""
    deliverable = session.get_one(Deliverable, choice.deliverable_id)
    try:
        with session.begin_nested():
            _carry_out(session, actor, deliverable, choice, effective_on, now)
    except Refused as refused:
        return Fault(_title(session, actor, choice), refused)
    return None


def _title(session: Session, actor: Actor, choice: ReviewChoice) -> str:
    of_it = Deliverable.id == choice.deliverable_id
    found = session.scalar(select(Deliverable.title).where(of_it, visible(actor, Deliverable)))
    return found or ""


def _carry_out(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    choice: ReviewChoice,
    effective_on: date,
    now: datetime,
) -> None:
    if choice.choice in BECOMES:
        entry = _update(session, actor, deliverable, choice, effective_on, now)
        log_update(session, actor, deliverable, entry, now)
    elif choice.choice is Choice.MOVE:
        _check_known(session, choice, effective_on)
        reschedule(
            session,
            actor,
            deliverable,
            Due(choice.new_deadline_id, choice.new_due_on),
            effective_on=effective_on,
            reason=choice.reason,
            seen_version=deliverable.version,
            now=now,
        )
    elif choice.choice is Choice.ESCALATE:
        escalate(session, actor, deliverable, choice.reason, now)


def _check_known(session: Session, choice: ReviewChoice, day: date) -> None:
    if choice.new_deadline_id is None:
        return
    deadline = session.get_one(Deadline, choice.new_deadline_id)
    if deadline.exists_from > day:
        raise Refused(
            N_("“%(deadline)s” is known only from %(day)s on: nothing could be due at it before."),
            deadline=deadline.title,
            day=deadline.exists_from,
        )


def _update(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    choice: ReviewChoice,
    effective_on: date,
    now: datetime,
) -> UpdateEntry:
    """What was known of its progress stays known; what is delivered is done."""
    status = BECOMES[choice.choice]
    which = Filter(ids=[deliverable.id])
    rows = listed(session, actor, as_of(effective_on, now), which).rows
    progress = rows[0].progress if rows else None
    if status is Status.DELIVERED and progress is not None:
        progress = 100
    title = choice.evidence_title or choice.evidence_url
    link = EvidenceLink(title=title, url=choice.evidence_url)
    return UpdateEntry(
        status=status,
        effective_on=effective_on,
        progress=progress,
        note=choice.reason,
        evidence=(link,) if choice.evidence_url else (),
    )


def _keep(
    session: Session, review: DeadlineReview, content: ReviewContent, unseen: Sequence[Entry]
) -> None:
    """In the order of need; whoever reads it meets what they may see."""
    review.saw = freeze(content.heading)
    order: list[str] = list(Need)
    entries = sorted((*content.entries, *unseen), key=lambda entry: order.index(entry.need))
    session.add_all(
        ReviewEntry(
            review_id=review.id,
            deliverable_id=entry.deliverable_id,
            position=position,
            saw=freeze(entry),
        )
        for position, entry in enumerate(entries)
    )
