"""Pages of agendas: drafts, published versions, files; proposing and publishing."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.agendas.actions import agendas as acting
from app.agendas.forms import SeenForm
from app.agendas.queries import agendas as queries
from app.agendas.queries.proposal import facts
from app.agendas.routes.loading import (
    Page,
    blueprint,
    draft_page,
    draft_url,
    file_of,
    load_agenda,
    load_draft,
    load_meeting,
    load_whole,
    page_marking,
)
from app.agendas.rules.clock import beginnings
from app.agendas.rules.content import Paper, total_minutes
from app.agendas.rules.difference import compared
from app.agendas.wording import proposal
from app.core.clock import as_of as day_at
from app.core.errors import Refused
from app.core.markings import Channel
from app.core.permissions import Permission
from app.documents.formats import FORMATS
from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.queries import meetings
from app.web.access import access, actor, load_or_404, may
from app.web.day import now
from app.web.wording import worded


@blueprint.get("/agendas")
@access(Permission.NETWORK_READ)
def index() -> str:
    return render_template(
        "agendas/index.html",
        meetings=meetings.meeting_rows(db.session, actor(), day_at(None, now())),
        states=queries.states(db.session),
        minutes=queries.minutes_counts(db.session),
        sees_drafts=actor().coordinates,
    )


@blueprint.get("/agendas/<key>")
@access(Permission.NETWORK_READ)
def show(key: str) -> Page:
    meeting = load_meeting(key)
    if actor().coordinates and queries.find(db.session, meeting) is not None:
        return draft_page(meeting)
    return _published_page(meeting, None)


@blueprint.get("/agendas/<key>/<int:number>")
@access(Permission.NETWORK_READ)
def version(key: str, number: int) -> Page:
    return _published_page(load_meeting(key), number)


@blueprint.get("/agendas/<key>/<int:number>.<extension>")
@access(Permission.NETWORK_READ)
def export(key: str, number: int, extension: str) -> Response:
    meeting = load_meeting(key)
    reader = actor().through(Channel.EXPORT)
    content = load_or_404(queries.published(db.session, reader, meeting, number))
    return file_of(meeting, content, extension)


@blueprint.get("/agendas/<key>/draft.<extension>")
@access(Permission.NETWORK_READ)
def export_draft(key: str, extension: str) -> Response:
    meeting = load_meeting(key)
    return file_of(meeting, load_draft(meeting), extension)


@blueprint.post("/agendas/<key>/propose")
@access(Permission.AGENDA_EDIT)
def propose(key: str) -> AnyResponse:
    meeting = load_meeting(key)
    today = day_at(None, now())
    drafts = proposal(facts(db.session, actor(), meeting, today))
    try:
        acting.propose(db.session, actor(), meeting, drafts, today.day, now())
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(_("An agenda is proposed. Nobody but coordinators sees it yet."), "success")
    return redirect(draft_url(key), 303)


@blueprint.get("/agendas/<key>/propose-again")
@access(Permission.AGENDA_EDIT)
def confirm_propose_again(key: str) -> str:
    meeting = load_meeting(key)
    return render_template(
        "agendas/propose_again.html", meeting=meeting, agenda=load_agenda(meeting)
    )


@blueprint.post("/agendas/<key>/propose-again")
@access(Permission.AGENDA_EDIT)
def propose_again(key: str) -> AnyResponse:
    meeting, form = load_meeting(key), SeenForm()
    if not form.validate_on_submit():
        abort(422)
    agenda, today = load_agenda(meeting), day_at(None, now())
    try:
        acting.take_back_proposal(db.session, actor(), agenda, form.seen.data, now())
        # Only now: what was on the draft is open again.
        drafts = proposal(facts(db.session, actor(), meeting, today))
        acting.propose_again(db.session, actor(), agenda, drafts, today.day, now())
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(
            _("Proposed again from the state of today. What was added by hand is kept."), "success"
        )
    return redirect(draft_url(key), 303)


@blueprint.get("/agendas/<key>/compare")
@access(Permission.NETWORK_READ)
def compare(key: str) -> str:
    """Two versions, the newest and the one before where none are named."""
    meeting = load_meeting(key)
    paper = Paper.MINUTES if "minutes" in request.args else Paper.AGENDA
    versions = queries.versions(db.session, meeting, paper)
    later = request.args.get("to", type=int) or (versions[0].number if versions else 0)
    earlier = request.args.get("from", type=int) or max(1, later - 1)
    before, after = (
        load_or_404(queries.published(db.session, actor(), meeting, number, paper))
        for number in (earlier, later)
    )
    rows = compared(before.items, after.items)
    return render_template(
        "agendas/compare.html",
        page_marking=page_marking([*before.items, *after.items]),
        meeting=meeting,
        paper=paper,
        before=before,
        after=after,
        rows=rows,
        versions=versions,
    )


@blueprint.get("/agendas/<key>/publish")
@access(Permission.AGENDA_EDIT)
def confirm_publish(key: str) -> str:
    meeting = load_meeting(key)
    return render_template(
        "agendas/publish.html",
        meeting=meeting,
        agenda=load_agenda(meeting),
        content=load_draft(meeting),
        versions=queries.versions(db.session, meeting),
    )


@blueprint.post("/agendas/<key>/publish")
@access(Permission.AGENDA_EDIT)
def publish(key: str) -> AnyResponse:
    meeting, form = load_meeting(key), SeenForm()
    if not form.validate_on_submit():
        abort(422)
    agenda = load_agenda(meeting)
    content = load_whole(meeting)
    try:
        made = acting.publish(db.session, actor(), agenda, meeting, content, form.seen.data, now())
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
        return redirect(draft_url(key), 303)
    flash(_("Published as number %(number)s.", number=made.number), "success")
    return redirect(url_for("agendas.version", key=key, number=made.number), 303)


def _published_page(meeting: Meeting, number: int | None) -> Page:
    content = queries.published(db.session, actor(), meeting, number)
    if content is None and number is not None:
        abort(404)
    return render_template(
        "agendas/published.html",
        page_marking=page_marking(content.items if content else ()),
        meeting=meeting,
        content=content,
        total=total_minutes(content.items) if content else 0,
        versions=queries.versions(db.session, meeting),
        begins=beginnings(content, [0 if i.in_writing else i.minutes for i in content.items])
        if content
        else (),
        minutes=queries.versions(db.session, meeting, Paper.MINUTES),
        may_propose=may(Permission.AGENDA_EDIT) and queries.find(db.session, meeting) is None,
        formats=FORMATS,
    )
