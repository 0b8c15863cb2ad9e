"""Pages about deliverables, and what is done on them."""

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import N_, Missing, Refused
from app.core.markings import Marking
from app.core.permissions import Permission
from app.deliverables.actions import assignments as assigning
from app.deliverables.actions.corrections import may_correct
from app.deliverables.actions.proposals import open_proposal
from app.deliverables.actions.updates import may_log
from app.deliverables.forms import AnswerForm, ViewForm
from app.deliverables.models import AssignmentRole, Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.queries import listing, outlook, progress
from app.deliverables.queries.choices import choices
from app.deliverables.queries.mutes import mutes_of
from app.deliverables.queries.thresholds import thresholds
from app.deliverables.queries.views import own_views
from app.deliverables.routes.filtering import UNKNOWN, asked
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.moves import Health, Status
from app.deliverables.wording import flag_sentence, rule_sentence
from app.extensions import db
from app.sharing.pages import draw, kept_for_each
from app.web.access import access, actor, load_or_404, may, safe_next
from app.web.day import as_of, at, now
from app.web.paging import Pages, asked_page
from app.web.wording import worded

blueprint = Blueprint("deliverables", __name__, template_folder="../templates")


@blueprint.get("/deliverables")
@access(Permission.NETWORK_READ)
@kept_for_each
def index() -> str:
    offered = choices(db.session, as_of())
    shown = asked(request.args, offered)
    number = asked_page()
    found = listing.listed(db.session, actor(), as_of(), shown.which, page=number)
    return draw(
        "deliverables/index.html",
        rows=found.rows,
        pages=Pages(number, listing.PAGE_SIZE, found.total),
        offered=offered,
        asked=shown,
        choices_of={
            "status": list(Status),
            "health": [*Health, UNKNOWN],
            "flag": list(Flag),
            "role": list(AssignmentRole),
            "marking": list(Marking),
        },
        views=own_views(db.session, actor()),
        view_form=ViewForm(formdata=None),
        progress=progress.of_network(db.session, actor(), as_of()),
    )


@blueprint.get("/deliverables/<key>")
@access(Permission.NETWORK_READ)
@kept_for_each
def show(key: str) -> tuple[str, int] | str:
    deliverable = _load(key)
    found = details.detail(db.session, actor(), deliverable, as_of())
    if found is None:
        page = render_template("deliverables/not_yet.html", deliverable=deliverable)
        return page, 404
    logs = may(Permission.UPDATE_LOG) and may_log(db.session, actor(), deliverable.id)
    return draw(
        "deliverables/show.html",
        deliverable=deliverable,
        detail=found,
        row=found.row,
        standing=outlook.standing(db.session, actor(), as_of(), deliverable),
        plans=may(Permission.DELIVERABLE_PLAN) and as_of().is_today,
        flag_sentence=flag_sentence,
        rule_sentence=rule_sentence,
        limits=thresholds(db.session),
        mutes=mutes_of(db.session, actor(), deliverable, as_of()),
        may_log=logs,
        correctable=found.correctable(lambda update: logs and may_correct(actor(), update)),
        waiting_date=open_proposal(db.session, deliverable.id),
        own_part=details.own_part(db.session, actor(), deliverable),
        answer_form=AnswerForm(formdata=None),
    )


@blueprint.post("/deliverables/<key>/answer")
@access(Permission.ASSIGNMENT_ANSWER)
def answer(key: str) -> Response:
    onward = safe_next(request.args.get("next")) or at("deliverables.show", key=key)
    deliverable = _load(key)
    part = details.own_part(db.session, actor(), deliverable)
    if part is None:
        raise Missing(N_("Your member has no part in this deliverable."))
    form = AnswerForm()
    if not form.validate_on_submit():
        flash(_("Choose whether the member accepts or declines."), "error")
        return redirect(onward, 303)
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
    return redirect(onward, 303)


def _load(key: str) -> Deliverable:
    return load_or_404(details.find(db.session, actor(), key))
