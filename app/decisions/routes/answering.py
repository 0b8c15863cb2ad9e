"""A liaison takes its member's position."""

from flask import flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.permissions import Permission
from app.decisions.actions.positions import take_position
from app.decisions.forms import PositionForm, WithdrawForm
from app.decisions.queries.decisions import terms_of
from app.decisions.routes.pages import blueprint, load, page
from app.decisions.rules import DecisionState
from app.extensions import db
from app.web.access import access, actor
from app.web.day import at, now


@blueprint.post("/decisions/<key>/positions")
@access(Permission.POSITION_TAKE)
def answer(key: str) -> Response | tuple[str, int]:
    decision = load(key)
    form = PositionForm()
    if decision.state is not DecisionState.DRAFT:
        form.offer(terms_of(decision))
    if not form.validate_on_submit():
        return page(decision, form, WithdrawForm(formdata=None)), 422
    try:
        said = form.statement.data or ""
        changed = take_position(db.session, actor(), decision, form.chosen, said, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return page(load(key), form, WithdrawForm(formdata=None)), refused.status
    flash(
        _("Your member’s position is recorded. It can be changed until the decision closes.")
        if changed
        else _("Your member said just that already."),
        "success",
    )
    return redirect(at("decisions.show", key=key), 303)
