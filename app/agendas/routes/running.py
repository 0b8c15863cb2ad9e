"""The view from which a meeting is run, and what is done on it."""

from collections.abc import Callable, Iterable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.agendas.actions import running, tasks
from app.agendas.forms import OutcomeForm, SeenForm, TaskForm
from app.agendas.models import AgendaItem
from app.agendas.queries import agendas as queries
from app.agendas.queries.minutes import actions_by_item
from app.agendas.routes.loading import (
    Answer,
    blueprint,
    find_item,
    load_agenda,
    load_meeting,
    page_marking,
)
from app.agendas.rules.clock import Timed, clock
from app.core.clock import today
from app.core.errors import Conflict, Refused
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.queries.meetings import attendance
from app.meetings.queries.people import expected_members
from app.meetings.rules.attendance import Presence
from app.members.models import Member
from app.web.access import access, actor, load_or_404
from app.web.day import now
from app.web.wording import worded


@blueprint.get("/agendas/<key>/run")
@access(Permission.AGENDA_EDIT)
def run(key: str) -> str:
    return _page(key)


@blueprint.post("/agendas/<key>/run/<int:item_id>/begin")
@access(Permission.AGENDA_EDIT)
def begin(key: str, item_id: int) -> Response:
    item = load_or_404(find_item(key, item_id))
    agenda = load_agenda(load_meeting(key))
    return _do(key, lambda: running.begin_item(db.session, actor(), agenda, item, now()))


@blueprint.post("/agendas/<key>/run/pause")
@access(Permission.AGENDA_EDIT)
def pause(key: str) -> Response:
    agenda = load_agenda(load_meeting(key))
    return _do(key, lambda: running.begin_item(db.session, actor(), agenda, None, now()))


@blueprint.post("/agendas/<key>/run/close")
@access(Permission.AGENDA_EDIT)
def close(key: str) -> Response:
    agenda = load_agenda(load_meeting(key))
    to = url_for("agendas.minutes", key=key)
    return _do(key, lambda: running.close_meeting(db.session, actor(), agenda, now()), to)


@blueprint.post("/agendas/<key>/run/reopen")
@access(Permission.AGENDA_EDIT)
def reopen(key: str) -> Response:
    agenda = load_agenda(load_meeting(key))
    return _do(key, lambda: running.reopen_meeting(db.session, actor(), agenda, now()))


@blueprint.post("/agendas/<key>/run/<int:item_id>/outcome")
@access(Permission.AGENDA_EDIT)
def record_outcome(key: str, item_id: int) -> Answer:
    form, item = OutcomeForm(), load_or_404(find_item(key, item_id))
    form.offer()
    if not form.validate_on_submit():
        return _page(key, item_id, outcome=form), 422
    agenda = load_agenda(load_meeting(key))
    try:
        running.record_outcome(db.session, actor(), agenda, item, form.entry, form.seen.data, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        theirs = load_or_404(find_item(key, item_id))
        form.seen.data = theirs.version
        is_conflict = isinstance(refused, Conflict)
        return _page(key, item_id, outcome=form, is_conflict=is_conflict), refused.status
    flash(_("Kept."), "success")
    return redirect(_here(key, item_id), 303)


@blueprint.post("/agendas/<key>/run/<int:item_id>/actions")
@access(Permission.AGENDA_EDIT)
def ask(key: str, item_id: int) -> Answer:
    form, item, meeting = TaskForm(), load_or_404(find_item(key, item_id)), load_meeting(key)
    form.offer(expected_members(db.session, meeting, today(now())))
    if not form.validate_on_submit():
        return _page(key, item_id, task=form), 422
    owner = db.session.scalars(select(Member).where(Member.code == form.owner.data)).one()
    try:
        agenda = load_agenda(meeting)
        tasks.ask_member(db.session, actor(), agenda, item, owner, form.entry, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(key, item_id, task=form), refused.status
    flash(_("The action is on the desk of whoever owes it."), "success")
    return redirect(_here(key, item_id), 303)


def _do(key: str, act: Callable[[], object], to: str = "") -> Response:
    if not SeenForm().validate_on_submit():
        abort(422)
    try:
        act()
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
        to = ""
    return redirect(to or url_for("agendas.run", key=key), 303)


def _here(key: str, item_id: int) -> str:
    return url_for("agendas.run", key=key, item=item_id)


def _page(
    key: str,
    item_id: int | None = None,
    *,
    outcome: OutcomeForm | None = None,
    task: TaskForm | None = None,
    is_conflict: bool = False,
) -> str:
    meeting = load_meeting(key)
    agenda = load_agenda(meeting)
    items = [i for i in queries.items(db.session, actor(), agenda) if not i.in_writing]
    current = next((item for item in items if item.begun_at), None)
    shown = _shown(items, item_id or request.args.get("item", type=int), current)
    members = expected_members(db.session, meeting, today(now()))
    timed = [_timed(item, current) for item in items]
    return render_template(
        "agendas/run.html",
        page_marking=page_marking(items),
        meeting=meeting,
        agenda=agenda,
        items=items,
        current=current,
        following=_following(items, current),
        shown=shown,
        clock=clock(timed, agenda.opened_at, now()),
        outcome=outcome or _outcome_form(shown),
        task=task or _task_form(members),
        is_conflict=is_conflict,
        actions=actions_by_item(db.session, actor(), items),
        members=members,
        recorded={line.code: line for line in attendance(db.session, meeting)},
        presences=tuple(Presence),
        instant=now(),
    )


def _shown(
    items: list[AgendaItem], item_id: int | None, current: AgendaItem | None
) -> AgendaItem | None:
    """The one asked for, else the one that is on, else the first."""
    asked = next((item for item in items if item.id == item_id), None)
    return asked or current or next(iter(items), None)


def _following(items: list[AgendaItem], current: AgendaItem | None) -> AgendaItem | None:
    """What comes up next: after the current one, the first that was not reached."""
    later = items[items.index(current) + 1 :] if current else items
    return next((item for item in later if not item.was_reached), None)


def _timed(item: AgendaItem, current: AgendaItem | None) -> Timed:
    was_left = item.was_reached and item is not current
    return Timed(item.minutes, item.spent_seconds, item.begun_at, was_left)


def _outcome_form(shown: AgendaItem | None) -> OutcomeForm:
    form = OutcomeForm(formdata=None)
    form.offer()
    if shown is not None:
        form.show(shown)
    return form


def _task_form(members: Iterable[Member]) -> TaskForm:
    form = TaskForm(formdata=None)
    form.offer(members)
    return form
