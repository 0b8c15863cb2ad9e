"""Pages that belong to no feature: the sign of life, and the choice of light or dark."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.core.permissions import Permission
from app.web import cookies
from app.web.access import access, may, public, safe_next
from app.web.frame import THEME_COOKIE, THEMES

blueprint = Blueprint("web", __name__)
A_YEAR = 365 * 24 * 3600


@blueprint.get("/healthz")
@public
def health() -> Response:
    """That the process answers; it says nothing about the data."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/home")
@access(Permission.ACCOUNT_OWN)
def home() -> AnyResponse:
    """The first page after signing in: the desk, for those who have one."""
    return redirect(url_for("desk.index") if may(Permission.DESK_OPEN) else "/")


@blueprint.post("/theme")
@access(Permission.ACCOUNT_OWN)
def set_theme() -> AnyResponse:
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        abort(422)
    answer = redirect(safe_next(request.args.get("next")) or "/", 303)
    cookies.give(answer, THEME_COOKIE, chosen, max_age=A_YEAR)
    return answer
