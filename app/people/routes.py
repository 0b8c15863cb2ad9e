"""Signing in and out, and one's own account."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.permissions import ROLE_TABLE, Permission
from app.extensions import db
from app.people import actions, login, passwords, queries
from app.people.forms import PasswordForm, PreferencesForm, SignInForm
from app.web.access import access, actor, load_or_404, public, safe_next
from app.web.day import now

blueprint = Blueprint("people", __name__, template_folder="templates")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> str | Response | tuple[str, int]:
    onward = safe_next(request.args.get("next")) or "/"
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(onward)
    form = SignInForm()
    if not form.is_submitted():
        return _sign_in_page(form)
    account_id = _account_with_password(form) if form.validate() else None
    if account_id is None:
        form.add_error(_("E-mail address and password do not belong to an account that is open."))
        return _sign_in_page(form), 422
    login.begin(account_id)
    return redirect(onward, 303)


@blueprint.post("/sign-out")
@access(Permission.ACCOUNT_OWN)
def sign_out() -> Response:
    login.end()
    flash(_("You are signed out."), "success")
    return redirect(url_for("people.sign_in"), 303)


@blueprint.get("/account")
@access(Permission.ACCOUNT_OWN)
def account() -> str:
    return _account_page(PasswordForm(), _preferences_form())


@blueprint.post("/account/password")
@access(Permission.ACCOUNT_OWN)
def change_password() -> Response | tuple[str, int]:
    form = PasswordForm()
    if form.validate():
        try:
            current, new = form.current.data or "", form.new.data or ""
            session_id = current_user.session_id
            actions.change_password(db.session, actor(), current, new, session_id, now())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("Your password is changed. Your other sessions have ended."), "success")
            return redirect(url_for("people.account"), 303)
    return _account_page(form, _preferences_form()), 422


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
    load_or_404(actions.end_session(db.session, actor(), session_id, now()) or None)
    flash(_("The session has ended."), "success")
    return redirect(url_for("people.account"), 303)


def _account_with_password(form: SignInForm) -> int | None:
    """The account, if the password is its own. Takes as long where there is no such account."""
    # In a session that only reads: verifying takes long enough to keep others from writing.
    with db.glance() as session:
        found = queries.account_by_email(session, form.email.data or "")
        known = (found.id, found.password_hash) if found and found.is_active else (None, "")
    account_id, password_hash = known
    return account_id if passwords.matches(form.password.data or "", password_hash) else None


def _sign_in_page(form: SignInForm) -> str:
    demo = _demo_addresses(db.session) if current_app.config["DEMO"] else []
    return render_template("people/sign_in.html", form=form, demo=demo)


def _demo_addresses(session: Session) -> list[tuple[str, str]]:
    return [(account.email, account.name) for account in queries.demo_accounts(session)]


def _preferences_form() -> PreferencesForm:
    chosen = {"language": current_user.language, "zone": current_user.zone}
    return PreferencesForm(formdata=None, data=chosen)


def _account_page(password_form: PasswordForm, preferences_form: PreferencesForm) -> str:
    return render_template(
        "people/account.html",
        password_form=password_form,
        preferences_form=preferences_form,
        permissions=[p for p in Permission if p in ROLE_TABLE[current_user.role]],
        sessions=[
            open_session
            for open_session in queries.open_sessions(db.session, current_user.account_id)
            if not login.LIFETIME.is_over(open_session.created_at, open_session.last_seen_at, now())
        ],
    )
