"""Another date is asked for and agreed, and what it would bring about is shown before."""

from collections.abc import Callable
from datetime import date

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.permissions import Permission
from app.deadlines.queries import deadlines
from app.deliverables.actions import proposals as actions
from app.deliverables.actions.schedule import Due
from app.deliverables.actions.updates import may_log
from app.deliverables.forms import DateAnswerForm, DateForm
from app.deliverables.models import DateProposal, Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.queries import proposals
from app.deliverables.queries.proposals import WhatFollows, due_of, what_follows
from app.deliverables.routes.deliverables import blueprint
from app.extensions import db
from app.web.access import access, actor, load_or_404, may
from app.web.attempts import attempt
from app.web.day import as_of, at, now
from app.web.kept import draft_done, keeps_text

Answer = Response | tuple[str, int]


@blueprint.get("/deliverables/<key>/dates")
@access(Permission.NETWORK_READ)
def dates(key: str) -> str:
    return _page(_load(key), DateForm(), DateAnswerForm())


@blueprint.post("/deliverables/<key>/dates")
@access(Permission.DATE_PROPOSE)
@keeps_text
def propose_date(key: str) -> Answer:
    deliverable = _load(key)
    form = _date_form()
    if not form.validate_on_submit():
        return _page(deliverable, form, DateAnswerForm(formdata=None)), 422
    if "preview" in request.form:
        return _page(deliverable, form, DateAnswerForm(formdata=None), asked=form.due), 200
    status = attempt(
        form,
        lambda: actions.propose(
            db.session, actor(), deliverable, form.due, form.reason.data or "", now()
        ),
    )
    if status:
        return _page(_load(key), form, DateAnswerForm(formdata=None)), status
    draft_done(f"date/{key}")
    flash(_("Proposed. A coordinator answers; until then the date stays."), "success")
    return redirect(at("deliverables.dates", key=key), 303)


@blueprint.post("/deliverables/<key>/dates/<int:proposal_id>/counter")
@access(Permission.DATE_ANSWER)
@keeps_text
def counter_date(key: str, proposal_id: int) -> Answer:
    deliverable = _load(key)
    proposal = _load_proposal(deliverable, proposal_id)
    form = _date_form()
    if not form.validate_on_submit():
        return _page(deliverable, form, DateAnswerForm(formdata=None)), 422
    if "preview" in request.form:
        return _page(deliverable, form, DateAnswerForm(formdata=None), asked=form.due), 200
    reason, seen = form.reason.data or "", form.seen.data
    status = attempt(
        form,
        lambda: actions.counter(
            db.session, actor(), proposal, form.due, reason, seen_version=seen, now=now()
        ),
    )
    if status:
        return _page(_load(key), form, DateAnswerForm(formdata=None)), status
    draft_done(f"date/{key}")
    flash(_("Offered. It waits for the answer of the other side."), "success")
    return redirect(at("deliverables.dates", key=key), 303)


@blueprint.post("/deliverables/<key>/dates/<int:proposal_id>/agree")
@access(Permission.DATE_ANSWER)
def agree_date(key: str, proposal_id: int) -> Answer:
    def agree(proposal: DateProposal, form: DateAnswerForm) -> None:
        actions.agree(
            db.session,
            actor(),
            proposal,
            form.answer.data or "",
            seen_version=form.seen.data,
            seen_schedule=form.schedule.data,
            now=now(),
        )

    return _answered(key, proposal_id, agree, _("Agreed. The date is moved."))


@blueprint.post("/deliverables/<key>/dates/<int:proposal_id>/refuse")
@access(Permission.DATE_ANSWER)
def refuse_date(key: str, proposal_id: int) -> Answer:
    def refuse(proposal: DateProposal, form: DateAnswerForm) -> None:
        answer, seen = form.answer.data or "", form.seen.data
        actions.refuse(db.session, actor(), proposal, answer, seen_version=seen, now=now())

    return _answered(key, proposal_id, refuse, _("Refused. The date stays."))


@blueprint.post("/deliverables/<key>/dates/<int:proposal_id>/withdraw")
@access(Permission.DATE_ANSWER)
def withdraw_date(key: str, proposal_id: int) -> Answer:
    def withdraw(proposal: DateProposal, form: DateAnswerForm) -> None:
        actions.withdraw(db.session, actor(), proposal, seen_version=form.seen.data, now=now())

    return _answered(key, proposal_id, withdraw, _("Taken back. The date stays."))


def _answered(
    key: str,
    proposal_id: int,
    action: Callable[[DateProposal, DateAnswerForm], None],
    said: str,
) -> Answer:
    deliverable = _load(key)
    proposal = _load_proposal(deliverable, proposal_id)
    form = DateAnswerForm()
    if not form.validate_on_submit():
        return _page(deliverable, _date_form(empty=True), form), 422
    status = attempt(form, lambda: action(proposal, form))
    if status:
        return _page(_load(key), _date_form(empty=True), form), status
    flash(said, "success")
    return redirect(at("deliverables.dates", key=key), 303)


def _load(key: str) -> Deliverable:
    return load_or_404(details.find(db.session, actor(), key))


def _load_proposal(deliverable: Deliverable, proposal_id: int) -> DateProposal:
    return load_or_404(proposals.find(db.session, actor(), deliverable, proposal_id))


def _date_form(*, empty: bool = False) -> DateForm:
    form = DateForm(formdata=None) if empty else DateForm()
    form.offer(deadlines(db.session, as_of()))
    return form


def _page(
    deliverable: Deliverable,
    form: DateForm,
    answer_form: DateAnswerForm,
    *,
    asked: Due | None = None,
) -> str:
    found = load_or_404(details.detail(db.session, actor(), deliverable, as_of()))
    made = proposals.of_deliverable(db.session, actor(), deliverable)
    waiting = next((p for p in made if p.state == "open"), None)
    form.offer(deadlines(db.session, as_of()))
    form.seen.data = answer_form.seen.data = waiting.version if waiting else 0
    answer_form.schedule.data = actions.newest_schedule_id(db.session, deliverable.id)
    return render_template(
        "deliverables/dates.html",
        deliverable=deliverable,
        detail=found,
        row=found.row,
        proposals=made,
        waiting=waiting,
        follows=_follows(deliverable, due_of(waiting)) if waiting else None,
        may_answer=waiting is not None and actions.may_answer(db.session, actor(), waiting),
        may_withdraw=waiting is not None and actions.may_withdraw(actor(), waiting),
        may_propose=waiting is None
        and found.row.status not in ("delivered", "dropped")
        and may(Permission.DATE_PROPOSE)
        and may_log(db.session, actor(), deliverable.id),
        form=form,
        answer_form=answer_form,
        preview=_follows(deliverable, asked) if asked else None,
    )


def _follows(deliverable: Deliverable, due: Due) -> WhatFollows | None:
    due_on: date | None = actions.due_day(db.session, due, as_of().day)
    if due_on is None:
        return None
    return what_follows(db.session, actor(), deliverable, due_on, as_of())
