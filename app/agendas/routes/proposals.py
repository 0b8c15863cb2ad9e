"""What liaisons would have on an agenda, and the coordinator's answer."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.agendas.actions import proposals as acting
from app.agendas.forms import YES, ProposalForm, SeenForm, VerdictForm
from app.agendas.queries import agendas, proposals
from app.agendas.routes.loading import Answer, blueprint, load_meeting
from app.core.errors import Refused
from app.core.markings import Marking, highest
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.models import Meeting
from app.web.access import access, actor, load_or_404, may
from app.web.day import now
from app.web.wording import worded


@blueprint.get("/agendas/<key>/proposals")
@access(Permission.NETWORK_READ)
def proposed_items(key: str) -> str:
    return _page(load_meeting(key))


@blueprint.post("/agendas/<key>/proposals")
@access(Permission.ITEM_PROPOSE)
def propose_item(key: str) -> Answer:
    meeting, form = load_meeting(key), ProposalForm()
    form.offer()
    if not form.validate_on_submit():
        return _page(meeting, form), 422
    try:
        acting.propose_item(db.session, actor(), meeting, form.entry, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(load_meeting(key), form), refused.status
    flash(_("Proposed. A coordinator says yes or no."), "success")
    return redirect(url_for("agendas.proposed_items", key=key), 303)


@blueprint.post("/agendas/<key>/proposals/<int:proposed_id>/answer")
@access(Permission.AGENDA_EDIT)
def answer_proposed(key: str, proposed_id: int) -> Response:
    form = VerdictForm()
    if not form.validate_on_submit():
        abort(422)
    meeting = load_meeting(key)
    proposed = proposals.find_proposed(db.session, actor(), meeting, proposed_id)
    accepts = form.verdict.data == YES
    try:
        acting.answer_item(
            db.session,
            actor(),
            meeting,
            load_or_404(proposed),
            agendas.find(db.session, meeting),
            accepts=accepts,
            answer=form.answer.data or "",
            now=now(),
        )
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(_("Taken up.") if accepts else _("Declined, with the reason."), "success")
    return redirect(url_for("agendas.proposed_items", key=key), 303)


@blueprint.post("/agendas/<key>/proposals/<int:proposed_id>/withdraw")
@access(Permission.ITEM_PROPOSE)
def withdraw_proposed(key: str, proposed_id: int) -> Response:
    if not SeenForm().validate_on_submit():
        abort(422)
    meeting = load_meeting(key)
    proposed = proposals.find_proposed(db.session, actor(), meeting, proposed_id)
    try:
        acting.withdraw_item(db.session, actor(), meeting, load_or_404(proposed), now())
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(_("Withdrawn."), "success")
    return redirect(url_for("agendas.proposed_items", key=key), 303)


def _page(meeting: Meeting, form: ProposalForm | None = None) -> str:
    found = proposals.proposed_for(db.session, actor(), meeting)
    if form is None:
        form = ProposalForm(formdata=None)
        form.minutes.data, form.marking.data = "10", Marking.GREEN.value
    form.offer()
    return render_template(
        "agendas/proposals.html",
        page_marking=highest([Marking.GREEN, *(row.marking for row in found)]),
        meeting=meeting,
        form=form,
        found=found,
        answers=may(Permission.AGENDA_EDIT),
        proposes=may(Permission.ITEM_PROPOSE) and meeting.status == "planned",
    )
