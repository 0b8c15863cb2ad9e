"""A coordinator adds deliverables, says what they are and need, and proposes who does them."""

from collections.abc import Iterable

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.core.clock import as_of as day_at
from app.core.errors import Conflict, Refused
from app.core.permissions import Permission
from app.deliverables.actions import assignments, planning, replanning
from app.deliverables.actions.assignments import AssignmentEntry
from app.deliverables.actions.proposals import newest_schedule_id
from app.deliverables.forms.planning import (
    EditDeliverableForm,
    EndPartForm,
    NewDeliverableForm,
    PartForm,
)
from app.deliverables.models import AssignmentRole, AssignmentState, Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.queries import needs as needing
from app.deliverables.queries.choices import Choices, choices
from app.deliverables.queries.detail import Detail
from app.deliverables.routes.deliverables import blueprint
from app.extensions import db
from app.members.queries.members import find as find_member
from app.web.access import access, actor, load_or_404
from app.web.constraints import meaning
from app.web.day import at, now
from app.web.forms import Form
from app.web.labels import label
from app.web.languages import day_text
from app.web.wording import worded

Answer = str | Response | tuple[str, int]


@blueprint.get("/deliverables/new")
@access(Permission.DELIVERABLE_PLAN)
def new() -> str:
    form = NewDeliverableForm(formdata=None)
    form.offer(_offered())
    for name in ("priority", "deadline"):
        form[name].data = request.args.get(name, "")
    return _new_page(form)


@blueprint.post("/deliverables")
@access(Permission.DELIVERABLE_PLAN)
def add() -> Answer:
    form = NewDeliverableForm()
    form.offer(_offered())
    if not form.validate_on_submit():
        return _new_page(form), 422
    key, today = form.key.data or "", day_at(None, now()).day
    entry = form.entry_for(form.title.data or "")
    try:
        planning.add_deliverable(db.session, actor(), key, entry, form.due, today, now())
    except IntegrityError as error:
        db.session.rollback()
        form.add_error(meaning(error), "key")
        return _new_page(form), 409
    flash(_("Added: %(title)s.", title=entry.title), "success")
    return redirect(at("deliverables.show", key=key), 303)


@blueprint.get("/deliverables/<key>/edit")
@access(Permission.DELIVERABLE_PLAN)
def edit(key: str) -> str:
    deliverable, found = _load(key)
    form = EditDeliverableForm(formdata=None)
    form.offer(_offered())
    _fill(form, deliverable, found)
    return _edit_page(form, deliverable)


@blueprint.post("/deliverables/<key>/edit")
@access(Permission.DELIVERABLE_PLAN)
def change(key: str) -> Answer:
    deliverable, found = _load(key)
    form = EditDeliverableForm()
    form.offer(_offered())
    if not form.validate_on_submit():
        return _edit_page(form, deliverable), 422
    kept = {"marking": deliverable.marking, "source_id": deliverable.source_id}
    try:
        replanning.replan(
            db.session,
            actor(),
            deliverable,
            form.entry_for(form.title.data or "", **kept),
            form.due,
            reason=form.reason.data or "",
            seen_version=form.seen.data,
            seen_schedule=form.schedule.data,
            now=now(),
        )
    except Refused as refused:
        db.session.rollback()
        deliverable, found = _load(key)
        if isinstance(refused, Conflict):
            form.seen.data = deliverable.version
            form.schedule.data = newest_schedule_id(db.session, deliverable.id)
        form.refuse(refused)
        stands = _stands(found) if isinstance(refused, Conflict) else ()
        return _edit_page(form, deliverable, stands), refused.status
    flash(_("Saved."), "success")
    return redirect(at("deliverables.show", key=key), 303)


@blueprint.get("/deliverables/<key>/needs")
@access(Permission.DELIVERABLE_PLAN)
def needs(key: str) -> str:
    deliverable, _found = _load(key)
    return _needs_page(deliverable, request.args.get("q", "").strip()[:200])


@blueprint.post("/deliverables/<key>/needs")
@access(Permission.DELIVERABLE_PLAN)
def set_needs(key: str) -> Answer:
    deliverable, _found = _load(key)
    chosen = request.form.getlist("needs")
    seen = request.form.get("seen", "").split()
    try:
        replanning.need(db.session, actor(), deliverable, chosen, seen, now())
    except Refused as refused:
        db.session.rollback()
        return _needs_page(deliverable, "", chosen, worded(refused)), refused.status
    flash(_("Saved."), "success")
    return redirect(at("deliverables.show", key=key), 303)


@blueprint.get("/deliverables/<key>/parts")
@access(Permission.DELIVERABLE_PLAN)
def parts(key: str) -> str:
    form = PartForm(formdata=None)
    form.offer(_offered())
    return _parts_page(key, form)


@blueprint.post("/deliverables/<key>/parts")
@access(Permission.DELIVERABLE_PLAN)
def propose_part(key: str) -> Answer:
    form = PartForm()
    form.offer(_offered())
    if not form.validate_on_submit():
        return _parts_page(key, form), 422
    role = AssignmentRole(form.role.data)
    state, reason = AssignmentState.PROPOSED, form.reason.data or ""
    if not _assign(key, form, form.member.data, role, state, reason):
        return _parts_page(key, form), 422
    flash(_("Proposed. The member accepts or declines; until then it is on no hook."), "success")
    return redirect(at("deliverables.parts", key=key), 303)


@blueprint.post("/deliverables/<key>/parts/end")
@access(Permission.DELIVERABLE_PLAN)
def end_part(key: str) -> Answer:
    _deliverable, found = _load(key)
    form, offer = EndPartForm(), PartForm(formdata=None)
    offer.offer(_offered())
    part = next((p for p in found.row.parts if p.code == form.member.data), None)
    if part is None:
        offer.form_errors.append(_("This member has no part in it today."))
        return _parts_page(key, offer), 422
    if not form.validate_on_submit():
        for messages in form.errors.values():
            offer.form_errors.extend(messages)
        return _parts_page(key, offer), 422
    state, reason = AssignmentState.ENDED, form.reason.data or ""
    if not _assign(key, offer, part.code, part.role, state, reason):
        return _parts_page(key, offer), 422
    flash(_("The part has ended."), "success")
    return redirect(at("deliverables.parts", key=key), 303)


def _assign(
    key: str, form: Form, code: str, role: AssignmentRole, state: AssignmentState, reason: str
) -> bool:
    deliverable, _found = _load(key)
    member = load_or_404(find_member(db.session, code))
    today = day_at(None, now()).day
    entry = AssignmentEntry(role=role, state=state, from_on=today, reason=reason)
    try:
        assignments.assign(db.session, actor(), deliverable, member, entry, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return False
    return True


def _load(key: str) -> tuple[Deliverable, Detail]:
    """As it is today: the plan is changed from today on."""
    deliverable = load_or_404(details.find(db.session, actor(), key))
    today = day_at(None, now())
    return deliverable, load_or_404(details.detail(db.session, actor(), deliverable, today))


def _offered() -> Choices:
    return choices(db.session, day_at(None, now()))


def _fill(form: EditDeliverableForm, deliverable: Deliverable, found: Detail) -> None:
    row = found.row
    form.title.data, form.note.data = row.title, found.note
    form.kind.data, form.basis.data = row.kind.value, row.basis.value
    form.priority.data, form.deadline.data = row.priority_key, row.deadline_key or ""
    form.due_on.data = row.own_due_on
    form.seen.data = deliverable.version
    form.schedule.data = newest_schedule_id(db.session, deliverable.id)


def _stands(found: Detail) -> tuple[tuple[str, str], ...]:
    """What somebody else has made of it meanwhile."""
    row = found.row
    due = row.deadline_title or (day_text(row.own_due_on) if row.own_due_on else _("Unscheduled"))
    return (
        (_("Title"), row.title),
        (_("Kind"), label(row.kind)),
        (_("Priority"), row.priority_title),
        (_("Basis"), label(row.basis)),
        (_("Note"), found.note),
        (_("Due"), due),
    )


def _new_page(form: NewDeliverableForm) -> str:
    return render_template(
        "deliverables/plan_form.html",
        form=form,
        title=_("Add a deliverable"),
        action=at("deliverables.add"),
        submit_label=_("Add it"),
        back=at("deliverables.index"),
        back_label=_("Deliverables"),
    )


def _edit_page(
    form: EditDeliverableForm,
    deliverable: Deliverable,
    stands: Iterable[tuple[str, str]] = (),
) -> str:
    return render_template(
        "deliverables/plan_form.html",
        form=form,
        stands=tuple(stands),
        title=_("Edit: %(title)s", title=deliverable.title),
        action=at("deliverables.change", key=deliverable.key),
        submit_label=_("Save"),
        back=at("deliverables.show", key=deliverable.key),
        back_label=deliverable.title,
    )


def _needs_page(
    deliverable: Deliverable, text: str, chosen: list[str] | None = None, error: str = ""
) -> str:
    offered = needing.offered(db.session, actor(), deliverable, day_at(None, now()), text, chosen)
    return render_template(
        "deliverables/needs.html",
        deliverable=deliverable,
        offered=offered,
        text=text,
        error=error,
    )


def _parts_page(key: str, form: PartForm) -> str:
    deliverable, found = _load(key)
    return render_template(
        "deliverables/parts.html",
        deliverable=deliverable,
        detail=found,
        row=found.row,
        form=form,
        end_form=EndPartForm(formdata=None),
    )
