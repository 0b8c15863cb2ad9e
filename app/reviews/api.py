"""Reviews of deadlines, for those who read and hold them."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields, validate

from app.core.errors import N_, Refused
from app.core.permissions import Permission
from app.deadlines import queries as deadlines
from app.deliverables.queries import detail as details
from app.extensions import db
from app.reviews.actions import choices
from app.reviews.actions.choices import ChoiceEntry
from app.reviews.models import DeadlineReview
from app.reviews.queries import reviews
from app.reviews.routes.loading import deadline_of, load_review, other_deadlines, review_content
from app.reviews.rules.choices import Choice
from app.reviews.rules.content import Counts, Entry, Heading
from app.web.access import actor, load_or_404
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import (
    NUMBER,
    Body,
    Day,
    Query,
    Text,
    a_address,
    a_key,
    a_line,
    a_word,
    receipt,
)
from app.web.api.paging import Portion, portion
from app.web.api.shapes import many, nested, text, whole
from app.web.api.writing import Made, made
from app.web.day import now, present

blueprint = ApiBlueprint("reviews", __name__, "Reviews of deadlines")
Told = dict[str, Any]
NOT_OFFERED = N_("Choose one of the deadlines.")
EntrySchema = whole(Entry, "ReviewEntry", "deliverable_id")
HeadingSchema = whole(Heading, "ReviewHeading")
CountsSchema = whole(Counts, "ReviewCounts", "by_status")


class ReviewSchema(Schema):
    """Open until `closed_at`: from then on it says for good what it saw and chose."""

    id = fields.Integer(required=True)
    deadline = text()
    held_on = fields.Date(required=True)
    opened_by = text()
    opened_at = fields.AwareDateTime(required=True, format="iso")
    closed_by = text(or_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    effective_on = fields.Date(required=True, allow_none=True)


class ReviewDetail(ReviewSchema):
    """Everything due there, most pressing first. `chosen.version` is what another choice names."""

    heading = nested(HeadingSchema)
    counts = nested(CountsSchema)
    entries = many(EntrySchema)


class ReviewList(Schema):
    items = many(ReviewSchema)
    total = fields.Integer(required=True)
    next = text(or_none=True)


class Reviews(Portion):
    deadline = a_key()


class BeginEntry(Body):
    """`held_on` is the day whose state is reviewed; without it, today."""

    held_on = Day()


class ChoiceBody(Body):
    """`version` is that of the choice that stands, 0 where there is none. To move something, give a
    day or another deadline; to accept it, evidence where it has none."""

    choice = a_word(Choice, required=True)
    reason = Text(longest=2000, load_default="")
    new_due_on = Day(allow_none=True, load_default=None)
    new_deadline = a_key(allow_none=True, load_default=None)
    evidence_title = a_line(load_default="")
    evidence_url = a_address(allow_none=True, load_default=None)
    version = fields.Integer(strict=True, required=True, validate=validate.Range(0, 1_000_000))


@blueprint.reads("/reviews", ReviewList, takes=Reviews, permission=Permission.REVIEW_READ)
def all_reviews(asked: Told) -> Told:
    """Reviews of deadlines, open ones first, then the newest"""
    key = asked.get("deadline")
    found = [each for each in reviews.every(db.session) if key in {None, each.deadline.key}]
    page = portion(found, lambda each: each.id, asked)
    return {"items": [_told(each) for each in page.items], "total": page.total, "next": page.next}


@blueprint.reads(f"/reviews/{NUMBER}", ReviewDetail, takes=Query, permission=Permission.REVIEW_READ)
def one_review(_asked: Told, number: int) -> Told:
    """A review: what it sees of its day, or saw when it was closed"""
    review = load_review(number)
    shown = review_content(review)
    same = ("heading", "counts", "entries")
    return {**_told(review), **{name: getattr(shown, name) for name in same}}


@blueprint.writes(
    "/deadlines/<key:key>/reviews",
    receipt("Review"),
    takes=BeginEntry,
    permission=Permission.REVIEW_HOLD,
)
def begin(sent: Told, key: str) -> Made:
    """Begin a review of a deadline, or take up the one that is open for the day"""
    deadline = load_or_404(deadlines.find(db.session, key))
    day: date = sent.get("held_on") or present().today
    opened = choices.open_review(db.session, actor(), deadline, day, now())
    return made(opened.id, "api-reviews.one_review", number=opened.id)


@blueprint.writes(
    f"/reviews/{NUMBER}/choices/<key:key>",
    receipt("ReviewChoice"),
    takes=ChoiceBody,
    permission=Permission.REVIEW_HOLD,
)
def choose(sent: Told, number: int, key: str) -> Made:
    """Choose for one deliverable what is to happen once the review is closed"""
    review = load_review(number)
    deliverable = load_or_404(details.find(db.session, actor(), key))
    entry, seen = _entry(sent, review), sent["version"]
    chosen = choices.choose(db.session, actor(), review, deliverable, entry, seen, now())
    return made(chosen.id, "api-reviews.one_review", number=number)


def _entry(sent: Told, review: DeadlineReview) -> ChoiceEntry:
    """As the form makes it: what does not belong to the choice is left out."""
    moves, accepts = sent["choice"] is Choice.MOVE, sent["choice"] is Choice.ACCEPT
    return ChoiceEntry(
        choice=sent["choice"],
        reason=sent["reason"],
        new_due_on=sent["new_due_on"] if moves else None,
        new_deadline_id=_deadline(sent["new_deadline"], review) if moves else None,
        evidence_title=sent["evidence_title"] if accepts else "",
        evidence_url=(sent["evidence_url"] or "") if accepts else "",
    )


def _deadline(key: str | None, review: DeadlineReview) -> int | None:
    if key is None:
        return None
    others = {row.key: row.id for row in other_deadlines(deadline_of(review), review.held_on)}
    if key not in others:
        raise Refused(NOT_OFFERED, field="new_deadline")
    return others[key]


def _told(review: DeadlineReview) -> Told:
    same = ("id", "held_on", "opened_at", "closed_at", "effective_on")
    return {
        **{name: getattr(review, name) for name in same},
        "deadline": review.deadline.key,
        "opened_by": review.opened_by.name,
        "closed_by": review.closed_by.name if review.closed_by else None,
    }
