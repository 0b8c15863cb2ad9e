"""Minutes: the draft, what was published, files."""

from flask import Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.agendas.actions.agendas import publish
from app.agendas.forms import SeenForm
from app.agendas.queries import agendas as queries
from app.agendas.routes.loading import (
    Page,
    blueprint,
    file_of,
    load_agenda,
    load_draft,
    load_meeting,
    load_whole,
    page_marking,
)
from app.agendas.rules.content import Content, Paper
from app.core.errors import Refused
from app.core.markings import Channel
from app.core.permissions import Permission
from app.documents.formats import FORMATS
from app.extensions import db
from app.meetings.models import Meeting
from app.web.access import access, actor, load_or_404, may
from app.web.day import now
from app.web.wording import worded


@blueprint.get("/agendas/<key>/minutes")
@access(Permission.NETWORK_READ)
def minutes(key: str) -> Page:
    """The draft for coordinators once the meeting was opened, else what was published last."""
    meeting = load_meeting(key)
    agenda = queries.find(db.session, meeting)
    if actor().coordinates and agenda is not None and agenda.opened_at is not None:
        return _page(meeting, load_draft(meeting, Paper.MINUTES), seen=agenda.version)
    content = queries.published(db.session, actor(), meeting, None, Paper.MINUTES)
    return _page(meeting, content)


@blueprint.get("/agendas/<key>/minutes/<int:number>")
@access(Permission.NETWORK_READ)
def minutes_version(key: str, number: int) -> Page:
    meeting = load_meeting(key)
    content = queries.published(db.session, actor(), meeting, number, Paper.MINUTES)
    return _page(meeting, load_or_404(content))


@blueprint.get("/agendas/<key>/minutes/<int:number>.<extension>")
@access(Permission.NETWORK_READ)
def export_minutes(key: str, number: int, extension: str) -> Response:
    meeting, reader = load_meeting(key), actor().through(Channel.EXPORT)
    content = queries.published(db.session, reader, meeting, number, Paper.MINUTES)
    return file_of(meeting, load_or_404(content), extension)


@blueprint.get("/agendas/<key>/minutes/draft.<extension>")
@access(Permission.NETWORK_READ)
def export_minutes_draft(key: str, extension: str) -> Response:
    meeting = load_meeting(key)
    if load_agenda(meeting).opened_at is None:
        abort(404)
    return file_of(meeting, load_draft(meeting, Paper.MINUTES), extension)


@blueprint.post("/agendas/<key>/minutes/publish")
@access(Permission.AGENDA_EDIT)
def publish_minutes(key: str) -> AnyResponse:
    meeting, form = load_meeting(key), SeenForm()
    if not form.validate_on_submit():
        abort(422)
    agenda, content = load_agenda(meeting), load_whole(meeting, Paper.MINUTES)
    try:
        made = publish(db.session, actor(), agenda, meeting, content, form.seen.data, now())
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
        return redirect(url_for("agendas.minutes", key=key), 303)
    flash(_("Published as number %(number)s.", number=made.number), "success")
    return redirect(url_for("agendas.minutes_version", key=key, number=made.number), 303)


def _page(meeting: Meeting, content: Content | None, seen: int | None = None) -> Page:
    """`seen`: of the draft, the version of its agenda."""
    return render_template(
        "agendas/minutes.html",
        page_marking=page_marking(content.items if content else ()),
        meeting=meeting,
        content=content,
        seen=seen,
        may_edit=may(Permission.AGENDA_EDIT),
        versions=queries.versions(db.session, meeting, Paper.MINUTES),
        formats={name: f for name, f in FORMATS.items() if not f.needs_calendar},
    )
