"""Tokens by which programs ask the API in one's own name."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.permissions import Permission, Scope
from app.extensions import db
from app.people import queries
from app.people.actions import tokens as actions
from app.people.forms import TokenForm
from app.people.models import Account
from app.people.routes.own import blueprint
from app.web.access import access, actor, load_or_404
from app.web.day import now


@blueprint.get("/account/tokens")
@access(Permission.ACCOUNT_OWN)
def tokens() -> str:
    return _page(TokenForm(formdata=None))


@blueprint.post("/account/tokens")
@access(Permission.ACCOUNT_OWN)
def make_token() -> str | tuple[str, int]:
    """The token is shown in the answer and nowhere else, so there is no page to lead on to."""
    form = TokenForm()
    if not form.validate():
        return _page(form), 422
    account = load_or_404(db.session.get(Account, current_user.account_id))
    name, scope, days = form.name.data or "", Scope(form.scope.data), form.days.data or 0
    try:
        made, secret = actions.make_token(db.session, actor(), account, name, scope, days, now())
    except Refused as refused:
        form.refuse(refused)
        return _page(form), refused.status
    return _page(TokenForm(formdata=None), made_id=made.id, secret=secret)


@blueprint.post("/account/tokens/<int:token_id>/revoke")
@access(Permission.ACCOUNT_OWN)
def revoke_token(token_id: int) -> Response:
    found = load_or_404(queries.own_token(db.session, current_user.account_id, token_id))
    actions.revoke_token(db.session, actor(), found, now())
    flash(_("The token opens nothing any more."), "success")
    return redirect(url_for("people.tokens"), 303)


def _page(form: TokenForm, made_id: int | None = None, secret: str = "") -> str:
    return render_template(
        "people/tokens.html",
        form=form,
        tokens=queries.own_tokens(db.session, current_user.account_id, now()),
        made_id=made_id,
        secret=secret,
    )
