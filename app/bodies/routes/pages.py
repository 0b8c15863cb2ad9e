"""Bodies around the network: what they are, and where they do the same as the network."""

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.audit.models import AuditEntry
from app.bodies import queries
from app.bodies.forms import BodyForm
from app.bodies.wording import FOUND_BY
from app.core.errors import Refused
from app.core.permissions import Permission
from app.extensions import db
from app.priorities.actions import outside as actions
from app.priorities.models import Body
from app.sources.queries import sources
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, at, now, present

Answer = Response | tuple[str, int]

blueprint = Blueprint("bodies", __name__, template_folder="../templates")


@blueprint.get("/bodies")
@access(Permission.NETWORK_READ)
def index() -> str:
    found = queries.around(db.session, actor(), as_of())
    return render_template(
        "bodies/index.html",
        found=found,
        by_priority=queries.by_priority(found),
        overlapping=[card for card in found.cards if card.overlaps],
        found_by=FOUND_BY,
    )


@blueprint.get("/bodies/<key>")
@access(Permission.NETWORK_READ)
def show(key: str) -> str:
    found = queries.around(db.session, actor(), as_of())
    card = load_or_404(next((card for card in found.cards if card.body.key == key), None))
    return render_template(
        "bodies/show.html", card=card, found=found, found_by=FOUND_BY, replaced=actions.REPLACED
    )


@blueprint.get("/bodies/new")
@access(Permission.NETWORK_KEEP)
def new() -> str:
    return _page(BodyForm(formdata=None), None)


@blueprint.post("/bodies")
@access(Permission.NETWORK_KEEP)
def add() -> Answer:
    form = BodyForm()
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit():
        return _page(form, None), 422
    entry = form.entry(form.cited(db.session, actor(), now()))
    made = actions.name_body(db.session, actor(), entry, present().day, now())
    flash(_("The body is on record."), "success")
    return redirect(at("bodies.show", key=made.key), 303)


@blueprint.get("/bodies/<key>/edit")
@access(Permission.NETWORK_KEEP)
def edit(key: str) -> str:
    body = load(key)
    form = BodyForm(formdata=None)
    form.show(body)
    form.seen.data = _last_line(body)
    return _page(form, body)


@blueprint.post("/bodies/<key>/edit")
@access(Permission.NETWORK_KEEP)
def describe(key: str) -> Answer:
    body = load(key)
    form = BodyForm()
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit():
        return _page(form, body), 422
    if form.seen.data != _last_line(body):
        form.seen.data = _last_line(body)
        form.add_error(_("Somebody changed it meanwhile. Look at what is there, then save again."))
        return _page(form, body), 409
    try:
        source_id = form.cited(db.session, actor(), now()) or body.source_id
        changed = actions.describe_body(db.session, actor(), body, form.entry(source_id), now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(form, load(key)), refused.status
    flash(_("Saved.") if changed else _("Nothing differs from before."), "success")
    return redirect(at("bodies.show", key=key), 303)


def load(key: str) -> Body:
    return load_or_404(queries.find(db.session, key, present()))


def _last_line(body: Body) -> int:
    """The number of the last line in the trail about it: it moves with every change."""
    about = (AuditEntry.subject_kind == "body", AuditEntry.subject_key == body.key)
    return db.session.scalar(select(func.max(AuditEntry.id)).where(*about)) or 0


def _page(form: BodyForm, body: Body | None) -> str:
    form.offer_sources(sources(db.session))
    return render_template("bodies/form.html", form=form, body=body)
