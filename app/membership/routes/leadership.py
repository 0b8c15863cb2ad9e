"""Who led what, when."""

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Refused
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.queries.meetings import possible_hosts
from app.members.actions import terms as actions
from app.members.models import LeadershipTerm
from app.members.queries import members
from app.members.queries import terms as queries
from app.members.rules.offices import Office, office_of
from app.membership.forms.terms import EndForm, TermForm
from app.membership.queries.hosts import hosted
from app.sources.queries import sources
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, at, now, present

Answer = Response | tuple[str, int]

blueprint = Blueprint("leadership", __name__, template_folder="../templates")


@blueprint.get("/leadership")
@access(Permission.NETWORK_READ)
def index() -> str:
    found = queries.terms(db.session, as_of())
    held = [term for term in found if term.until_on > as_of().day]
    offices = {office: [t for t in held if office_of(t.title) is office] for office in Office}
    return render_template(
        "leadership/index.html",
        terms=found,
        offices={office: terms for office, terms in offices.items() if terms},
        hosts=hosted(db.session, actor(), as_of()),
    )


@blueprint.get("/leadership/new")
@access(Permission.NETWORK_KEEP)
def new() -> str:
    form = TermForm(formdata=None)
    form.from_on.data = present().day
    return _page(form)


@blueprint.post("/leadership")
@access(Permission.NETWORK_KEEP)
def record() -> Answer:
    form = _offered(TermForm())
    if not form.validate_on_submit() or form.from_on.data is None:
        return _page(form), 422
    try:
        member = load_or_404(members.find(db.session, form.member.data))
        source_id = form.cited(db.session, actor(), now())
        entry, end = form.entry(source_id), form.end(source_id)
        actions.record_term(db.session, actor(), member, entry, form.from_on.data, end, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(form), refused.status
    flash(_("The term is on record."), "success")
    return redirect(at("leadership.index"), 303)


@blueprint.get("/leadership/<int:number>/end")
@access(Permission.NETWORK_KEEP)
def edit_end(number: int) -> str:
    term = load_or_404(queries.term(db.session, number))
    form = EndForm(formdata=None)
    form.show(term)
    return _end_page(form, term)


@blueprint.post("/leadership/<int:number>/end")
@access(Permission.NETWORK_KEEP)
def end(number: int) -> Answer:
    term = load_or_404(queries.term(db.session, number))
    form = EndForm()
    form.offer()
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit():
        return _end_page(form, term), 422
    try:
        entry = form.entry(form.cited(db.session, actor(), now()))
        actions.end_term(db.session, actor(), term, entry, form.seen_until, now())
    except Refused as refused:
        db.session.rollback()
        term = load_or_404(queries.term(db.session, number))
        if isinstance(refused, Conflict):
            form.seen.data = term.until_on.toordinal()
        form.refuse(refused)
        return _end_page(form, term), refused.status
    flash(_("Its end is on record."), "success")
    return redirect(at("leadership.index"), 303)


def _offered(form: TermForm) -> TermForm:
    form.offer(possible_hosts(db.session, present().day))
    form.offer_sources(sources(db.session))
    return form


def _page(form: TermForm) -> str:
    return render_template("leadership/form.html", form=_offered(form))


def _end_page(form: EndForm, term: LeadershipTerm) -> str:
    form.offer()
    form.offer_sources(sources(db.session))
    return render_template("leadership/end.html", form=form, term=term, day=present().day)
