"""What outside readers are shown: only what is CLEAR, and only where a coordinator turned it on."""

import hashlib
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.core import clock
from app.core.clock import AsOf
from app.core.permissions import Permission
from app.deadlines.queries import deadlines
from app.deliverables.queries import progress
from app.deliverables.queries.latest import latest_updates
from app.deliverables.queries.listing import PAGE_SIZE, listed
from app.extensions import db
from app.members.actions.settings import show_public_page
from app.members.models import MemberStatus, Network
from app.members.queries.members import members
from app.members.queries.network import network
from app.members.queries.settings import has_public_page
from app.sharing.remembering import remembered, standpoint
from app.web.access import (
    access,
    actor,
    actor_or_none,
    ask_to_sign_in,
    load_or_404,
    nobody_is_signed_in,
    public,
)
from app.web.day import now
from app.web.paging import Pages, asked_page

blueprint = Blueprint("public", __name__, template_folder="../templates")

LATEST = 20
MINUTES = 5
NOBODY = None
"""The reader of this page: nobody in particular, who sees what is CLEAR."""


@blueprint.get("/public")
@public
def show() -> AnyResponse:
    return _answer("public/show.html", "text/html")


@blueprint.get("/public/feed.atom")
@public
def feed() -> AnyResponse:
    return _answer("public/feed.xml", "application/atom+xml")


@blueprint.get("/public/settings")
@access(Permission.DELIVERABLE_PLAN)
def settings() -> str:
    return render_template("public/settings.html", shown=has_public_page(db.session))


@blueprint.post("/public/shown")
@access(Permission.DELIVERABLE_PLAN)
def turn() -> AnyResponse:
    shown = request.form.get("shown") == "yes"
    found = load_or_404(db.session.scalars(select(Network)).first())
    show_public_page(db.session, actor(), found, shown=shown, now=now())
    flash(
        _("Outside readers see the public page from now on.")
        if shown
        else _("Outside readers see nothing any more."),
        "success",
    )
    return redirect(url_for("public.settings"), 303)


def _answer(template: str, kind: str) -> AnyResponse:
    """The same for everybody, so that a cache in between may keep it for some minutes."""
    if not has_public_page(db.session):
        # As an address that does not exist: strangers are asked to sign in, others told so.
        return ask_to_sign_in() if actor_or_none() is None else load_or_404(None)
    nobody_is_signed_in()  # so that nothing on it, not even its language, is of one account
    day = clock.as_of(None, now())
    name = (template, str(get_locale()), request.url_root, asked_page())
    text = remembered(db.session, NOBODY, day, name, lambda: _text(template, day))
    response = make_response(text)
    response.mimetype = kind
    told = repr((standpoint(db.session, NOBODY), day, name))
    response.set_etag(hashlib.sha256(told.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = f"public, max-age={MINUTES * 60}"
    response.headers["Vary"] = "Accept-Language"
    response.make_conditional(request)
    return response


def _text(template: str, day: AsOf) -> str:
    return render_template(template, **_shown(day))


def _shown(day: AsOf) -> dict[str, Any]:
    session = db.session
    found = listed(session, NOBODY, day, page=asked_page())
    by_deadline = progress.by_deadline(session, NOBODY, day)
    open_to_all = [row for row in deadlines(session, day) if row.is_public]
    return {
        "day": day,
        "network": network(session, day),
        "progress": progress.of_network(session, NOBODY, day),
        "rows": found.rows,
        "pages": Pages(asked_page(), PAGE_SIZE, found.total),
        "deadlines": [(row, by_deadline.get(row.id, progress.NOTHING)) for row in open_to_all],
        "members": [m for m in members(session, day) if m.status is MemberStatus.MEMBER],
        "updates": latest_updates(session, NOBODY, day, limit=LATEST),
        "root": request.url_root.rstrip("/"),
    }
