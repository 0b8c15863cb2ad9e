"""The items of a draft: adding, editing, ordering, dropping."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.agendas.actions import carrying, order
from app.agendas.actions import items as editing
from app.agendas.forms import MOVED, CarryForm, ItemForm, MoveForm, SeenForm
from app.agendas.models import Agenda, AgendaItem
from app.agendas.queries import agendas as queries
from app.agendas.routes.loading import (
    Answer,
    blueprint,
    draft_page,
    draft_url,
    find_item,
    load_agenda,
    load_meeting,
    page_marking,
)
from app.agendas.rules.schedule import ItemKind
from app.core.clock import as_of as day_at
from app.core.errors import Conflict, Refused
from app.core.markings import Marking
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.models import MeetingStatus
from app.meetings.queries import meetings
from app.web.access import access, actor, load_or_404
from app.web.day import now
from app.web.languages import day_range
from app.web.wording import worded


@blueprint.get("/agendas/<key>/items/new")
@access(Permission.AGENDA_EDIT)
def new_item(key: str) -> str:
    load_agenda(load_meeting(key))
    form = ItemForm()
    form.minutes.data, form.marking.data = "10", Marking.GREEN.value
    form.kind.data = ItemKind.DISCUSSION.value
    return _item_page(key, form)


@blueprint.post("/agendas/<key>/items")
@access(Permission.AGENDA_EDIT)
def add_item(key: str) -> Answer:
    agenda = load_agenda(load_meeting(key))
    form = _filled()
    if not form.validate_on_submit():
        return _item_page(key, form), 422
    try:
        added = editing.add_item(db.session, actor(), agenda, form.entry, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _item_page(key, form), refused.status
    flash(_("Added."), "success")
    return redirect(draft_url(key, added.id), 303)


@blueprint.get("/agendas/<key>/items/<int:item_id>")
@access(Permission.AGENDA_EDIT)
def edit(key: str, item_id: int) -> str:
    item = load_or_404(find_item(key, item_id))
    form = ItemForm()
    form.show(item)
    return _item_page(key, form, item=item)


@blueprint.post("/agendas/<key>/items/<int:item_id>")
@access(Permission.AGENDA_EDIT)
def edit_item(key: str, item_id: int) -> Answer:
    form = _filled()
    item = find_item(key, item_id)
    if item is None:
        form.add_error(_("Somebody dropped this item meanwhile. Add it again if it is needed."))
        return _item_page(key, form), Conflict.status
    if not form.validate_on_submit():
        return _item_page(key, form, item=item), 422
    agenda, seen = load_agenda(load_meeting(key)), form.seen.data
    try:
        editing.edit_item(db.session, actor(), agenda, item, form.entry, seen, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        theirs = load_or_404(find_item(key, item_id))
        form.seen.data = theirs.version
        is_conflict = isinstance(refused, Conflict)
        return _item_page(key, form, item=theirs, is_conflict=is_conflict), refused.status
    flash(_("Saved."), "success")
    return redirect(draft_url(key, item_id), 303)


@blueprint.post("/agendas/<key>/items/<int:item_id>/move")
@access(Permission.AGENDA_EDIT)
def move(key: str, item_id: int) -> Answer:
    agenda, item, form = load_agenda(load_meeting(key)), find_item(key, item_id), MoveForm()
    if (form.beside is None and form.place is None) or not form.validate_on_submit():
        abort(422)
    try:
        _move(agenda, load_or_404(item), form)
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
        return draft_page(load_meeting(key)), refused.status
    return redirect(draft_url(key, item_id, moved=form.to.data), 303)


def _move(agenda: Agenda, item: AgendaItem, form: MoveForm) -> None:
    if form.beside:
        beside, is_after = form.beside
        order.move_beside(db.session, actor(), agenda, item, beside, now(), is_after=is_after)
    else:
        place = form.place or 0
        order.move_item(db.session, actor(), agenda, item, place, form.seen.data, now())


@blueprint.post("/agendas/<key>/items/<int:item_id>/carry")
@access(Permission.AGENDA_EDIT)
def carry(key: str, item_id: int) -> AnyResponse:
    """To the agenda of another meeting, moved or copied."""
    item, form = load_or_404(find_item(key, item_id)), CarryForm()
    form.offer(_other_meetings(key))
    if not form.validate_on_submit():
        abort(422)
    target = load_agenda(load_meeting(form.to_meeting.data))
    act = carrying.move_to if form.how.data == MOVED else carrying.copy_to
    try:
        agenda = load_agenda(load_meeting(key))
        act(db.session, actor(), agenda, item, target, form.seen.data, now())
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
        return redirect(url_for("agendas.edit", key=key, item_id=item_id), 303)
    flash(_("Done. This is the agenda that it is on now."), "success")
    return redirect(draft_url(form.to_meeting.data), 303)


@blueprint.get("/agendas/<key>/items/<int:item_id>/drop")
@access(Permission.AGENDA_EDIT)
def confirm_drop(key: str, item_id: int) -> str:
    item = load_or_404(find_item(key, item_id))
    return render_template("agendas/drop.html", meeting=load_meeting(key), item=item)


@blueprint.post("/agendas/<key>/items/<int:item_id>/drop")
@access(Permission.AGENDA_EDIT)
def drop(key: str, item_id: int) -> AnyResponse:
    item, form = load_or_404(find_item(key, item_id)), SeenForm()
    if not form.validate_on_submit():
        abort(422)
    agenda = load_agenda(load_meeting(key))
    try:
        editing.drop_item(db.session, actor(), agenda, item, form.seen.data, now())
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
        return redirect(draft_url(key, item_id), 303)
    flash(_("Dropped from the draft. Published versions keep it."), "success")
    return redirect(draft_url(key), 303)


def _filled() -> ItemForm:
    form = ItemForm()
    form.offer(meetings.possible_hosts(db.session, day_at(None, now()).day))
    return form


def _item_page(
    key: str, form: ItemForm, *, item: AgendaItem | None = None, is_conflict: bool = False
) -> str:
    meeting = load_meeting(key)
    form.offer(meetings.possible_hosts(db.session, day_at(None, now()).day))
    carry_form = CarryForm(formdata=None)
    carry_form.offer(_other_meetings(key))
    return render_template(
        "agendas/item.html",
        page_marking=page_marking([item] if item else []),
        meeting=meeting,
        agenda=load_agenda(meeting),
        form=form,
        item=item,
        is_conflict=is_conflict,
        carry_form=carry_form,
    )


def _other_meetings(key: str) -> list[tuple[str, str]]:
    """Those that are planned and have a draft."""
    found = meetings.meeting_rows(db.session, actor(), day_at(None, now()))
    drafted = queries.states(db.session)
    return [
        (row.key, f"{row.title}, {day_range(row.starts_on, row.ends_on, row.precision)}")
        for row in found
        if row.key != key and row.id in drafted and row.status is MeetingStatus.PLANNED
    ]
