"""What the pages of reviews load and draw in common."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import AsOf
from app.core.clock import as_of as day_at
from app.deadlines import queries as deadlines
from app.deadlines.queries import DeadlineRow
from app.deliverables.wording import NEEDS
from app.extensions import db
from app.reviews.models import DeadlineReview
from app.reviews.queries import content, reviews
from app.reviews.rules.content import ReviewContent
from app.reviews.wording import choice_words, wanted
from app.web.access import actor, load_or_404
from app.web.day import now

Answer = str | AnyResponse | tuple[str, int]

blueprint = Blueprint("reviews", __name__, template_folder="../templates")
blueprint.add_app_template_filter(choice_words)


def load_review(review_id: int) -> DeadlineReview:
    return load_or_404(reviews.find(db.session, review_id))


def day_of(review: DeadlineReview) -> AsOf:
    return day_at(review.held_on, now())


def deadline_of(review: DeadlineReview) -> DeadlineRow:
    return load_or_404(deadlines.deadline(db.session, review.deadline.key, day_of(review)))


def other_deadlines(row: DeadlineRow, day: date) -> list[DeadlineRow]:
    """Where something can be moved to: as they are known today, those not over on the day."""
    known = deadlines.deadlines(db.session, day_at(None, now()))
    return [other for other in known if other.id != row.id and other.due_on >= day]


def review_content(review: DeadlineReview) -> ReviewContent:
    """The whole of it, as the reader at hand may see it."""
    if review.closed_at is not None:
        return content.kept(db.session, actor(), review)
    asked = wanted(actor(), day_of(review))
    return content.live(db.session, asked, deadline_of(review), review)[0]


def page_of_review(review: DeadlineReview, number: int, size: int) -> tuple[ReviewContent, int]:
    """Some of its entries, and how many there are in all."""
    if review.closed_at is not None:
        whole = content.kept(db.session, actor(), review)
        first = (number - 1) * size
        shown = replace(whole, entries=whole.entries[first : first + size])
        return shown, len(whole.entries)
    asked, row = wanted(actor(), day_of(review)), deadline_of(review)
    return content.live(db.session, asked, row, review, page=number, size=size)


def around(shown: ReviewContent) -> dict[str, Any]:
    return {
        "counts": dict(shown.counts.by_status),
        "needs": NEEDS,
        "today": day_at(None, now()).today,
        "page_marking": shown.marking,
    }


def review_url(key: str, review: DeadlineReview, **values: Any) -> str:
    day = review.held_on
    asked = None if day == day_at(None, now()).today else day.isoformat()
    return url_for("reviews.review", key=key, as_of=asked, **values)
