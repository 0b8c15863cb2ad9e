"""Reviews of deadlines: holding one, closing it, reading those that are closed."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.agendas.escalating import put_before_next_meeting
from app.core.clock import AsOf
from app.core.clock import as_of as day_at
from app.core.errors import Conflict, Refused
from app.core.permissions import Permission
from app.deadlines import queries as deadlines
from app.deadlines.models import Deadline
from app.deadlines.queries import DeadlineRow
from app.deliverables.models import Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.wording import NEEDS
from app.extensions import db
from app.reviews.actions import choices, closing
from app.reviews.forms import BeginForm, ChoiceForm, CloseForm
from app.reviews.models import DeadlineReview
from app.reviews.queries import content, reviews
from app.reviews.rules.choices import Choice
from app.reviews.rules.content import Entry, ReviewContent
from app.reviews.wording import CONSEQUENCES, choice_words, wanted
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, now
from app.web.paging import Pages, asked_page
from app.web.wording import worded

Answer = str | AnyResponse | tuple[str, int]
PART = "X-Part"
"""Our script asks for the part of the page that changes; without it the whole page answers."""

blueprint = Blueprint("reviews", __name__, template_folder="templates")
blueprint.add_app_template_filter(choice_words)


@blueprint.get("/reviews")
@access(Permission.REVIEW_READ)
def index() -> str:
    number = asked_page()
    found = reviews.reviews(db.session, page=number)
    return render_template(
        "reviews/index.html",
        reviews=found.reviews,
        pages=Pages(number, reviews.PAGE_SIZE, found.total),
    )


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
        forms=_forms(shown.entries, row) if found else {},
        last_choice_id=reviews.last_choice_id(db.session, found) if found else 0,
        earlier=reviews.reviews(db.session, page=1, deadline_id=deadline.id).reviews,
        pages=Pages(number, content.PAGE_SIZE, total),
        **_around(shown),
    )


@blueprint.post("/deadlines/<key>/review")
@access(Permission.REVIEW_HOLD)
def begin(key: str) -> AnyResponse:
    deadline = load_or_404(deadlines.find(db.session, key))
    form = BeginForm()
    if not form.validate_on_submit():
        raise Refused("".join(map(str, form.day.errors)))
    opened = choices.open_review(db.session, actor(), deadline, form.day.data, now())  # type: ignore[arg-type]
    return redirect(_review_url(key, opened), 303)


@blueprint.post("/reviews/<int:review_id>/choices/<key>")
@access(Permission.REVIEW_HOLD)
def choose(review_id: int, key: str) -> Answer:
    review = _load(review_id)
    deliverable = load_or_404(details.find(db.session, actor(), key))
    row = _deadline_of(review)
    form = ChoiceForm()
    shown = load_or_404(_entry(review, deliverable))
    form.offer(key, shown.status, _other_deadlines(row))
    if not form.validate_on_submit():
        return _choice_page(review, row, shown, form, 422)
    seen = form.seen.data
    try:
        choices.choose(db.session, actor(), review, deliverable, form.entry, seen, now())
    except Refused as refused:
        db.session.rollback()
        review = _load(review_id)
        shown = load_or_404(_entry(review, deliverable))
        if isinstance(refused, Conflict) and shown.chosen:
            form.seen.data = shown.chosen.version
        form.refuse(refused)
        return _choice_page(review, row, shown, form, refused.status)
    if PART in request.headers:
        shown = load_or_404(_entry(review, deliverable))
        return _card(review, shown, _form(shown, _other_deadlines(row)))
    flash(_("Saved: %(title)s.", title=deliverable.title), "success")
    number = request.args.get("page", "1")
    page = None if number == "1" else number
    return redirect(_review_url(row.key, review, page=page, _anchor=f"d-{key}"), 303)


@blueprint.get("/reviews/<int:review_id>/choices")
@access(Permission.REVIEW_HOLD)
def changes(review_id: int) -> Response:
    """What was chosen since the choice that `since` names: asked every few seconds by each page
    that is open, so an answer without news costs one small query."""
    review = _load(review_id)
    last = reviews.last_choice_id(db.session, review)
    tag = f"{last}-{'closed' if review.closed_at else 'open'}-{actor().account_id}"
    if request.if_none_match.contains(tag):
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    since = request.args.get("since", "")
    after = int(since) if since.isascii() and since.isdigit() and len(since) < 18 else 0
    row = _deadline_of(review)
    chosen = reviews.newest_choices(db.session, actor(), review)
    news = [each.deliverable_id for each in chosen.values() if each.id > after]
    entries = content.some(db.session, wanted(actor(), _day_of(review)), review, news)
    forms = _forms(entries, row)
    cards = {entry.key: _card(review, entry, forms[entry.key]) for entry in entries}
    body = {"last": last, "closed": review.closed_at is not None, "cards": cards}
    answer = Response(json.dumps(body), mimetype="application/json")
    answer.set_etag(tag)
    return answer


@blueprint.get("/reviews/<int:review_id>/close")
@access(Permission.REVIEW_HOLD)
def confirm_close(review_id: int) -> Answer:
    review = _load(review_id)
    if review.closed_at is not None:
        return redirect(url_for("reviews.show", review_id=review.id), 303)
    form = CloseForm()
    form.effective_on.data = closing.default_effective_on(review, now())
    return _close_page(review, form)


@blueprint.post("/reviews/<int:review_id>/close")
@access(Permission.REVIEW_HOLD)
def close(review_id: int) -> Answer:
    review, form = _load(review_id), CloseForm()
    if not form.validate_on_submit():
        return _close_page(review, form), 422
    whole = _content(review)
    try:
        closing.close(
            db.session,
            actor(),
            review,
            whole,
            effective_on=form.effective_on.data,  # type: ignore[arg-type]
            seen_choice_id=form.seen.data,
            now=now(),
        )
        put_before_next_meeting(db.session, actor(), day_at(None, now()).day, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        faults = refused.faults if isinstance(refused, closing.NotClosed) else ()
        return _close_page(_load(review_id), form, faults), refused.status
    flash(_("The review is closed. What it saw and chose is kept."), "success")
    return redirect(url_for("reviews.show", review_id=review_id), 303)


@blueprint.get("/reviews/<int:review_id>")
@access(Permission.REVIEW_READ)
def show(review_id: int) -> str:
    """To read and to print: what an open one looks like now, or what a closed one kept."""
    review = load_or_404(reviews.find(db.session, review_id))
    shown = _content(review)
    on_paper = shown.without_red()
    return render_template(
        "reviews/show.html",
        review=review,
        content=shown,
        on_screen_only=len(shown.entries) - len(on_paper.entries),
        **_around(shown),
    )


def review_content(review: DeadlineReview) -> ReviewContent:
    """The whole review as the reader at hand may see it."""
    return _content(review)


def _content(review: DeadlineReview) -> ReviewContent:
    if review.closed_at is not None:
        return content.kept(db.session, actor(), review)
    asked = wanted(actor(), _day_of(review))
    return content.live(db.session, asked, _deadline_of(review), review)[0]


def _load(review_id: int) -> DeadlineReview:
    return load_or_404(reviews.find(db.session, review_id))


def _load_deadline(key: str) -> tuple[Deadline, DeadlineRow]:
    deadline = load_or_404(deadlines.find(db.session, key))
    return deadline, load_or_404(deadlines.deadline(db.session, key, as_of()))


def _day_of(review: DeadlineReview) -> AsOf:
    return day_at(review.held_on, now())


def _deadline_of(review: DeadlineReview) -> DeadlineRow:
    return load_or_404(deadlines.deadline(db.session, review.deadline.key, _day_of(review)))


def _other_deadlines(row: DeadlineRow) -> list[DeadlineRow]:
    """Where something can be moved to: as they are known today, those not over."""
    known = deadlines.deadlines(db.session, day_at(None, now()))
    return [other for other in known if other.id != row.id]


def _entry(review: DeadlineReview, deliverable: Deliverable) -> Entry | None:
    found = content.some(db.session, wanted(actor(), _day_of(review)), review, [deliverable.id])
    return found[0] if found else None


def _forms(entries: Sequence[Entry], row: DeadlineRow) -> dict[str, ChoiceForm]:
    others = _other_deadlines(row)
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
        back=_review_url(row.key, review),
        page_marking=entry.marking,
    )
    return page, status


def _close_page(
    review: DeadlineReview, form: CloseForm, faults: Sequence[closing.Fault] = ()
) -> str:
    whole = _content(review)
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
        back=_review_url(whole.heading.deadline_key, review),
        **_around(whole),
    )


def _around(shown: ReviewContent) -> dict[str, Any]:
    return {
        "counts": dict(shown.counts.by_status),
        "needs": NEEDS,
        "today": day_at(None, now()).today,
        "page_marking": shown.marking,
    }


def _by_choice(whole: ReviewContent) -> list[tuple[Choice, list[Entry]]]:
    chosen = [(entry.chosen.choice, entry) for entry in whole.entries if entry.chosen]
    kinds = [choice for choice in Choice if any(choice is found for found, _entry in chosen)]
    return [(kind, [entry for found, entry in chosen if found is kind]) for kind in kinds]


def _review_url(key: str, review: DeadlineReview, **values: Any) -> str:
    day = review.held_on
    asked = None if day == day_at(None, now()).today else day.isoformat()
    return url_for("reviews.review", key=key, as_of=asked, **values)
