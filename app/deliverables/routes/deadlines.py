"""A coordinator adds and moves deadlines; what is due at one, in the graph and ahead."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.core.clock import as_of as day_at
from app.core.days import last_day
from app.core.errors import Conflict, Refused
from app.core.permissions import Permission
from app.deadlines import actions as deadlines
from app.deadlines.models import Deadline
from app.deadlines.queries import deadline as deadline_row
from app.deadlines.queries import find
from app.deliverables.actions.replanning import move_deadline, newest_date_id
from app.deliverables.forms.planning import MoveDeadlineForm, NewDeadlineForm
from app.deliverables.queries.choices import choices
from app.deliverables.queries.following import what_a_deadline_moves
from app.deliverables.queries.outlook import prospect
from app.deliverables.queries.proposals import WhatFollows
from app.deliverables.routes.deliverables import blueprint
from app.deliverables.wording import forecast_words
from app.extensions import db
from app.web.access import access, actor, load_or_404
from app.web.constraints import meaning
from app.web.day import as_of, at, now
from app.web.languages import day_range

Answer = str | Response | tuple[str, int]


@blueprint.get("/deadlines/<key>/schedule")
@access(Permission.NETWORK_READ)
def deadline_schedule(key: str) -> str:
    deadline = load_or_404(find(db.session, key))
    row = load_or_404(deadline_row(db.session, key, as_of()))
    return render_template(
        "deliverables/schedule.html",
        deadline=row,
        found=prospect(db.session, actor(), as_of(), deadline.id),
        forecast_words=forecast_words,
    )


@blueprint.get("/deadlines/new")
@access(Permission.DELIVERABLE_PLAN)
def new_deadline() -> str:
    return _new_page(_new_form())


@blueprint.post("/deadlines")
@access(Permission.DELIVERABLE_PLAN)
def add_deadline() -> Answer:
    form = _new_form()
    if not form.validate_on_submit():
        return _new_page(form), 422
    key, today = form.key.data or "", day_at(None, now()).day
    try:
        deadlines.add_deadline(db.session, actor(), key, form.entry, form.when, today, now())
    except IntegrityError as error:
        db.session.rollback()
        form.add_error(meaning(error), "key")
        return _new_page(form), 409
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _new_page(form), refused.status
    flash(_("Added: %(title)s.", title=form.entry.title), "success")
    return redirect(at("deadlines.show", key=key), 303)


@blueprint.get("/deadlines/<key>/move")
@access(Permission.DELIVERABLE_PLAN)
def move_of_deadline(key: str) -> str:
    deadline, form = load_or_404(find(db.session, key)), MoveDeadlineForm(formdata=None)
    form.offer_precision()
    stands = deadlines.date_on(db.session, deadline, day_at(None, now()).day)
    if stands is not None:
        form.starts_on.data, form.ends_on.data = stands.starts_on, stands.ends_on
        form.precision.data = stands.precision.value
    form.seen.data = newest_date_id(db.session, deadline.id)
    return _move_page(deadline, form)


@blueprint.post("/deadlines/<key>/move")
@access(Permission.DELIVERABLE_PLAN)
def move_the_deadline(key: str) -> Answer:
    """What follows is shown first; what was shown is what is then confirmed."""
    deadline, form = load_or_404(find(db.session, key)), MoveDeadlineForm()
    form.offer_precision()
    if not form.validate_on_submit():
        return _move_page(deadline, form), 422
    if "again" in request.form or request.form.get("confirmed") != _shown(form):
        return _move_page(deadline, form, _follows(deadline, form))
    try:
        moved = move_deadline(
            db.session,
            actor(),
            deadline,
            form.when,
            reason=form.reason.data or "",
            seen_date_id=form.seen.data,
            now=now(),
        )
    except Refused as refused:
        db.session.rollback()
        deadline = load_or_404(find(db.session, key))
        if isinstance(refused, Conflict):
            form.seen.data = newest_date_id(db.session, deadline.id)
        form.refuse(refused)
        return _move_page(deadline, form), refused.status
    flash(_("Moved.") if moved else _("It has this date already."), "success")
    return redirect(at("deadlines.show", key=key), 303)


def _follows(deadline: Deadline, form: MoveDeadlineForm) -> WhatFollows:
    when = form.when
    due_on = last_day(when.starts_on, when.ends_on, when.precision)
    today = day_at(None, now())
    return what_a_deadline_moves(db.session, actor(), deadline.id, due_on, today)


def _shown(form: MoveDeadlineForm) -> str:
    """The date in question, so that another one is shown again before it is confirmed."""
    when = form.when
    return f"{when.starts_on}/{when.ends_on or ''}/{when.precision}"


def _new_form() -> NewDeadlineForm:
    form = NewDeadlineForm()
    form.offer(choices(db.session, day_at(None, now())))
    return form


def _new_page(form: NewDeadlineForm) -> str:
    return render_template(
        "deliverables/plan_form.html",
        form=form,
        title=_("Add a deadline"),
        action=at("deliverables.add_deadline"),
        submit_label=_("Add it"),
        back=at("deadlines.index"),
        back_label=_("Deadlines"),
    )


def _move_page(
    deadline: Deadline, form: MoveDeadlineForm, follows: WhatFollows | None = None
) -> str:
    stands = deadlines.date_on(db.session, deadline, day_at(None, now()).day)
    when = form.when if follows else None
    return render_template(
        "deliverables/move_deadline.html",
        deadline=deadline,
        form=form,
        stands=stands,
        follows=follows,
        shown=_shown(form) if follows else "",
        new_words=day_range(when.starts_on, when.ends_on, when.precision) if when else "",
    )
