"""What a one-time link opens, and saying that a password is forgotten. Neither needs an account."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Missing, Refused
from app.extensions import db
from app.people import attempts, known_browser, queries
from app.people.actions import links as actions
from app.people.actions.passwords import has_second_factor
from app.people.attempts import TooMany
from app.people.forms import ForgottenForm, LinkForm
from app.people.mailed import mailed
from app.people.models import OneTimeLink
from app.people.routes.own import blueprint
from app.web.access import public
from app.web.day import now

Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.get("/links/<token>")
@public
def open_link(token: str) -> Answer:
    # Looking does not use it up: what reads mail for its owner often follows links.
    link = queries.link_by_token(db.session, token, now())
    return _page(link, LinkForm()) if link else _dead()


@blueprint.post("/links/<token>")
@public
def use_link(token: str) -> Answer:
    link = queries.link_by_token(db.session, token, now())
    if link is None:
        return _dead()
    form = LinkForm()
    if not form.validate():
        return _page(link, form), 422
    try:
        account = actions.use_link(db.session, token, form.new.data or "", now())
    except Missing:
        return _dead()
    except Refused as refused:
        form.refuse(refused)
        return _page(link, form), 422
    known_browser.remember(account.id)
    flash(_("Your password is set. Sign in with it."), "success")
    return redirect(url_for("people.sign_in"), 303)


@blueprint.route("/sign-in/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> Answer:
    form = ForgottenForm()
    if not form.is_submitted():
        return render_template("people/forgotten.html", form=form)
    if not form.validate():
        return render_template("people/forgotten.html", form=form), 422
    try:
        attempts.count(attempts.at_asking())
    except TooMany as too_many:
        form.add_error(too_many.message)
        page = render_template("people/forgotten.html", form=form)
        return page, 429, {"Retry-After": str(too_many.seconds)}
    by_mail = mailed()
    actions.ask_for_reset(
        db.session, form.email.data or "", now(), by_mail.nonce if by_mail else ""
    )
    flash(_said(is_mailed=by_mail is not None), "success")
    return redirect(url_for("people.sign_in"), 303)


def _said(*, is_mailed: bool) -> str:
    """The same whether there is such an account or not."""
    if is_mailed:
        return _(
            "If there is an account with this address, a link by which you set a new password is "
            "on its way to it."
        )
    return _(
        "If there is an account with this address, its administrators now see that it needs "
        "a new password. They send a link by which you set one."
    )


def _page(link: OneTimeLink, form: LinkForm) -> str:
    is_second = has_second_factor(db.session, link.account_id)
    form.say_length(has_second_factor=is_second)
    return render_template("people/link.html", form=form, link=link, owner=link.account)


def _dead() -> tuple[str, int]:
    """Used, over, replaced, closed and never made answer alike."""
    return render_template("people/dead_link.html"), 404
