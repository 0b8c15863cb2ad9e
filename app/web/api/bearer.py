"""Who asks the API: whoever bears a token, and never the cookie of a browser.

So no page can make a browser write here, and no form needs a token of its own. Each view says by
`@scoped` what the token must allow, beside the permission that the account's role must hold.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from app.core.permissions import Scope
from app.web.access import PUBLIC, mark_of, nobody_is_signed_in
from app.web.api import limits
from app.web.api.problems import is_api
from app.web.day import now

View = TypeVar("View", bound=Callable[..., Any])
SCOPE = "api_scope"
REALM = "api"


class Bearer(Protocol):
    """An account that asks by a token."""

    token_id: int
    scope: Scope
    needs_second_factor: bool


FindBearer = Callable[[str, datetime], Bearer | None]


def scoped(scope: Scope) -> Callable[[View], View]:
    """What a token must allow to have this answered."""

    def mark(view: View) -> View:
        setattr(view, SCOPE, scope)
        return view

    return mark


def scope_of(view: Callable[..., Any] | None) -> Scope | None:
    return getattr(view, SCOPE, None)


def init_app(app: Flask, find: FindBearer) -> None:
    """`find` gives the account of a token that lives."""
    app.extensions["api_bearer"] = find
    app.before_request(_know_bearer)


def _know_bearer() -> None:
    if not is_api():
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if mark_of(view) == PUBLIC:
        return
    nobody_is_signed_in()
    bearer = _bearer()
    if bearer is None:
        limits.count(request.remote_addr or "")
        raise _unknown()
    g._login_user = bearer
    limits.count(bearer.token_id)
    if bearer.needs_second_factor:
        raise Forbidden(_("Your role needs a second factor: add it on your account page first."))
    wanted = scope_of(view)
    if wanted is not None and not bearer.scope.allows(wanted):
        raise Forbidden(_("This token only reads. Make one that may write."))


def _bearer() -> Bearer | None:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        return None
    find: FindBearer = current_app.extensions["api_bearer"]
    return find(secret.strip(), now())


def _unknown() -> Unauthorized:
    gave_one = "Authorization" in request.headers
    challenge = WWWAuthenticate("bearer", {"realm": REALM})
    if gave_one:
        challenge.parameters["error"] = "invalid_token"
        text = _("This token is not known here, has expired or was revoked.")
    else:
        text = _("Send a token of your account: Authorization: Bearer TOKEN.")
    return Unauthorized(text, www_authenticate=challenge)
