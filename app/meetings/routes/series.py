"""Agreeing on a cadence and amending it. Nothing is saved before its next dates were shown."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.clock import as_of as day_at
from app.core.clock import today
from app.core.errors import Refused
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.actions import amendments, series
from app.meetings.forms.series import AmendmentForm, SeriesForm
from app.meetings.models import MeetingSeries
from app.meetings.queries.cadences import cadences
from app.meetings.queries.meetings import possible_hosts
from app.meetings.routes.loading import Answer, attempt, blueprint, load_series
from app.meetings.rules.adherence import Amendment
from app.meetings.rules.preview import Ahead, next_days, next_windows
from app.web.access import access, actor
from app.web.day import now
from app.web.wording import worded


@blueprint.get("/cadence/new")
@access(Permission.MEETING_PLAN)
def new_series() -> str:
    form = _offered()
    form.begin(today(now()))
    return _page(form)


@blueprint.post("/cadence/new")
@access(Permission.MEETING_PLAN)
def agree() -> Answer:
    form = _offered()
    if not form.validate_on_submit() or not form.checks_out():
        return _page(form), 422
    if form.shown.data != form.fingerprint:
        return _shown(form)
    status = attempt(
        form, lambda: series.agree_cadence(db.session, actor(), form.entry, now()), "title"
    )
    if status:
        return _page(form), status
    flash(_("The series is kept."), "success")
    return redirect(url_for("meetings.cadence"), 303)


@blueprint.get("/cadence/<series_key>/change")
@access(Permission.MEETING_PLAN)
def edit_series(series_key: str) -> str:
    known, form = load_series(series_key), _offered()
    form.show(known, series.members_now(db.session, known))
    return _page(form, known)


@blueprint.post("/cadence/<series_key>/change")
@access(Permission.MEETING_PLAN)
def change_series(series_key: str) -> Answer:
    form, known = _offered(), load_series(series_key)
    if not form.validate_on_submit() or not form.checks_out():
        return _page(form, known), 422
    if form.shown.data != form.fingerprint:
        return _shown(form, known)
    seen = form.seen.data
    status = attempt(
        form,
        lambda: series.change_cadence(
            db.session, actor(), load_series(series_key), form.entry, seen, now()
        ),
    )
    if status:
        form.offer(possible_hosts(db.session, today(now())))
        known = load_series(series_key)
        form.seen.data = known.version
        return _page(form, known), status
    flash(_("The series is saved."), "success")
    return redirect(url_for("meetings.cadence", _anchor=series_key), 303)


@blueprint.get("/cadence/<series_key>/occurrences")
@access(Permission.MEETING_PLAN)
def occurrences(series_key: str) -> str:
    form = AmendmentForm(request.args, meta={"csrf": False})
    form.kind.data = form.kind.data or Amendment.MOVED.value
    return _occurrences_page(load_series(series_key), form)


@blueprint.post("/cadence/<series_key>/occurrences")
@access(Permission.MEETING_PLAN)
def amend(series_key: str) -> Answer:
    form = AmendmentForm()
    form.offer()
    if not form.validate_on_submit():
        return _occurrences_page(load_series(series_key), form), 422
    status = attempt(
        form,
        lambda: amendments.amend(db.session, actor(), load_series(series_key), form.entry, now()),
        "day",
    )
    if status:
        return _occurrences_page(load_series(series_key), form), status
    flash(_("Kept. The days before stay as they were."), "success")
    return redirect(url_for("meetings.occurrences", series_key=series_key), 303)


@blueprint.post("/cadence/<series_key>/occurrences/<day>/undo")
@access(Permission.MEETING_PLAN)
def undo_amendment(series_key: str, day: str) -> Response:
    try:
        known = load_series(series_key)
        amendments.undo_amendment(db.session, actor(), known, date.fromisoformat(day), now())
    except ValueError:
        return Response(status=404)
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(_("The occurrence is again what the rule has."), "success")
    return redirect(url_for("meetings.occurrences", series_key=series_key), 303)


def _offered() -> SeriesForm:
    form = SeriesForm()
    form.offer(possible_hosts(db.session, today(now())))
    return form


def _shown(form: SeriesForm, known: MeetingSeries | None = None) -> Answer:
    """The next dates by what the form says, with the button that saves it."""
    form.shown.data = form.fingerprint
    return _page(form, known, ahead=_ahead(form)), 200


def _ahead(form: SeriesForm) -> Sequence[Ahead]:
    entry = form.entry
    if entry.is_flexible:
        return next_windows(entry.recurrence, entry.starts_on, entry.tolerance_days)
    from_day = max(entry.starts_on, today(now()))
    return next_days(entry.recurrence, entry.starts_on, entry.zone, from_day, entry.starts_at)


def _page(form: SeriesForm, known: MeetingSeries | None = None, ahead: Sequence[Ahead] = ()) -> str:
    members = possible_hosts(db.session, today(now()))
    zones = sorted({"UTC", *(member.zone for member in members)})
    entry: Any = form.entry if ahead else None
    return render_template(
        "meetings/series.html", form=form, series=known, zones=zones, ahead=ahead, entry=entry
    )


def _occurrences_page(known: MeetingSeries, form: AmendmentForm) -> str:
    form.offer()
    shown = cadences(db.session, actor(), day_at(None, now()))
    view = next(view for view in shown if view.id == known.id)
    ahead = () if known.is_flexible else _occurrences_ahead(known)
    return render_template("meetings/occurrences.html", series=view, form=form, ahead=ahead)


def _occurrences_ahead(known: MeetingSeries) -> Sequence[Ahead]:
    return next_days(known.recurrence, known.starts_on, known.zone, today(now()), known.starts_at)
