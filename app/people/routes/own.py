"""One's own account: what one may do, where one is signed in, password, language, zone."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.permissions import ROLE_TABLE, Permission
from app.extensions import db
from app.people import attempts, login, queries, throttling
from app.people.actions import accounts as actions
from app.people.actions import sessions
from app.people.attempts import TooMany
from app.people.forms import PasswordForm, PreferencesForm
from app.web.access import access, actor, load_or_404
from app.web.day import now

blueprint = Blueprint("people", __name__, template_folder="../templates")


@blueprint.get("/account")
@access(Permission.ACCOUNT_OWN)
def account() -> str:
    return _account_page(PasswordForm(), _preferences_form())


@blueprint.post("/account/password")
@access(Permission.ACCOUNT_OWN)
def change_password() -> Response | tuple[str, int]:
    form = PasswordForm()
    if not form.validate():
        return _account_page(form, _preferences_form()), 422
    places = attempts.at_own_password(current_user.account_id)
    current, new = form.current.data or "", form.new.data or ""
    try:
        attempts.count(places)
        session_id = current_user.session_id
        actions.change_password(db.session, actor(), current, new, session_id, now())
    except TooMany as too_many:
        form.add_error(too_many.message, "current")
        return _account_page(form, _preferences_form()), 429
    except Refused as refused:
        form.refuse(refused)
        return _account_page(form, _preferences_form()), 422
    throttling.take_back(db.session, places)
    flash(_("Your password is changed. Your other sessions have ended."), "success")
    return redirect(url_for("people.account"), 303)


@blueprint.post("/account/preferences")
@access(Permission.ACCOUNT_OWN)
def change_preferences() -> Response | tuple[str, int]:
    form = PreferencesForm()
    if not form.validate():
        return _account_page(PasswordForm(formdata=None), form), 422
    language, zone = form.language.data, form.zone.data
    actions.choose_language_and_zone(db.session, actor(), language, zone, now())
    flash(_("Saved."), "success")
    return redirect(url_for("people.account"), 303)


@blueprint.post("/account/sessions/<int:session_id>/end")
@access(Permission.ACCOUNT_OWN)
def end_session(session_id: int) -> Response:
    load_or_404(sessions.end_session(db.session, actor(), session_id, now()) or None)
    flash(_("The session has ended."), "success")
    return redirect(url_for("people.account"), 303)


@blueprint.post("/account/sessions/end-others")
@access(Permission.ACCOUNT_OWN)
def end_other_sessions() -> Response:
    sessions.end_others(db.session, actor(), current_user.session_id, now())
    flash(_("Every other session has ended."), "success")
    return redirect(url_for("people.account"), 303)


def _preferences_form() -> PreferencesForm:
    chosen = {"language": current_user.language, "zone": current_user.zone}
    return PreferencesForm(formdata=None, data=chosen)


def _account_page(password_form: PasswordForm, preferences_form: PreferencesForm) -> str:
    password_form.say_length(has_second_factor=current_user.has_second_factor)
    return render_template(
        "people/account.html",
        password_form=password_form,
        preferences_form=preferences_form,
        permissions=[p for p in Permission if p in ROLE_TABLE[current_user.role]],
        codes_left=queries.recovery_codes_left(db.session, current_user.account_id),
        sessions=[
            open_session
            for open_session in queries.open_sessions(db.session, current_user.account_id)
            if not login.lifetime().is_over(
                open_session.created_at, open_session.last_seen_at, now()
            )
        ],
    )
