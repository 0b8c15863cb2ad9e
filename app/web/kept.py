"""What was typed stays when the session had ended before the form was sent.

A browser with scripts keeps a draft (js/drafts.js). Without scripts, the answer to a form that came
too late carries what was typed, signed, to be sent again after signing in. It is made only for a
form that bears this browser's token, is taken back only from the browser that it was given to and
under the account that typed it, and nothing is saved before that account says so once more.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, flash, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import MethodNotAllowed, NotFound, Unauthorized
from werkzeug.routing import RequestRedirect
from wtforms.validators import ValidationError

from app.core.permissions import Permission
from app.web import cookies
from app.web.access import SIGN_IN, access, actor, safe_next
from app.web.errors import http_error
from app.web.signing import PatientSigner

View = TypeVar("View", bound=Callable[..., Any])

MARK = "keeps_text"
FOR, TOKEN = "kept_for", "csrf_token"
COOKIE = "kept"
A_DAY = 24 * 3600
DONE = "draft-done"
"""The category of the message that tells js/drafts.js that its draft is no longer needed."""
SHORTEST_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed, where it was to go, and by whom."""

    path: str
    account: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def texts(self) -> list[str]:
        """What people read of it: neither numbers nor what a page hides in its forms."""
        return [
            value
            for name, value in self.fields
            if len(value) >= SHORTEST_SHOWN and (" " in value or "note" in name)
        ]


def keeps_text(view: View) -> View:
    """A form whose text is worth keeping. Its template calls `drafts.fields`."""
    setattr(view, MARK, True)
    return view


def init_app(app: Flask) -> None:
    app.register_error_handler(Unauthorized, _too_late)
    app.add_template_global(draft_key, "draft_key")
    app.add_template_global(_account, "draft_account")
    app.add_url_rule("/kept", "web.kept", resume, methods=["POST"])


def draft_key(name: str) -> str:
    """Under what a browser keeps the draft of a form: its account's, and only this form's."""
    return f"{_account()}/{name}"


def draft_done(name: str) -> None:
    """What was typed in the form is saved: the browser may forget it."""
    flash(draft_key(name), DONE)


@access(Permission.ACCOUNT_OWN)
def resume() -> Response:
    """The typed text once more, to be sent by whoever typed it. Saves nothing."""
    packed = request.form.get("kept", "")
    kept = _unpacked(packed)
    if kept is None or kept.account != str(actor().account_id):
        return Response(render_template("kept/gone.html"), 400)
    return Response(render_template("kept/again.html", kept=kept))


def _too_late(error: Unauthorized) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is resume and _unpacked(request.form.get("kept", "")) is not None:
        return _page(request.form["kept"], cookies.given(COOKIE))
    if not getattr(view, MARK, False) or not _bears_token():
        return http_error(error)
    nonce = cookies.given(COOKIE) or secrets.token_urlsafe(24)
    fields = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in {FOR, TOKEN}
    ]
    kept = [request.path, request.form.get(FOR, ""), fields, bool(request.files), _hashed(nonce)]
    return _page(_serializer().dumps(kept), nonce)


def _page(packed: str, nonce: str) -> Response:
    kept = _unpacked(packed, nonce)
    sign_in = url_for(SIGN_IN, next=_form_page(kept.path) if kept else None)
    page = render_template("kept/too_late.html", packed=packed, kept=kept, sign_in=sign_in)
    answer = Response(page, 401)
    # Strict: a form on another site cannot bring it along.
    cookies.give(answer, COOKIE, nonce, max_age=A_DAY, samesite="Strict")
    return answer


def _bears_token() -> bool:
    try:
        validate_csrf(request.form.get(TOKEN))
    except ValidationError:
        return False
    return True


def _unpacked(packed: str, nonce: str | None = None) -> Kept | None:
    """None for anything but what this browser was given within a day."""
    given = nonce if nonce is not None else cookies.given(COOKIE)
    try:
        path, account, fields, had_files, hashed = _serializer().loads(packed, max_age=A_DAY)
    except (BadSignature, ValueError):
        return None
    if not secrets.compare_digest(hashed, _hashed(given)):
        return None
    return Kept(path, account, [(name, value) for name, value in fields], had_files)


def _form_page(path: str) -> str | None:
    """The page on which the form stands: most are read and sent under one address."""
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None:
            adapter.match(path, method="GET")
            return safe_next(path)
    except (NotFound, MethodNotAllowed, RequestRedirect):
        pass
    return None


def _serializer() -> URLSafeTimedSerializer:
    key = current_app.config["SECRET_KEY"]
    return URLSafeTimedSerializer(key, salt="kept-text", signer=PatientSigner)


def _hashed(nonce: str) -> str:
    return hashlib.sha256(nonce.encode("utf-8", "replace")).hexdigest()


def _account() -> str:
    return str(current_user.account_id) if current_user.is_authenticated else ""
