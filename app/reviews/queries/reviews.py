"""Reviews, and what was chosen in them, as far as the reader may see the deliverables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.core.permissions import Actor
from app.deadlines.models import Deadline
from app.deliverables.models import AskedQuestion, Deliverable
from app.people.models import Account
from app.reviews.models import DeadlineReview, ReviewChoice
from app.sharing.queries import visible

PAGE_SIZE = 50
OPEN_THEN_NEWEST = (
    DeadlineReview.closed_at.is_not(None),
    DeadlineReview.held_on.desc(),
    DeadlineReview.id.desc(),
)


@dataclass(frozen=True, slots=True)
class Page:
    reviews: Sequence[DeadlineReview]
    total: int


def reviews(session: Session, *, page: int, deadline_id: int | None = None) -> Page:
    """Those that are open first, then the newest; with their deadline and who held them."""
    of_it = DeadlineReview.deadline_id == deadline_id if deadline_id is not None else None
    conditions = [] if of_it is None else [of_it]
    found = session.scalars(
        _with_people()
        .where(*conditions)
        .order_by(*OPEN_THEN_NEWEST)
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    ).all()
    total = session.scalar(select(func.count(DeadlineReview.id)).where(*conditions)) or 0
    return Page(found, total)


def every(session: Session) -> Sequence[DeadlineReview]:
    """All of them, in the same order, with their deadline."""
    return session.scalars(_with_people().order_by(*OPEN_THEN_NEWEST)).all()


def find(session: Session, review_id: int) -> DeadlineReview | None:
    return session.scalars(_with_people().where(DeadlineReview.id == review_id)).first()


def open_on(session: Session, deadline_id: int, day: date) -> DeadlineReview | None:
    """The one of this deadline and day that is not closed."""
    return session.scalars(
        _with_people().where(
            DeadlineReview.deadline_id == deadline_id,
            DeadlineReview.held_on == day,
            DeadlineReview.closed_at.is_(None),
        )
    ).first()


def newest_choices(
    session: Session, reader: Actor, review: DeadlineReview, ids: Iterable[int] | None = None
) -> Mapping[int, ReviewChoice]:
    """By deliverable: the choice that stands, with who chose it and what it refers to."""
    later = aliased(ReviewChoice)
    overtaken = (
        select(1)
        .where(
            later.review_id == ReviewChoice.review_id,
            later.deliverable_id == ReviewChoice.deliverable_id,
            later.version > ReviewChoice.version,
        )
        .correlate(ReviewChoice)
        .exists()
    )
    among = [] if ids is None else [ReviewChoice.deliverable_id.in_(list(ids))]
    found = session.scalars(_choices(reader, review, ~overtaken, *among))
    return {choice.deliverable_id: choice for choice in found}


def all_choices(
    session: Session, reader: Actor, review: DeadlineReview, deliverable_id: int
) -> Sequence[ReviewChoice]:
    """Every choice for one deliverable, the newest first."""
    of_it = ReviewChoice.deliverable_id == deliverable_id
    query = _choices(reader, review, of_it).order_by(ReviewChoice.version.desc())
    return session.scalars(query).all()


def last_choice_id(session: Session, review: DeadlineReview) -> int:
    """Rises with every choice of the review; 0 before the first. It says nothing of what."""
    newest = select(func.max(ReviewChoice.id)).where(ReviewChoice.review_id == review.id)
    return session.scalar(newest) or 0


def _choices(
    reader: Actor, review: DeadlineReview, *conditions: ColumnElement[bool]
) -> Select[ReviewChoice]:
    return (
        select(ReviewChoice)
        .join(
            Deliverable,
            and_(Deliverable.id == ReviewChoice.deliverable_id, visible(reader, Deliverable)),
        )
        .where(ReviewChoice.review_id == review.id, *conditions)
        .options(
            joinedload(ReviewChoice.chosen_by).load_only(Account.id, Account.name),
            joinedload(ReviewChoice.new_deadline).load_only(Deadline.key, Deadline.title),
            joinedload(ReviewChoice.question).load_only(
                AskedQuestion.closed_at, AskedQuestion.answered_by_id
            ),
        )
    )


def _with_people() -> Select[DeadlineReview]:
    names = (Account.id, Account.name)
    return select(DeadlineReview).options(
        joinedload(DeadlineReview.deadline),
        joinedload(DeadlineReview.opened_by).load_only(*names),
        joinedload(DeadlineReview.closed_by).load_only(*names),
    )
