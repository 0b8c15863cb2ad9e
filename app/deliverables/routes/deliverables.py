"""Pages about deliverables, and what is done on them."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import N_, Conflict, Forbidden, Missing, Refused
from app.core.permissions import Permission
from app.deliverables.actions import assignments as assigning
from app.deliverables.actions.updates import HANDS, NO_PART, log_update, may_log, newest_update_id
from app.deliverables.forms import AnswerForm, UpdateForm
from app.deliverables.models import Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.queries import listing, progress
from app.deliverables.queries.choices import Choices, choices
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.mutes import mutes_of
from app.deliverables.queries.thresholds import thresholds
from app.deliverables.rules.moves import ACTIVE, Status
from app.deliverables.wording import flag_sentence, rule_sentence
from app.extensions import db
from app.web.access import access, actor, load_or_404, may
from app.web.day import as_of, at, now
from app.web.paging import Pages, asked_page
from app.web.wording import worded

FILTERS = ("q", "status", "priority", "deadline", "member")

blueprint = Blueprint("deliverables", __name__, template_folder="../templates")


@blueprint.get("/deliverables")
@access(Permission.NETWORK_READ)
def index() -> str:
    offered = choices(db.session, as_of())
    which, chosen = _filter(request.args, offered)
    number = asked_page()
    found = listing.listed(db.session, actor(), as_of(), which, page=number)
    return render_template(
        "deliverables/index.html",
        rows=found.rows,
        pages=Pages(number, listing.PAGE_SIZE, found.total),
        offered=offered,
        chosen=chosen,
        statuses=list(Status),
        progress=progress.of_network(db.session, actor(), as_of()),
    )


@blueprint.get("/deliverables/<key>")
@access(Permission.NETWORK_READ)
def show(key: str) -> tuple[str, int] | str:
    deliverable = _load(key)
    found = details.detail(db.session, actor(), deliverable, as_of())
    if found is None:
        page = render_template("deliverables/not_yet.html", deliverable=deliverable)
        return page, 404
    return render_template(
        "deliverables/show.html",
        deliverable=deliverable,
        detail=found,
        row=found.row,
        flag_sentence=flag_sentence,
        rule_sentence=rule_sentence,
        limits=thresholds(db.session),
        mutes=mutes_of(db.session, actor(), deliverable, as_of()),
        may_log=may(Permission.UPDATE_LOG) and may_log(db.session, actor(), deliverable.id),
        own_part=details.own_part(db.session, actor(), deliverable),
        answer_form=AnswerForm(formdata=None),
    )


@blueprint.get("/deliverables/<key>/updates")
@access(Permission.UPDATE_LOG)
def new_update(key: str) -> str:
    deliverable = _load(key)
    if not may_log(db.session, actor(), deliverable.id):
        raise Forbidden(NO_PART)
    form = UpdateForm()
    _prefill(form, deliverable)
    return _update_page(deliverable, form)


@blueprint.post("/deliverables/<key>/updates")
@access(Permission.UPDATE_LOG)
def add_update(key: str) -> Response | tuple[str, int]:
    deliverable = _load(key)
    form = UpdateForm()
    if not form.validate_on_submit():
        return _update_page(deliverable, form), 422
    try:
        log_update(db.session, actor(), deliverable, form.entry, now())
    except Refused as refused:
        db.session.rollback()
        if isinstance(refused, Conflict):
            form.seen.data = newest_update_id(db.session, deliverable.id) or 0
        form.refuse(refused)
        return _update_page(deliverable, form), refused.status
    flash(_("Logged: %(title)s is up to date.", title=deliverable.title), "success")
    return redirect(at("deliverables.show", key=key), 303)


@blueprint.post("/deliverables/<key>/answer")
@access(Permission.ASSIGNMENT_ANSWER)
def answer(key: str) -> Response:
    deliverable = _load(key)
    part = details.own_part(db.session, actor(), deliverable)
    if part is None:
        raise Missing(N_("Your member has no part in this deliverable."))
    form = AnswerForm()
    if not form.validate_on_submit():
        flash(_("Choose whether the member accepts or declines."), "error")
        return redirect(at("deliverables.show", key=key), 303)
    accepts = form.answer.data == "accept"
    try:
        assigning.answer(
            db.session,
            actor(),
            deliverable,
            part.assignment,
            accepts=accepts,
            reason=form.reason.data or "",
            seen_version=form.version.data,
            now=now(),
        )
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(_("Accepted.") if accepts else _("Declined."), "success")
    return redirect(at("deliverables.show", key=key), 303)


def _load(key: str) -> Deliverable:
    return load_or_404(details.find(db.session, actor(), key))


def _update_page(deliverable: Deliverable, form: UpdateForm) -> str:
    found = load_or_404(details.detail(db.session, actor(), deliverable, as_of()))
    form.offer(found.row.status, HANDS[actor().role])
    return render_template(
        "deliverables/update.html",
        deliverable=deliverable,
        detail=found,
        row=found.row,
        form=form,
    )


def _prefill(form: UpdateForm, deliverable: Deliverable) -> None:
    """As it stands today: what has not changed need not be typed again."""
    found = load_or_404(details.detail(db.session, actor(), deliverable, as_of()))
    row = found.row
    form.status.data = row.status.value
    form.health.data = row.health.value if row.health and row.status in ACTIVE else ""
    form.progress.data = "" if row.progress is None else str(row.progress)
    form.blocker.data = row.blocker
    form.effective_on.data = as_of().today
    form.seen.data = newest_update_id(db.session, deliverable.id) or 0


def _filter(args: Mapping[str, str], offered: Choices) -> tuple[Filter, dict[str, str]]:
    """What the address asks for; a word that is none of the choices does not narrow."""
    chosen = {
        name: args.get(name, "").strip()
        for name in ("q", "status", "priority", "deadline", "member")
    }
    status = Status(chosen["status"]) if chosen["status"] in set(Status) else None
    return (
        Filter(
            priority_id=offered.priorities.id_of(chosen["priority"]),
            deadline_id=offered.deadlines.id_of(chosen["deadline"]),
            member_id=offered.members.id_of(chosen["member"]),
            statuses=(status,) if status else (),
            text=chosen["q"][:200],
        ),
        chosen,
    )
