"""Recording who came."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.core.clock import today
from app.core.errors import Refused
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.actions.attendance import record_attendance
from app.meetings.forms.attendance import AttendanceForm
from app.meetings.queries.meetings import attendance
from app.meetings.queries.people import expected_members
from app.meetings.routes.loading import blueprint, load
from app.meetings.rules.attendance import Presence
from app.members.models import Member
from app.web.access import access, actor, load_or_404, safe_next
from app.web.day import now
from app.web.wording import worded


@blueprint.get("/meetings/<key>/attendance")
@access(Permission.MEETING_PLAN)
def who_came(key: str) -> str:
    meeting = load(key)
    return render_template(
        "meetings/attendance.html",
        meeting=meeting,
        members=expected_members(db.session, meeting, today(now())),
        recorded={line.code: line for line in attendance(db.session, meeting)},
        presences=tuple(Presence),
    )


@blueprint.post("/meetings/<key>/attendance")
@access(Permission.MEETING_PLAN)
def record_who_came(key: str) -> Response:
    form = AttendanceForm()
    form.offer()
    if not form.validate_on_submit():
        abort(422)
    member = load_or_404(
        db.session.scalars(select(Member).where(Member.code == form.member.data)).first()
    )
    back = safe_next(form.back.data) or url_for("meetings.who_came", key=key)
    try:
        record_attendance(
            db.session, actor(), load(key), member, form.recorded, form.note.data or "", now()
        )
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(_("Recorded."), "success")
    return redirect(back, 303)
