"""Looking for a time: candidates for whoever plans, answers of the members, the choice."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.core.clock import as_of as day_at
from app.core.clock import today
from app.core.errors import Refused
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.actions import slots
from app.meetings.forms.times import AnswerForm, ChooseForm, SearchForm, SlotForm
from app.meetings.models import MeetingSlot, MeetingStatus
from app.meetings.plots import strip
from app.meetings.queries import times
from app.meetings.routes.loading import Answer, blueprint, load
from app.meetings.rules.attendance import Availability
from app.meetings.rules.times import BURDEN, OFF_DUTY
from app.members.models import Member
from app.web.access import access, actor, load_or_404, may
from app.web.constraints import meaning
from app.web.day import now
from app.web.wording import worded

BAD = {
    "night": _l("night"),
    "evening": _l("early morning or evening"),
    "edge": _l("beside the working hours"),
    "working": _l("working hours"),
}


@blueprint.get("/meetings/<key>/times")
@access(Permission.NETWORK_READ)
def find_time(key: str) -> Answer | str:
    meeting = load(key)
    form = SearchForm(request.args, meta={"csrf": False})
    is_valid = form.validate()
    first, last = times.default_window(meeting, today(now()))
    if is_valid:
        first, last = form.window((first, last))
    form.first.data, form.last.data = form.first.data or first, form.last.data or last
    seats = times.seats_of(db.session, meeting, first, last)
    minutes = times.minutes_a_day(meeting)
    ledger = times.ledger(db.session, meeting, seats, day_at(None, now()))
    is_planning = may(Permission.MEETING_PLAN) and meeting.status is MeetingStatus.PLANNED
    carried = times.burdens_of(ledger) if form.turns.data else None
    shown = is_planning and is_valid
    found = times.best_times(seats, minutes, first, last, carried, now()) if shown else ()
    page = render_template(
        "meetings/times.html",
        meeting=meeting,
        form=form,
        seats=seats,
        minutes=minutes,
        ledger=ledger,
        found=found,
        put=times.put_slots(db.session, meeting, seats),
        is_planning=is_planning,
        answers=tuple(Availability),
        bad=BAD,
        weights=(BURDEN, OFF_DUTY),
        strip=strip,
        own=_own_member(),
    )
    return page if is_valid else (page, 422)


@blueprint.post("/meetings/<key>/times")
@access(Permission.MEETING_PLAN)
def put_time(key: str) -> Response:
    form = SlotForm()
    if not form.validate_on_submit():
        abort(422)
    instant = form.instant
    return _do(
        key,
        lambda: slots.put_slot(db.session, actor(), load(key), instant, now()),
        _("Put to the members. Their liaisons say whether it suits them."),
    )


@blueprint.post("/meetings/<key>/times/<int:slot_id>/withdraw")
@access(Permission.MEETING_PLAN)
def withdraw_time(key: str, slot_id: int) -> Response:
    if not ChooseForm().validate_on_submit():
        abort(422)
    return _do(
        key,
        lambda: slots.withdraw_slot(db.session, actor(), load(key), _slot(key, slot_id), now()),
        _("Withdrawn, with its answers."),
    )


@blueprint.post("/meetings/<key>/times/<int:slot_id>/answer")
@access(Permission.TIME_ANSWER)
def answer_time(key: str, slot_id: int) -> Response:
    form = AnswerForm()
    form.offer()
    if not form.validate_on_submit():
        abort(422)
    member = load_or_404(
        db.session.scalars(select(Member).where(Member.code == form.member.data)).first()
    )
    answer = form.availability
    return _do(
        key,
        lambda: slots.answer_slot(
            db.session, actor(), load(key), _slot(key, slot_id), member, answer, now()
        ),
        _("The answer is kept."),
    )


@blueprint.post("/meetings/<key>/times/<int:slot_id>/choose")
@access(Permission.MEETING_PLAN)
def choose_time(key: str, slot_id: int) -> Response:
    form = ChooseForm()
    if not form.validate_on_submit():
        abort(422)
    seen = form.seen.data
    return _do(
        key,
        lambda: slots.choose_slot(db.session, actor(), load(key), _slot(key, slot_id), seen, now()),
        _("The meeting is at this time now."),
        url_for("meetings.show", key=key),
    )


def _do(key: str, action: Callable[[], object], done: str, to: str = "") -> Response:
    """Back to the page, with what was done or why it was not."""
    back = url_for("meetings.find_time", key=key, _anchor="put")
    try:
        action()
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
        return redirect(back, 303)
    except IntegrityError as error:
        db.session.rollback()
        flash(meaning(error), "error")
        return redirect(back, 303)
    flash(done, "success")
    return redirect(to or back, 303)


def _slot(key: str, slot_id: int) -> MeetingSlot:
    return load_or_404(times.find_slot(db.session, load(key), slot_id))


def _own_member() -> int | None:
    """For which member the reader answers; None: for none, or for any."""
    return actor().member_id if may(Permission.TIME_ANSWER) else None
