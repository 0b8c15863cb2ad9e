"""Closing a review as a whole."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.agendas.escalating import put_before_next_meeting
from app.core.clock import as_of as day_at
from app.core.errors import Refused
from app.core.permissions import Permission
from app.extensions import db
from app.reviews.actions import closing
from app.reviews.forms import CloseForm
from app.reviews.models import DeadlineReview
from app.reviews.queries import reviews
from app.reviews.queries.unseen import unseen
from app.reviews.routes.loading import (
    Answer,
    around,
    blueprint,
    day_of,
    load_review,
    review_content,
    review_url,
)
from app.reviews.rules.choices import Choice
from app.reviews.rules.content import Entry, ReviewContent
from app.reviews.wording import CONSEQUENCES, wanted
from app.web.access import access, actor
from app.web.day import now
from app.web.wording import worded


@blueprint.get("/reviews/<int:review_id>/close")
@access(Permission.REVIEW_HOLD)
def confirm_close(review_id: int) -> Answer:
    review = load_review(review_id)
    if review.closed_at is not None:
        return redirect(url_for("reviews.show", review_id=review.id), 303)
    form = CloseForm()
    form.effective_on.data = closing.default_effective_on(review, now())
    return _close_page(review, form)


@blueprint.post("/reviews/<int:review_id>/close")
@access(Permission.REVIEW_HOLD)
def close(review_id: int) -> Answer:
    review, form = load_review(review_id), CloseForm()
    if not form.validate_on_submit():
        return _close_page(review, form), 422
    whole = review_content(review)
    try:
        closing.close(
            db.session,
            actor(),
            review,
            whole,
            unseen=unseen(db.session, wanted(actor(), day_of(review)), review),
            effective_on=form.effective_on.data,  # type: ignore[arg-type]
            seen_choice_id=form.seen.data,
            now=now(),
        )
        put_before_next_meeting(db.session, actor(), day_at(None, now()).day, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        faults = refused.faults if isinstance(refused, closing.NotClosed) else ()
        return _close_page(load_review(review_id), form, faults), refused.status
    flash(_("The review is closed. What it saw and chose is kept."), "success")
    return redirect(url_for("reviews.show", review_id=review_id), 303)


def _close_page(
    review: DeadlineReview, form: CloseForm, faults: Sequence[closing.Fault] = ()
) -> str:
    whole = review_content(review)
    form.seen.data = reviews.last_choice_id(db.session, review)
    return render_template(
        "reviews/close.html",
        review=review,
        content=whole,
        by_choice=_by_choice(whole),
        undecided=[entry for entry in whole.entries if entry.chosen is None],
        form=form,
        faults=[(fault.title, worded(fault.refused)) for fault in faults],
        consequences=CONSEQUENCES,
        back=review_url(whole.heading.deadline_key, review),
        **around(whole),
    )


def _by_choice(whole: ReviewContent) -> list[tuple[Choice, list[Entry]]]:
    chosen = [(entry.chosen.choice, entry) for entry in whole.entries if entry.chosen]
    kinds = [choice for choice in Choice if any(choice is found for found, _entry in chosen)]
    return [(kind, [entry for found, entry in chosen if found is kind]) for kind in kinds]
