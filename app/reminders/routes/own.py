"""What one is told by mail, and how often."""

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.audit.actions import Subject
from app.core.permissions import Permission
from app.extensions import db
from app.notices.actions import choose
from app.notices.queries import choices
from app.notices.setup import mail_setup
from app.reminders.forms import ChoicesForm
from app.reminders.routes.links import blueprint
from app.web.access import access, actor
from app.web.attempts import attempt
from app.web.day import now


@blueprint.get("/account/mail")
@access(Permission.ACCOUNT_OWN)
def own() -> str:
    form = ChoicesForm()
    form.show(choices(db.session, actor().account_id))
    return _page(form)


@blueprint.post("/account/mail")
@access(Permission.ACCOUNT_OWN)
def change_own() -> Response | tuple[str, int]:
    form = ChoicesForm()
    if not form.validate():
        return _page(form), 422
    about = Subject("account", current_user.email)
    status = attempt(
        form, lambda: choose(db.session, actor().account_id, about, form.chosen, now())
    )
    if status:
        return _page(form), status
    flash(_("Saved."), "success")
    return redirect(url_for("mail.own"), 303)


def _page(form: ChoicesForm) -> str:
    is_set_up = mail_setup(current_app.config) is not None
    return render_template("reminders/own.html", form=form, is_set_up=is_set_up)
