"""Choosing for one deliverable, and seeing what others chose."""

import json
from collections.abc import Sequence
from datetime import date

from flask import Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.core.errors import Conflict, Refused
from app.core.permissions import Permission
from app.deadlines.queries import DeadlineRow
from app.deliverables.models import Deliverable
from app.deliverables.queries import detail as details
from app.extensions import db
from app.reviews.actions import choices
from app.reviews.forms import ChoiceForm
from app.reviews.models import DeadlineReview
from app.reviews.queries import content, reviews
from app.reviews.routes.loading import (
    Answer,
    blueprint,
    day_of,
    deadline_of,
    load_review,
    other_deadlines,
    review_url,
)
from app.reviews.rules.content import Entry
from app.reviews.wording import wanted
from app.web.access import access, actor, load_or_404
from app.web.day import now

PART = "X-Part"
"""Our script asks for the part of the page that changes; without it the whole page answers."""


@blueprint.post("/reviews/<int:review_id>/choices/<key>")
@access(Permission.REVIEW_HOLD)
def choose(review_id: int, key: str) -> Answer:
    review = load_review(review_id)
    deliverable = load_or_404(details.find(db.session, actor(), key))
    row = deadline_of(review)
    form = ChoiceForm()
    shown = load_or_404(_entry(review, deliverable))
    form.offer(key, shown.status, other_deadlines(row, review.held_on))
    if not form.validate_on_submit():
        return _choice_page(review, row, shown, form, 422)
    seen = form.seen.data
    try:
        choices.choose(db.session, actor(), review, deliverable, form.entry, seen, now())
    except Refused as refused:
        db.session.rollback()
        review = load_review(review_id)
        shown = load_or_404(_entry(review, deliverable))
        if isinstance(refused, Conflict) and shown.chosen:
            form.seen.data = shown.chosen.version
        form.refuse(refused)
        return _choice_page(review, row, shown, form, refused.status)
    if PART in request.headers:
        shown = load_or_404(_entry(review, deliverable))
        return _card(review, shown, _form(shown, other_deadlines(row, review.held_on)))
    flash(_("Saved: %(title)s.", title=deliverable.title), "success")
    number = request.args.get("page", "1")
    page = None if number == "1" else number
    return redirect(review_url(row.key, review, page=page, _anchor=f"d-{key}"), 303)


@blueprint.get("/reviews/<int:review_id>/choices")
@access(Permission.REVIEW_HOLD)
def changes(review_id: int) -> Response:
    """What was chosen since the choice that `since` names: asked every few seconds by each page
    that is open, so an answer without news costs one small query."""
    review = load_review(review_id)
    last = reviews.last_choice_id(db.session, review)
    tag = f"{last}-{'closed' if review.closed_at else 'open'}-{actor().account_id}"
    if request.if_none_match.contains(tag):
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    since = request.args.get("since", "")
    after = int(since) if since.isascii() and since.isdigit() and len(since) < 18 else 0
    row = deadline_of(review)
    chosen = reviews.newest_choices(db.session, actor(), review)
    news = [each.deliverable_id for each in chosen.values() if each.id > after]
    entries = content.some(db.session, wanted(actor(), day_of(review)), review, news)
    forms = choice_forms(entries, row, review.held_on)
    cards = {entry.key: _card(review, entry, forms[entry.key]) for entry in entries}
    body = {"last": last, "closed": review.closed_at is not None, "cards": cards}
    answer = Response(json.dumps(body), mimetype="application/json")
    answer.set_etag(tag)
    return answer


def _entry(review: DeadlineReview, deliverable: Deliverable) -> Entry | None:
    found = content.some(db.session, wanted(actor(), day_of(review)), review, [deliverable.id])
    return found[0] if found else None


def choice_forms(entries: Sequence[Entry], row: DeadlineRow, day: date) -> dict[str, ChoiceForm]:
    others = other_deadlines(row, day)
    return {entry.key: _form(entry, others) for entry in entries}


def _form(entry: Entry, others: list[DeadlineRow]) -> ChoiceForm:
    form = ChoiceForm(formdata=None)
    form.offer(entry.key, entry.status, others)
    form.show(entry.chosen)
    return form


def _card(review: DeadlineReview, entry: Entry, form: ChoiceForm) -> str:
    return render_template("reviews/_card.html", review=review, entry=entry, form=form)


def _choice_page(
    review: DeadlineReview, row: DeadlineRow, entry: Entry, form: ChoiceForm, status: int
) -> tuple[str, int]:
    if PART in request.headers:
        return _card(review, entry, form), status
    page = render_template(
        "reviews/choice.html",
        review=review,
        deadline=row,
        entry=entry,
        form=form,
        back=review_url(row.key, review),
        page_marking=entry.marking,
    )
    return page, status
