"""A coordinator adds priorities and says what they are."""

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.core.clock import as_of as day_at
from app.core.errors import Conflict, Refused
from app.core.permissions import Permission
from app.deliverables.actions.replanning import redescribe_priority
from app.deliverables.forms.planning import EditPriorityForm, NewPriorityForm
from app.deliverables.queries.choices import question_options
from app.deliverables.routes.deliverables import blueprint
from app.extensions import db
from app.priorities.actions.priorities import add_priority as add_to_plan
from app.priorities.actions.priorities import judge
from app.priorities.models import Priority
from app.priorities.queries import find, priority
from app.web.access import access, actor, load_or_404
from app.web.constraints import meaning
from app.web.day import at, now
from app.web.labels import label

Answer = str | Response | tuple[str, int]


@blueprint.get("/priorities/new")
@access(Permission.DELIVERABLE_PLAN)
def new_priority() -> str:
    form = NewPriorityForm(formdata=None)
    form.offer(question_options(db.session, day_at(None, now())))
    return _page(form)


@blueprint.post("/priorities")
@access(Permission.DELIVERABLE_PLAN)
def add_priority() -> Answer:
    form = NewPriorityForm()
    form.offer(question_options(db.session, day_at(None, now())))
    if not form.validate_on_submit():
        return _page(form), 422
    key, today = form.key.data or "", day_at(None, now()).day
    entry = form.entry_for(form.title.data or "")
    last = db.session.scalar(select(func.max(Priority.position))) or 0
    try:
        added = add_to_plan(db.session, actor(), key, entry, last + 1, today, now())
        judge(db.session, actor(), added, *form.judgement, now())
    except IntegrityError as error:
        db.session.rollback()
        form.add_error(meaning(error), "key")
        return _page(form), 409
    flash(_("Added: %(title)s.", title=entry.title), "success")
    return redirect(at("priorities.show", key=key), 303)


@blueprint.get("/priorities/<key>/edit")
@access(Permission.DELIVERABLE_PLAN)
def edit_priority(key: str) -> str:
    found, form = load_or_404(find(db.session, key)), EditPriorityForm(formdata=None)
    form.offer(question_options(db.session, day_at(None, now())))
    row = priority(db.session, key, day_at(None, now()))
    form.title.data, form.note.data = found.title, found.note
    form.theme.data, form.horizon.data = found.theme.value, found.horizon.value
    form.basis.data = found.basis.value
    form.question.data = (row.question_key if row else "") or ""
    form.impact.data, form.feasibility.data = str(found.impact or ""), str(found.feasibility or "")
    form.seen.data = found.version
    return _page(form, found)


@blueprint.post("/priorities/<key>/edit")
@access(Permission.DELIVERABLE_PLAN)
def change_priority(key: str) -> Answer:
    found, form = load_or_404(find(db.session, key)), EditPriorityForm()
    form.offer(question_options(db.session, day_at(None, now())))
    if not form.validate_on_submit():
        return _page(form, found), 422
    entry = form.entry_for(form.title.data or "", found.source_id)
    try:
        redescribe_priority(
            db.session, actor(), found, entry, form.judgement, form.seen.data, now()
        )
    except Refused as refused:
        db.session.rollback()
        found = load_or_404(find(db.session, key))
        form.refuse(refused)
        if isinstance(refused, Conflict):
            form.seen.data = found.version
        return _page(form, found, is_beaten=isinstance(refused, Conflict)), refused.status
    flash(_("Saved."), "success")
    return redirect(at("priorities.show", key=key), 303)


def _page(
    form: NewPriorityForm | EditPriorityForm,
    found: Priority | None = None,
    *,
    is_beaten: bool = False,
) -> str:
    stands = (
        (
            (_("Title"), found.title),
            (_("Theme"), label(found.theme)),
            (_("Horizon"), label(found.horizon)),
            (_("Basis"), label(found.basis)),
            (_("Impact"), found.impact or _("Not judged yet")),
            (_("Feasibility"), found.feasibility or _("Not judged yet")),
            (_("Note"), found.note),
        )
        if found and is_beaten
        else ()
    )
    return render_template(
        "deliverables/plan_form.html",
        form=form,
        stands=stands,
        title=_("Edit: %(title)s", title=found.title) if found else _("Add a priority"),
        action=at("deliverables.change_priority", key=found.key)
        if found
        else at("deliverables.add_priority"),
        submit_label=_("Save") if found else _("Add it"),
        back=at("priorities.show", key=found.key) if found else at("priorities.index"),
        back_label=found.title if found else _("Priorities"),
    )
