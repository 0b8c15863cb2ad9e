"""Reports before a meeting, and the figures that a meeting saw."""

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.core.permissions import Permission
from app.deliverables.models import Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import every
from app.deliverables.queries.progress import of_network
from app.extensions import db
from app.meetings.figures import figures_of
from app.meetings.models import Meeting
from app.meetings.queries.meetings import find_meeting
from app.reports import actions
from app.reports.forms import AskForm, JudgeForm
from app.reports.queries.rounds import round_of, round_view
from app.web.access import access, actor, load_or_404
from app.web.attempts import attempt
from app.web.day import as_of, at, now

Answer = Response | tuple[str, int]

blueprint = Blueprint("reports", __name__, template_folder="templates")


@blueprint.get("/meetings/<key>/reports")
@access(Permission.NETWORK_READ)
def show(key: str) -> str:
    meeting = _load(key)
    form = AskForm()
    asking = round_of(db.session, meeting)
    days = asking.closes_days_before if asking else actions.usual_days_before(db.session)
    form.days_before.data = str(days)
    return _page(meeting, form)


@blueprint.post("/meetings/<key>/reports")
@access(Permission.REPORT_ASK)
def ask(key: str) -> Answer:
    meeting = _load(key)
    form = AskForm()
    if not form.validate_on_submit():
        return _page(meeting, form), 422
    days, seen = form.days, form.seen.data

    def ask_leads() -> None:
        asked = actions.open_round(db.session, actor(), meeting, days, seen_version=seen, now=now())
        flash(_asked(asked), "success")

    if status := attempt(form, ask_leads):
        return _page(_load(key), form), status
    return redirect(at("reports.show", key=key), 303)


@blueprint.post("/meetings/<key>/reports/<deliverable_key>")
@access(Permission.REPORT_ASK)
def judge(key: str, deliverable_key: str) -> Answer:
    meeting, deliverable = _load(key), _load_deliverable(deliverable_key)
    asking = load_or_404(round_of(db.session, meeting))
    form = JudgeForm()
    if not form.validate_on_submit():
        return _page(meeting, AskForm(formdata=None), form, deliverable_key), 422
    status = attempt(
        form,
        lambda: actions.judge(
            db.session,
            actor(),
            asking,
            deliverable,
            form.said,
            form.note.data or "",
            seen_update_id=form.seen_update.data,
            seen_verdict_id=form.seen_verdict.data,
            now=now(),
        ),
    )
    if status:
        return _page(_load(key), AskForm(formdata=None), form, deliverable_key), status
    flash(_("Noted. The lead sees it on its desk."), "success")
    return redirect(at("reports.show", key=key), 303)


@blueprint.get("/meetings/<key>/figures")
@access(Permission.NETWORK_READ)
def figures(key: str) -> str:
    """What the meeting saw, beside what holds today."""
    meeting = _load(key)
    seen = figures_of(db.session, actor(), meeting)
    today_rows = every(db.session, actor(), as_of(), Filter())
    known = {row.id for row in seen.rows} if seen else set()
    return render_template(
        "reports/figures.html",
        meeting=meeting,
        seen=seen,
        present={row.id: row for row in today_rows},
        added=[row for row in today_rows if row.id not in known],
        progress=of_network(db.session, actor(), as_of()),
    )


def _asked(asked: actions.Asked) -> str:
    said = ngettext("%(num)s report asked for.", "%(num)s reports asked for.", asked.asked)
    if not asked.without_lead:
        return said
    return _(
        "%(said)s %(count)s without an accepted lead: nobody is asked.",
        said=said,
        count=asked.without_lead,
    )


def _load(key: str) -> Meeting:
    return load_or_404(find_meeting(db.session, actor(), key))


def _load_deliverable(key: str) -> Deliverable:
    return load_or_404(details.find(db.session, actor(), key))


def _page(
    meeting: Meeting,
    form: AskForm,
    judge_form: JudgeForm | None = None,
    judged: str = "",
) -> str:
    view = round_view(db.session, actor(), meeting, as_of())
    form.seen.data = view.version if view else 0
    if not form.days_before.data:
        usual = view.days_before if view else actions.usual_days_before(db.session)
        form.days_before.data = str(usual)
    return render_template(
        "reports/show.html",
        meeting=meeting,
        view=view,
        form=form,
        judge_form=judge_form or JudgeForm(formdata=None),
        judged=judged,
    )
