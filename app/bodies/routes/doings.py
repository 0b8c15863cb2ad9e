"""How the network has to do with a body, and what the body does: added, changed, ended."""

from collections.abc import Callable
from datetime import date

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from app.bodies import queries
from app.bodies.forms import EndForm, EngagementForm, ProgrammeForm
from app.bodies.routes.pages import Answer, blueprint, load
from app.core.errors import N_, Refused
from app.core.permissions import Permission
from app.deliverables.models import Deliverable
from app.deliverables.queries.choices import choices
from app.deliverables.queries.detail import find as find_deliverable
from app.extensions import db
from app.members.queries.functions import functions
from app.priorities.actions import outside as actions
from app.priorities.actions.outside import EngagementEntry
from app.priorities.models import Body, Engagement, Priority, Programme
from app.sources.queries import sources
from app.web.access import access, actor, load_or_404
from app.web.day import at, now, present


@blueprint.get("/bodies/<key>/engagements/new")
@access(Permission.NETWORK_KEEP)
def new_engagement(key: str) -> str:
    form = EngagementForm(formdata=None)
    form.from_on.data = present().day
    return _engagement_page(form, load(key), None)


@blueprint.post("/bodies/<key>/engagements")
@access(Permission.NETWORK_KEEP)
def engage(key: str) -> Answer:
    body = load(key)
    return _saved_engagement(
        body,
        None,
        lambda entry, day: actions.engage(db.session, actor(), load(key), entry, day, now()),
    )


@blueprint.get("/bodies/<key>/engagements/<int:number>/change")
@access(Permission.NETWORK_KEEP)
def edit_engagement(key: str, number: int) -> str:
    body = load(key)
    engagement = _load_engagement(body, number)
    form = EngagementForm(formdata=None)
    form.relation.data, form.about.data = engagement.relation.value, engagement.about
    form.from_on.data = present().day
    if engagement.priority_id and (priority := db.session.get(Priority, engagement.priority_id)):
        form.priority.data = priority.key
    if engagement.deliverable_id:
        form.deliverable.data = db.session.get_one(Deliverable, engagement.deliverable_id).key
    return _engagement_page(form, body, engagement)


@blueprint.post("/bodies/<key>/engagements/<int:number>/change")
@access(Permission.NETWORK_KEEP)
def change_engagement(key: str, number: int) -> Answer:
    body = load(key)
    engagement = _load_engagement(body, number)
    return _saved_engagement(
        body,
        engagement,
        lambda entry, day: actions.change_engagement(
            db.session, actor(), body, engagement, entry, day, now()
        ),
    )


@blueprint.get("/bodies/<key>/engagements/<int:number>/end")
@access(Permission.NETWORK_KEEP)
def edit_end(key: str, number: int) -> str:
    body = load(key)
    return _end_page(EndForm(formdata=None), body, _load_engagement(body, number))


@blueprint.post("/bodies/<key>/engagements/<int:number>/end")
@access(Permission.NETWORK_KEEP)
def end_engagement(key: str, number: int) -> Answer:
    body = load(key)
    form, engagement = EndForm(), _load_engagement(body, number)
    if not form.validate_on_submit() or form.until_on.data is None:
        return _end_page(form, body, engagement), 422
    try:
        day, why = form.until_on.data, form.reason.data or ""
        actions.end_engagement(db.session, actor(), body, engagement, day, why, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        body = load(key)
        return _end_page(form, body, _load_engagement(body, number)), refused.status
    flash(_("Its end is on record."), "success")
    return redirect(at("bodies.show", key=key), 303)


@blueprint.get("/bodies/<key>/programmes/new")
@access(Permission.NETWORK_KEEP)
def new_programme(key: str) -> str:
    form = ProgrammeForm(formdata=None)
    form.from_on.data = present().day
    return _programme_page(form, load(key))


@blueprint.post("/bodies/<key>/programmes")
@access(Permission.NETWORK_KEEP)
def add_programme(key: str) -> Answer:
    body = load(key)
    form = _offered(ProgrammeForm())
    if not form.validate_on_submit() or form.from_on.data is None:
        return _programme_page(form, body), 422
    function = next(
        (f.id for f in functions(db.session, present()) if f.key == form.function.data), None
    )
    priority = choices(db.session, present()).priorities.id_of(form.priority.data or "")
    entry = form.entry(function, priority, form.cited(db.session, actor(), now()))
    actions.add_programme(db.session, actor(), body, entry, form.from_on.data, now())
    flash(_("The programme is on record."), "success")
    return redirect(at("bodies.show", key=key), 303)


@blueprint.get("/bodies/<key>/programmes/<int:number>/end")
@access(Permission.NETWORK_KEEP)
def edit_programme_end(key: str, number: int) -> str:
    body = load(key)
    return _end_page(EndForm(formdata=None), body, _load_programme(body, number))


@blueprint.post("/bodies/<key>/programmes/<int:number>/end")
@access(Permission.NETWORK_KEEP)
def end_programme(key: str, number: int) -> Answer:
    body = load(key)
    form, programme = EndForm(), _load_programme(body, number)
    del form.reason
    if not form.validate_on_submit() or form.until_on.data is None:
        return _end_page(form, body, programme), 422
    try:
        actions.end_programme(db.session, actor(), body, programme, form.until_on.data, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        body = load(key)
        return _end_page(form, body, _load_programme(body, number)), refused.status
    flash(_("Its end is on record."), "success")
    return redirect(at("bodies.show", key=key), 303)


def _load_engagement(body: Body, number: int) -> Engagement:
    return load_or_404(queries.engagement(db.session, actor(), body, number))


def _load_programme(body: Body, number: int) -> Programme:
    return load_or_404(queries.programme(db.session, body, number))


def _saved_engagement(
    body: Body, engagement: Engagement | None, save: Callable[[EngagementEntry, date], object]
) -> Answer:
    key, number = body.key, engagement.id if engagement else 0
    form = EngagementForm()
    form.offer(choices(db.session, present()).priorities)
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit() or form.from_on.data is None:
        return _engagement_page(form, body, engagement), 422
    try:
        save(_entry(form), form.from_on.data)
    except Refused as refused:
        db.session.rollback()
        if refused.field == "until_on":
            refused.field = "from_on"
        form.refuse(refused)
        body = load(key)
        again = _load_engagement(body, number) if number else None
        return _engagement_page(form, body, again), refused.status
    flash(_("Saved. What held before stays on record."), "success")
    return redirect(at("bodies.show", key=key), 303)


def _entry(form: EngagementForm) -> EngagementEntry:
    """Raises Refused for a deliverable that is not there."""
    key = form.deliverable.data or ""
    deliverable = find_deliverable(db.session, actor(), key) if key else None
    if key and deliverable is None:
        raise Refused(N_("There is no deliverable with this key."), field="deliverable")
    priority = choices(db.session, present()).priorities.id_of(form.priority.data or "")
    source_id = form.cited(db.session, actor(), now())
    return form.entry(priority, deliverable.id if deliverable else None, source_id)


def _offered(form: ProgrammeForm) -> ProgrammeForm:
    named = [(row.key, row.name) for row in functions(db.session, present())]
    form.offer(named, choices(db.session, present()).priorities)
    form.offer_sources(sources(db.session))
    return form


def _engagement_page(form: EngagementForm, body: Body, engagement: Engagement | None) -> str:
    form.offer(choices(db.session, present()).priorities)
    form.offer_sources(sources(db.session))
    return render_template("bodies/engagement.html", form=form, body=body, engagement=engagement)


def _programme_page(form: ProgrammeForm, body: Body) -> str:
    return render_template("bodies/programme.html", form=_offered(form), body=body)


def _end_page(form: EndForm, body: Body, what: Engagement | Programme) -> str:
    is_programme = isinstance(what, Programme)
    if is_programme and "reason" in form:
        del form.reason
    return render_template(
        "bodies/end.html", form=form, body=body, what=what, is_programme=is_programme
    )
