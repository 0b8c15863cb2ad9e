"""A review as a file for one reader: from a page and from the command line alike."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.audit.queries import origin
from app.core.clock import as_of
from app.core.markings import Channel
from app.core.permissions import Actor
from app.deadlines import queries as deadlines
from app.documents.formats import FORMATS
from app.reviews import documents
from app.reviews.models import DeadlineReview
from app.reviews.queries import content
from app.reviews.rules.content import ReviewContent
from app.reviews.wording import wanted


@dataclass(frozen=True, slots=True)
class Taken:
    """`held_on` and the key of the deadline name the file."""

    body: bytes
    content: ReviewContent


def take(
    session: Session, actor: Actor, review: DeadlineReview, name: str, *, root: str, now: datetime
) -> Taken:
    """In the format of this name. A closed review as it was kept; an open one as it looks now,
    which it says. Raises Refused where the format has no such thing."""
    reader = actor.through(Channel.EXPORT)
    found = _content(session, reader, review, now)
    publication = documents.publication(found, review.id, origin=origin(session), root=root)
    return Taken(FORMATS[name].write(publication), found)


def record_export(
    session: Session, account_id: int | None, taken: ReviewContent, name: str, now: datetime
) -> None:
    subject = Subject("deadline", taken.heading.deadline_key)
    changes = {"review": (None, taken.heading.held_on), "format": (None, name)}
    record(session, account_id, "review.export", subject, changes, now)


def _content(
    session: Session, reader: Actor, review: DeadlineReview, now: datetime
) -> ReviewContent:
    if review.closed_at is not None:
        return content.kept(session, reader, review)
    day = as_of(review.held_on, now)
    row = deadlines.deadline(session, review.deadline.key, day)
    assert row is not None  # noqa: S101 - a review is begun only where its deadline is known
    return content.live(session, wanted(reader, day), row, review)[0]
