"""Reviews to begin, to go through and to read."""

from flask import redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from app.core.errors import Refused
from app.core.permissions import Permission
from app.deadlines import queries as deadlines
from app.deadlines.models import Deadline
from app.deadlines.queries import DeadlineRow
from app.documents.formats import FORMATS
from app.extensions import db
from app.reviews.actions import choices
from app.reviews.forms import BeginForm
from app.reviews.queries import content, reviews
from app.reviews.routes.choosing import choice_forms
from app.reviews.routes.loading import (
    Answer,
    around,
    blueprint,
    load_review,
    page_of_review,
    review_url,
)
from app.reviews.wording import wanted
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, now
from app.web.paging import Pages, asked_page


@blueprint.get("/reviews")
@access(Permission.REVIEW_READ)
def index() -> str:
    return render_template("reviews/index.html", reviews=reviews.every(db.session))


@blueprint.get("/deadlines/<key>/review")
@access(Permission.REVIEW_HOLD)
def review(key: str) -> Answer:
    """The review of the day, where one is open; else what it would look at."""
    deadline, row = _load_deadline(key)
    found = reviews.open_on(db.session, deadline.id, as_of().day)
    number = asked_page()
    shown, total = content.live(db.session, wanted(actor(), as_of()), row, found, page=number)
    return render_template(
        "reviews/review.html",
        deadline=row,
        review=found,
        content=shown,
        forms=choice_forms(shown.entries, row, as_of().day) if found else {},
        last_choice_id=reviews.last_choice_id(db.session, found) if found else 0,
        earlier=reviews.reviews(db.session, page=1, deadline_id=deadline.id).reviews,
        pages=Pages(number, content.PAGE_SIZE, total),
        **around(shown),
    )


@blueprint.post("/deadlines/<key>/review")
@access(Permission.REVIEW_HOLD)
def begin(key: str) -> AnyResponse:
    deadline = load_or_404(deadlines.find(db.session, key))
    form = BeginForm()
    if not form.validate_on_submit():
        raise Refused("".join(map(str, form.day.errors)))
    opened = choices.open_review(db.session, actor(), deadline, form.day.data, now())  # type: ignore[arg-type]
    return redirect(review_url(key, opened), 303)


@blueprint.get("/reviews/<int:review_id>")
@access(Permission.REVIEW_READ)
def show(review_id: int) -> str:
    """To read and to print: what an open one looks like now, or what a closed one kept."""
    review, number = load_review(review_id), asked_page()
    shown, total = page_of_review(review, number, content.READ_SIZE)
    on_paper = shown.without_red()
    return render_template(
        "reviews/show.html",
        review=review,
        content=shown,
        on_screen_only=len(shown.entries) - len(on_paper.entries),
        pages=Pages(number, content.READ_SIZE, total),
        formats=FORMATS,
        **around(shown),
    )


def _load_deadline(key: str) -> tuple[Deadline, DeadlineRow]:
    deadline = load_or_404(deadlines.find(db.session, key))
    return deadline, load_or_404(deadlines.deadline(db.session, key, as_of()))
