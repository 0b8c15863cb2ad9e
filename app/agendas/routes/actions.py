"""What meetings asked members to do: all of it in one list, what becomes of it, who sees it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.agendas.actions.marks import mark_action
from app.agendas.actions.tasks import settle_action
from app.agendas.forms import SettleForm
from app.agendas.models import Action
from app.agendas.queries import actions as queries
from app.agendas.rules.outcomes import ActionState
from app.core.errors import Refused
from app.core.markings import Marking, highest
from app.core.permissions import Permission
from app.extensions import db
from app.people.naming import nameable
from app.sharing.actions import sharing_of
from app.sharing.forms import SharingForm
from app.web.access import access, actor, load_or_404, may, safe_next
from app.web.day import as_of, now
from app.web.wording import worded

blueprint = Blueprint("actions", __name__, template_folder="../templates")


@blueprint.get("/actions")
@access(Permission.NETWORK_READ)
def index() -> str:
    asked = request.args.get("state", ActionState.OPEN)
    state = ActionState(asked) if asked in set(ActionState) else None
    member = request.args.get("member", "")
    found = queries.listed(db.session, actor(), as_of(), state, member)
    return render_template(
        "agendas/actions.html",
        page_marking=highest([Marking.GREEN, *(row.action.marking for row in found)]),
        rows=found,
        state=state,
        member=member,
        states=tuple(ActionState),
        members=queries.owing_members(db.session, actor(), as_of()),
        own=actor().member_id,
        settles_all=may(Permission.AGENDA_EDIT),
        settles_own=may(Permission.ACTION_CLOSE),
    )


@blueprint.post("/actions/<int:action_id>/settle")
@access(Permission.ACTION_CLOSE)
def settle(action_id: int) -> Response:
    action, form = load_or_404(queries.find_action(db.session, actor(), action_id)), SettleForm()
    form.offer()
    if not form.validate_on_submit():
        abort(422)
    back = safe_next(request.form.get("back")) or url_for("actions.index")
    try:
        settle_action(
            db.session,
            actor(),
            action,
            ActionState(form.state.data),
            form.note.data or "",
            form.seen.data,
            now(),
        )
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(_("Kept."), "success")
    return redirect(back, 303)


@blueprint.get("/actions/<int:action_id>/marking")
@access(Permission.AGENDA_EDIT)
def marking(action_id: int) -> str:
    action = load_or_404(queries.find_action(db.session, actor(), action_id))
    form = SharingForm(formdata=None)
    form.offer_sharing(nameable(db.session))
    form.show_sharing(sharing_of(db.session, action))
    return _marking_page(action, form)


@blueprint.post("/actions/<int:action_id>/marking")
@access(Permission.AGENDA_EDIT)
def mark(action_id: int) -> Response | tuple[str, int]:
    action = load_or_404(queries.find_action(db.session, actor(), action_id))
    form = SharingForm()
    form.offer_sharing(nameable(db.session))
    if not form.validate_on_submit():
        return _marking_page(action, form), 422
    try:
        changed = mark_action(db.session, actor(), action, form.sharing, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        again = load_or_404(queries.find_action(db.session, actor(), action_id))
        return _marking_page(again, form), refused.status
    flash(_("Marked.") if changed else _("Nothing differs from before."), "success")
    return redirect(url_for("actions.index", state="all", _anchor=f"action-{action_id}"), 303)


def _marking_page(action: Action, form: SharingForm) -> str:
    return render_template(
        "agendas/marking.html",
        form=form,
        thing=action.task,
        trail=[(_("Actions"), url_for("actions.index"))],
        address=url_for("actions.mark", action_id=action.id),
        back=url_for("actions.index"),
    )
