"""What those who put decisions do with them."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import N_, Conflict, Refused
from app.core.markings import Marking
from app.core.permissions import Permission
from app.decisions.actions import proposing as actions
from app.decisions.actions.settling import settle as settle_decision
from app.decisions.forms import PositionForm, ProposalForm, SeenForm, WithdrawForm
from app.decisions.models import Decision
from app.decisions.queries import decisions as queries
from app.decisions.queries.about import about, questions
from app.decisions.routes.pages import blueprint, page
from app.decisions.rules import DecisionState
from app.decisions.wording import RESULTS
from app.deliverables.queries import detail as deliverables
from app.deliverables.queries.choices import choices
from app.extensions import db
from app.sharing.actions import sharing_of
from app.web.access import access, actor, load_or_404
from app.web.day import at, now, present
from app.web.wording import worded

Answer = Response | tuple[str, int]


@blueprint.get("/decisions/new")
@access(Permission.DECISION_PUT)
def new() -> str:
    form = ProposalForm(formdata=None)
    form.quorum.data, form.marking.data = "1", Marking.GREEN.value
    form.question.data = request.args.get("question", "")
    return _form_page(_offered(form), None)


@blueprint.post("/decisions")
@access(Permission.DECISION_PUT)
def draft() -> Answer:
    form = _offered(ProposalForm())
    if not form.validate_on_submit():
        return _form_page(form, None), 422
    try:
        made = actions.draft(db.session, actor(), _entry(form), now())
    except Refused as refused:
        return _refused(form, refused, None)
    flash(_("Drafted. Nobody but coordinators knows of it until it is put."), "success")
    return redirect(at("decisions.show", key=made.key), 303)


@blueprint.get("/decisions/<key>/edit")
@access(Permission.DECISION_PUT)
def edit(key: str) -> str:
    decision = load(key)
    form = _offered(ProposalForm(formdata=None))
    known = about(db.session, actor(), decision, present())
    form.show(
        decision,
        sharing_of(db.session, decision),
        known.question.key if known.question else "",
        known.deliverable.key if known.deliverable else "",
    )
    return _form_page(form, decision)


@blueprint.post("/decisions/<key>/edit")
@access(Permission.DECISION_PUT)
def redraft(key: str) -> Answer:
    decision = load(key)
    form = _offered(ProposalForm())
    if not form.validate_on_submit():
        return _form_page(form, decision), 422
    try:
        entry = _entry(form)
        changed = actions.redraft(db.session, actor(), decision, entry, form.seen.data, now())
    except Refused as refused:
        return _refused(form, refused, key)
    flash(_("Saved.") if changed else _("Nothing differs from before."), "success")
    return redirect(at("decisions.show", key=key), 303)


@blueprint.post("/decisions/<key>/put")
@access(Permission.DECISION_PUT)
def put(key: str) -> Response:
    form = SeenForm()
    seen = form.seen.data if form.validate_on_submit() else 0
    return _done(
        key,
        lambda decision: actions.put(db.session, actor(), decision, seen, now()),
        _("It is put to the members."),
    )


@blueprint.post("/decisions/<key>/withdraw")
@access(Permission.DECISION_PUT)
def withdraw(key: str) -> Answer:
    form = WithdrawForm()
    decision = load(key)
    if form.validate_on_submit():
        try:
            reason, seen = form.reason.data or "", form.seen.data
            actions.withdraw(db.session, actor(), decision, reason, seen, now())
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
        else:
            flash(_("It is taken back. The positions are kept."), "success")
            return redirect(at("decisions.show", key=key), 303)
    return page(load(key), PositionForm(formdata=None), form), 422


@blueprint.post("/decisions/<key>/settle")
@access(Permission.DECISION_PUT)
def settle(key: str) -> Response:
    return _done(
        key,
        lambda decision: settle_decision(db.session, actor(), decision, now()),
        _("How it ended is recorded."),
    )


def load(key: str) -> Decision:
    return load_or_404(queries.find(db.session, actor(), present(), key))


def _done(key: str, deed: Callable[[Decision], object], said: str) -> Response:
    try:
        deed(load(key))
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(said, "success")
    return redirect(at("decisions.show", key=key), 303)


def _offered(form: ProposalForm) -> ProposalForm:
    form.offer(questions(db.session, present()), choices(db.session, present()).members.options)
    return form


def _entry(form: ProposalForm) -> actions.ProposalEntry:
    """Raises Refused for a deliverable that is not there."""
    options = questions(db.session, present())
    question = next((o.id for o in options if o.key == form.question.data), None)
    key = form.deliverable.data or ""
    deliverable = deliverables.find(db.session, actor(), key) if key else None
    if key and deliverable is None:
        raise Refused(N_("There is no deliverable with this key."), field="deliverable")
    return form.entry(question, deliverable.id if deliverable else None)


def _refused(form: ProposalForm, refused: Refused, key: str | None) -> Answer:
    db.session.rollback()
    decision = load(key) if key else None
    if isinstance(refused, Conflict) and decision is not None:
        form.seen.data = decision.version
    form.refuse(refused)
    return _form_page(form, decision), refused.status


def _form_page(form: ProposalForm, decision: Decision | None) -> str:
    return render_template(
        "decisions/form.html",
        form=form,
        decision=decision,
        is_draft=decision is None or decision.state is DecisionState.DRAFT,
        results=RESULTS,
    )
