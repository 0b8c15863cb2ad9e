"""Signing in and out.

Whether there is an account or not, an attempt is counted in as many places, costs one hash and
gets the same answer.
"""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core.permissions import Permission, Role
from app.extensions import db
from app.people import attempts, login, passwords, queries, throttling
from app.people.actions import second_factors, sessions
from app.people.actions.accounts import normalised
from app.people.actions.passwords import bring_hash_up_to_date, has_second_factor
from app.people.attempts import TooMany
from app.people.forms import CodeForm, SignInForm
from app.people.models import Account
from app.people.routes.own import blueprint
from app.people.throttling import Place
from app.web.access import access, public, safe_next
from app.web.day import now

Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Answer:
    onward = safe_next(request.args.get("next")) or url_for("web.home")
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(onward)
    form = SignInForm()
    if not form.is_submitted():
        return _page(form)
    if not form.validate():
        return _refused(form)
    email, password = normalised(form.email.data or ""), form.password.data or ""
    known = _known(email)
    places = attempts.at_password(email, known.id if known else None)
    try:
        attempts.count(places)
    except TooMany as too_many:
        form.add_error(too_many.message)
        return _page(form), 429, {"Retry-After": str(too_many.seconds)}
    if not passwords.matches(password, known.password_hash if known else ""):
        with db.beforehand() as session:
            sessions.record_failure(session, known.email if known else "", "password", now())
        return _refused(form)
    return _go_in(known, password, places, onward) if known else _refused(form)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def sign_in_code() -> Answer:
    half = login.half()
    account = _still_half(half[0], half[1]) if half else None
    if half is None or account is None:
        flash(_("Begin again: sign in with your password, then with a code."), "warning")
        return redirect(url_for("people.sign_in"), 303)
    form = CodeForm()
    if not form.is_submitted():
        return _code_page(form)
    if not form.validate():
        return _code_page(form), 422
    places = attempts.at_code(account.id)
    try:
        attempts.count(places)
    except TooMany as too_many:
        form.add_error(too_many.message)
        return _code_page(form), 429, {"Retry-After": str(too_many.seconds)}
    how = second_factors.use_code(db.session, account.id, form.code.data or "", now())
    if not how:
        with db.beforehand() as session:
            sessions.record_failure(session, account.email, "code", now())
        form.add_error(_("This code does not belong to the account, or was used before."))
        return _code_page(form), 422
    throttling.take_back(db.session, places)
    login.begin(account.id, f"password and {how}")
    return redirect(half[2], 303)


@blueprint.post("/sign-out")
@access(Permission.ACCOUNT_OWN)
def sign_out() -> Response:
    login.end()
    flash(_("You are signed out."), "success")
    return redirect(url_for("people.sign_in"), 303)


def _go_in(account: Account, password: str, places: list[Place], onward: str) -> Response:
    """The password was right: in, or on to the second factor."""
    throttling.take_back(db.session, places)
    password_hash = bring_hash_up_to_date(db.session, account.id, password)
    if has_second_factor(db.session, account.id):
        login.begin_half(account.id, password_hash, onward)
        return redirect(url_for("people.sign_in_code"), 303)
    login.begin(account.id, "password")
    return redirect(onward, 303)


def _known(email: str) -> Account | None:
    """The account that can sign in, if there is one."""
    # In a session that only reads: verifying takes long enough to keep others from writing.
    with db.glance() as session:
        found = queries.account_by_email(session, email)
    may = found is not None and found.is_active and found.role != Role.RECORDER
    return found if may else None


def _still_half(account_id: int, mark: str) -> Account | None:
    """The account, if it is open and its password is the one that was typed before."""
    with db.glance() as session:
        found = queries.account_by_id(session, account_id)
    holds = found is not None and found.is_active and login.is_mark_of(mark, found.password_hash)
    return found if holds else None


def _refused(form: SignInForm) -> tuple[str, int]:
    form.add_error(_("E-mail address and password do not belong to an account that is open."))
    return _page(form), 422


def _page(form: SignInForm) -> str:
    demo = _demo_addresses(db.session) if current_app.config["DEMO"] else []
    return render_template("people/sign_in.html", form=form, demo=demo)


def _code_page(form: CodeForm) -> str:
    return render_template("people/sign_in_code.html", form=form)


def _demo_addresses(session: Session) -> list[tuple[str, str]]:
    return [(account.email, account.name) for account in queries.demo_accounts(session)]
