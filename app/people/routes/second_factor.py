"""Adding a second factor to one's own account, renewing its recovery codes, taking it away."""

from collections.abc import Callable
from typing import TypeVar

import segno
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.clock import today
from app.core.errors import Refused
from app.core.permissions import Permission
from app.extensions import db
from app.people import attempts, queries, second_factors, throttling
from app.people.actions import second_factors as actions
from app.people.attempts import TooMany
from app.people.forms import CodeForm, OwnPasswordForm
from app.people.models import SecondFactor
from app.people.routes.own import blueprint
from app.web.access import access, actor
from app.web.day import now
from app.web.forms import Form

Done = TypeVar("Done")
Answer = str | Response | tuple[str, int]


@blueprint.get("/account/second-factor")
@access(Permission.ACCOUNT_OWN)
def second_factor() -> str:
    return _page(OwnPasswordForm())


@blueprint.post("/account/second-factor/begin")
@access(Permission.ACCOUNT_OWN)
def begin_second_factor() -> Answer:
    form = OwnPasswordForm()
    status, _done = _try(
        form, lambda: actions.begin(db.session, actor(), form.password.data or "", now())
    )
    if status:
        return _page(form), status
    return redirect(url_for("people.confirm_second_factor"), 303)


@blueprint.route("/account/second-factor/confirm", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def confirm_second_factor() -> Answer:
    form = CodeForm()
    if not form.is_submitted():
        return _confirm_page(form)
    status, codes = _try(
        form, lambda: actions.confirm(db.session, actor(), form.code.data or "", now())
    )
    if codes is None:
        return _confirm_page(form, status)
    return _codes_page(codes)


@blueprint.post("/account/second-factor/codes")
@access(Permission.ACCOUNT_OWN)
def renew_recovery_codes() -> Answer:
    form = OwnPasswordForm()
    status, codes = _try(
        form,
        lambda: actions.renew_recovery_codes(db.session, actor(), form.password.data or "", now()),
    )
    return _codes_page(codes) if codes is not None else (_page(form), status)


@blueprint.post("/account/second-factor/remove")
@access(Permission.ACCOUNT_OWN)
def remove_second_factor() -> Answer:
    form, is_required = OwnPasswordForm(), current_user.needs_second_factor
    status, _done = _try(
        form,
        lambda: actions.remove(
            db.session, actor(), form.password.data or "", is_required=is_required, now=now()
        ),
    )
    if status:
        return _page(form), status
    flash(_("Signing in takes your password alone again."), "success")
    return redirect(url_for("people.account"), 303)


def _try(form: Form, action: Callable[[], Done]) -> tuple[int, Done | None]:
    """(0, what the action gave), or the status of a refusal that the form shows. Counted: whoever
    found a browser open must not try passwords in it."""
    if not form.validate():
        return 422, None
    places = attempts.at_own_password(current_user.account_id)
    try:
        attempts.count(places)
        done = action()
    except TooMany as too_many:
        form.add_error(too_many.message)
        return 429, None
    except Refused as refused:
        db.discard()
        form.refuse(refused)
        return refused.status, None
    throttling.take_back(db.session, places)
    return 0, done


def _page(form: OwnPasswordForm) -> str:
    account_id = current_user.account_id
    return render_template(
        "people/second_factor.html",
        form=form,
        codes_left=queries.recovery_codes_left(db.session, account_id),
    )


def _confirm_page(form: CodeForm, status: int = 200) -> Answer:
    factor = queries.second_factor(db.session, current_user.account_id)
    if factor is None or factor.confirmed_at is not None:
        return redirect(url_for("people.second_factor"), 303)
    drawn = segno.make(_address(factor), error="m", micro=False)
    page = render_template(
        "people/second_factor_confirm.html",
        form=form,
        key=" ".join(factor.key[start : start + 4] for start in range(0, len(factor.key), 4)),
        picture=drawn.svg_inline(scale=4, border=4, light="#fff"),
    )
    return page, status


def _address(factor: SecondFactor) -> str:
    issuer = current_app.extensions["short_name"](db.session, today(now()))
    return second_factors.address(factor.key, current_user.email, issuer or request.host)


def _codes_page(codes: list[str]) -> str:
    return render_template("people/recovery_codes.html", codes=codes)
