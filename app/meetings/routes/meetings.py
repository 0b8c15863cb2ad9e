"""Pages about meetings, and what is done on them."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from app.core.clock import as_of as day_at
from app.core.clock import today
from app.core.days import parse_day
from app.core.errors import Conflict
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.actions import meetings as actions
from app.meetings.forms.meetings import CancelForm, HeldForm, MeetingForm, ShownForm
from app.meetings.models import Meeting, MeetingSeries
from app.meetings.queries import meetings as queries
from app.meetings.queries.people import next_host
from app.meetings.routes.loading import Answer, Page, attempt, blueprint, load, load_series
from app.web.access import access, actor
from app.web.day import as_of, at, now


@blueprint.get("/meetings/<key>")
@access(Permission.NETWORK_READ)
def show(key: str) -> Page:
    meeting = load(key)
    row = queries.meeting_row(db.session, actor(), meeting, as_of())
    if row is None:
        return render_template("meetings/not_yet.html", meeting=meeting), 404
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        row=row,
        attendance=queries.attendance(db.session, meeting),
    )


@blueprint.get("/cadence/<series_key>/meetings")
@access(Permission.MEETING_PLAN)
def new(series_key: str) -> str:
    series = load_series(series_key)
    form = MeetingForm()
    form.begin_with(series, next_host(db.session, series))
    form.starts_on.data = _asked_day()
    return _plan_page(series, form)


@blueprint.post("/cadence/<series_key>/meetings")
@access(Permission.MEETING_PLAN)
def plan(series_key: str) -> Answer:
    form = MeetingForm()
    form.offer(queries.possible_hosts(db.session, today(now())))
    if not form.validate_on_submit():
        return _plan_page(load_series(series_key), form), 422
    status = attempt(
        form,
        lambda: actions.plan_meeting(
            db.session, actor(), load_series(series_key), form.entry, now()
        ),
    )
    if status:
        return _plan_page(load_series(series_key), form), status
    flash(_("The meeting is planned."), "success")
    return redirect(at("meetings.cadence"), 303)


@blueprint.get("/cadence/<series_key>/held-meetings")
@access(Permission.MEETING_PLAN)
def new_held(series_key: str) -> str:
    series = load_series(series_key)
    form = HeldForm()
    form.begin_with(series, next_host(db.session, series))
    return _held_page(series, form)


@blueprint.post("/cadence/<series_key>/held-meetings")
@access(Permission.MEETING_PLAN)
def record_held(series_key: str) -> Answer:
    form = HeldForm()
    form.offer(queries.possible_hosts(db.session, today(now())))
    if not form.validate_on_submit():
        return _held_page(load_series(series_key), form), 422
    status = attempt(
        form,
        lambda: actions.record_held(
            db.session, actor(), load_series(series_key), form.entry, form.shown, now()
        ),
    )
    if status:
        return _held_page(load_series(series_key), form), status
    flash(_("The meeting is recorded as held."), "success")
    return redirect(at("meetings.cadence"), 303)


@blueprint.get("/meetings/<key>/change")
@access(Permission.MEETING_PLAN)
def edit(key: str) -> str:
    meeting = load(key)
    form = MeetingForm()
    form.show(meeting, _local_start(meeting))
    return _change_page(meeting, form)


@blueprint.post("/meetings/<key>/change")
@access(Permission.MEETING_PLAN)
def change(key: str) -> Answer:
    form = MeetingForm()
    form.offer(queries.possible_hosts(db.session, today(now())))
    if not form.validate_on_submit():
        return _change_page(load(key), form), 422
    seen = form.seen.data
    status = attempt(
        form,
        lambda: actions.change_meeting(db.session, actor(), load(key), form.entry, seen, now()),
    )
    if status:
        form.seen.data = load(key).version
        return _change_page(load(key), form, is_conflict=status == Conflict.status), status
    flash(_("The meeting is saved."), "success")
    return redirect(at("meetings.show", key=key), 303)


@blueprint.get("/meetings/<key>/hold")
@access(Permission.MEETING_PLAN)
def confirm_held(key: str) -> str:
    form = ShownForm()
    form.seen.data = load(key).version
    return _hold_page(load(key), form)


@blueprint.post("/meetings/<key>/hold")
@access(Permission.MEETING_PLAN)
def hold(key: str) -> Answer:
    form = ShownForm()
    if not form.validate_on_submit():
        return _hold_page(load(key), form), 422
    seen = form.seen.data
    status = attempt(
        form,
        lambda: actions.hold_meeting(db.session, actor(), load(key), form.shown, seen, now()),
    )
    if status:
        form.seen.data = load(key).version
        return _hold_page(load(key), form), status
    flash(_("The meeting is recorded as held."), "success")
    return redirect(at("meetings.show", key=key), 303)


@blueprint.get("/meetings/<key>/cancel")
@access(Permission.MEETING_PLAN)
def confirm_cancel(key: str) -> str:
    form = CancelForm()
    form.seen.data = load(key).version
    return _cancel_page(load(key), form)


@blueprint.post("/meetings/<key>/cancel")
@access(Permission.MEETING_PLAN)
def cancel(key: str) -> Answer:
    form = CancelForm()
    if not form.validate_on_submit():
        return _cancel_page(load(key), form), 422
    seen, reason = form.seen.data, form.reason.data or ""
    status = attempt(
        form,
        lambda: actions.cancel_meeting(db.session, actor(), load(key), reason, seen, now()),
    )
    if status:
        form.seen.data = load(key).version
        return _cancel_page(load(key), form), status
    flash(_("The meeting is cancelled, and kept with the reason."), "success")
    return redirect(at("meetings.show", key=key), 303)


def _asked_day() -> date | None:
    """The occurrence for which a meeting is to be planned."""
    try:
        return parse_day(request.args.get("day", ""))
    except ValueError:
        return None


def _local_start(meeting: Meeting) -> str:
    if meeting.starts_at is None:
        return ""
    return f"{meeting.starts_at.astimezone(ZoneInfo(meeting.zone)):%H:%M}"


def _plan_page(series: MeetingSeries, form: MeetingForm) -> str:
    return _form_page("meetings/plan.html", form, series=series)


def _held_page(series: MeetingSeries, form: HeldForm) -> str:
    return _form_page("meetings/record.html", form, series=series)


def _change_page(meeting: Meeting, form: MeetingForm, *, is_conflict: bool = False) -> str:
    day = day_at(None, now())
    stands = queries.meeting_row(db.session, actor(), meeting, day) if is_conflict else None
    return _form_page("meetings/change.html", form, meeting=meeting, stands=stands)


def _form_page(template: str, form: MeetingForm, **values: object) -> str:
    members = queries.possible_hosts(db.session, today(now()))
    form.offer(members)
    zones = sorted({"UTC", *(member.zone for member in members)})
    return render_template(template, form=form, zones=zones, **values)


def _hold_page(meeting: Meeting, form: ShownForm) -> str:
    return render_template("meetings/hold.html", meeting=meeting, form=form)


def _cancel_page(meeting: Meeting, form: CancelForm) -> str:
    return render_template("meetings/cancel.html", meeting=meeting, form=form)
