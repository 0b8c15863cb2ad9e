"""Opening a review, and choosing for one deliverable after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.clock import as_of, today
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.deadlines.models import Deadline
from app.deliverables.actions import questions
from app.deliverables.models import AskedQuestion, Deliverable, Evidence
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, listed
from app.reviews.models import DeadlineReview, ReviewChoice
from app.reviews.queries import reviews
from app.reviews.rules.choices import Choice, Given, Missing, missing, open_choices
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceEntry:
    """What a coordinator chooses. For a question, `reason` is what is asked."""

    choice: Choice
    reason: str = ""
    new_due_on: date | None = None
    new_deadline_id: int | None = None
    evidence_title: str = ""
    evidence_url: str = ""


MISSING = {
    Missing.REASON: (N_("Say why, in a sentence."), "reason"),
    Missing.DATE: (N_("Give either a new day or another deadline."), "new_due_on"),
    Missing.EVIDENCE: (N_("“Delivered” needs evidence: add a link that shows it."), "evidence_url"),
}


def open_review(
    session: Session, actor: Actor, deadline: Deadline, held_on: date, now: datetime
) -> DeadlineReview:
    """The review of the deadline as of a day; the one that is open already, where there is one."""
    check_holder(actor)
    if held_on > today(now):
        raise Refused(N_("This day has not come yet. Review the deadline as of today."))
    if held_on < deadline.exists_from:
        raise Refused(N_("The deadline is known only from %(day)s on."), day=deadline.exists_from)
    # Two who begin at the same moment wait for each other here.
    session.execute(select(Deadline.id).where(Deadline.id == deadline.id).with_for_update())
    found = reviews.open_on(session, deadline.id, held_on)
    if found is not None:
        return found
    review = DeadlineReview(
        deadline_id=deadline.id, held_on=held_on, opened_by_id=actor.account_id, opened_at=now
    )
    session.add(review)
    session.flush()
    _trail(session, actor, "review.open", deadline, {"held_on": (None, held_on)}, now)
    return review


def choose(
    session: Session,
    actor: Actor,
    review: DeadlineReview,
    deliverable: Deliverable,
    entry: ChoiceEntry,
    seen_version: int,
    now: datetime,
) -> ReviewChoice:
    """Save what is chosen for one deliverable. A question goes out at once; everything else
    happens when the review is closed. Raises Conflict when somebody chose since `seen_version`
    (0: nothing was chosen yet)."""
    check_holder(actor)
    hold(session, review)
    row = _row(session, actor, review, deliverable, now)
    _check(session, actor, row, review, entry)
    before = _standing(session, review, deliverable)
    if before is not None and _says(before) == entry:
        return before
    if (before.version if before else 0) != seen_version:
        raise Conflict(
            N_(
                "Somebody else chose for this deliverable while you did. Their choice is shown; "
                "yours is kept below. Save again if yours should stand."
            )
        )
    question = _asked(session, actor, deliverable, before, entry, now)
    chosen = ReviewChoice(
        review_id=review.id,
        deliverable_id=deliverable.id,
        version=seen_version + 1,
        question_id=question.id if question else None,
        chosen_by_id=actor.account_id,
        chosen_at=now,
        **{name: getattr(entry, name) for name in entry.__slots__},
    )
    session.add(chosen)
    session.flush()
    _trail_of_choice(session, actor, deliverable, before, chosen)
    return chosen


def check_holder(actor: Actor) -> None:
    if not can(actor, Permission.REVIEW_HOLD):
        raise Forbidden(N_("Only a coordinator holds reviews."))


def hold(session: Session, review: DeadlineReview) -> None:
    """From here on others wait; refused for a review that is closed."""
    of_it = select(DeadlineReview.id).where(DeadlineReview.id == review.id)
    session.execute(of_it.with_for_update())
    session.refresh(review, ["closed_at"])
    if review.closed_at is not None:
        raise Conflict(N_("This review was closed meanwhile; what it chose stands."))


def _row(
    session: Session,
    actor: Actor,
    review: DeadlineReview,
    deliverable: Deliverable,
    now: datetime,
) -> DeliverableRow:
    which = Filter(ids=[deliverable.id], deadline_id=review.deadline_id)
    rows = listed(session, actor, as_of(review.held_on, now), which).rows
    if not rows:
        raise Refused(N_("On the day of the review it was not due at this deadline."))
    return rows[0]


def _check(
    session: Session,
    actor: Actor,
    row: DeliverableRow,
    review: DeadlineReview,
    entry: ChoiceEntry,
) -> None:
    if entry.choice not in open_choices(row.status):
        raise Refused(
            N_("It is “%(status)s”. Open to you: %(choices)s."),
            field="choice",
            status=row.status,
            choices=open_choices(row.status),
        )
    if entry.choice is Choice.ASK and not row.lead_parts:
        raise Refused(
            N_("No member leads it or is asked to: nobody would see the question. Propose a lead."),
            field="choice",
        )
    if entry.new_deadline_id == review.deadline_id:
        raise Refused(N_("It is due at this deadline already."), field="new_deadline")
    dates = [entry.new_due_on, entry.new_deadline_id]
    has_evidence = bool(entry.evidence_url) or _has_evidence(session, actor, row.id)
    given = Given(entry.reason, sum(date is not None for date in dates), has_evidence)
    lacks = missing(entry.choice, row.status, given)
    if lacks is not None:
        message, field = MISSING[lacks]
        raise Refused(message, field=field)


def _has_evidence(session: Session, actor: Actor, deliverable_id: int) -> bool:
    of_it = select(Evidence.id).where(
        Evidence.deliverable_id == deliverable_id, visible(actor, Evidence)
    )
    return session.scalars(of_it.limit(1)).first() is not None


def _standing(
    session: Session, review: DeadlineReview, deliverable: Deliverable
) -> ReviewChoice | None:
    return session.scalars(
        select(ReviewChoice)
        .where(ReviewChoice.review_id == review.id, ReviewChoice.deliverable_id == deliverable.id)
        .order_by(ReviewChoice.version.desc())
        .limit(1)
    ).first()


def _says(choice: ReviewChoice) -> ChoiceEntry:
    return ChoiceEntry(**{name: getattr(choice, name) for name in ChoiceEntry.__slots__})


def _asked(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    before: ReviewChoice | None,
    entry: ChoiceEntry,
    now: datetime,
) -> AskedQuestion | None:
    """What was asked before is withdrawn, unless it was answered."""
    if before is not None and before.question_id is not None:
        earlier = session.get_one(AskedQuestion, before.question_id)
        questions.withdraw(session, actor, deliverable, earlier, now)
    if entry.choice is not Choice.ASK:
        return None
    return questions.ask(session, actor, deliverable, entry.reason, now)


def _trail(
    session: Session,
    actor: Actor,
    verb: str,
    deadline: Deadline,
    changes: Mapping[str, tuple[Any, Any]],
    now: datetime,
) -> None:
    record(session, actor.account_id, verb, Subject("deadline", deadline.key), changes, now)


def _trail_of_choice(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    before: ReviewChoice | None,
    chosen: ReviewChoice,
) -> None:
    changes = {
        "review": (None, chosen.review_id),
        "choice": (before.choice if before else None, chosen.choice),
        "version": (None, chosen.version),
    }
    subject = Subject("deliverable", deliverable.key)
    record(session, actor.account_id, "review.choose", subject, changes, chosen.chosen_at)
