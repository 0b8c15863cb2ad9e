"""Who stands how in the network, and who may join."""

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Refused
from app.core.permissions import Permission
from app.extensions import db
from app.members.models import MemberStatus
from app.members.queries import members
from app.membership.actions import standings as actions
from app.membership.forms.standings import CandidateForm, FindingForm, StepForm
from app.membership.queries import standings as queries
from app.membership.queries.standings import Books
from app.membership.rules import STEPS, AdmissionCriterion, open_steps
from app.membership.wording import ASKS
from app.sources.queries import sources
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, at, now, present

Answer = Response | tuple[str, int]

blueprint = Blueprint("membership", __name__, template_folder="../templates")


@blueprint.get("/membership")
@access(Permission.NETWORK_READ)
def index() -> str:
    found = queries.books(db.session, actor(), as_of())
    by_status = {s: [row for row in found if row.now.status is s] for s in MemberStatus}
    return render_template(
        "membership/index.html",
        candidates=[row for row in found if row.is_candidate],
        members=by_status[MemberStatus.MEMBER],
        former=by_status[MemberStatus.FORMER],
        by_status={status: rows for status, rows in by_status.items() if rows},
        criteria=list(AdmissionCriterion),
        steps={status: open_steps(status) for status in (None, *MemberStatus) if STEPS[status]},
    )


@blueprint.get("/membership/<code>")
@access(Permission.NETWORK_READ)
def show(code: str) -> str:
    books = _load(code)
    return render_template(
        "membership/show.html",
        books=books,
        criteria=list(AdmissionCriterion),
        found=queries.findings_of(db.session, books.member.id, as_of()),
        levels=queries.levels(db.session, books.member.id, as_of()),
        open_steps=open_steps(books.now.status),
        asks=ASKS,
    )


@blueprint.get("/membership/new")
@access(Permission.NETWORK_KEEP)
def new() -> str:
    form = CandidateForm(formdata=None)
    form.from_on.data = present().day
    return _candidate_page(form)


@blueprint.post("/membership")
@access(Permission.NETWORK_KEEP)
def record() -> Answer:
    form = CandidateForm()
    form.offer()
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit() or form.from_on.data is None:
        return _candidate_page(form), 422
    try:
        entry = form.entry(form.cited(db.session, actor(), now()))
        made = actions.record_candidate(db.session, actor(), entry, form.from_on.data, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _candidate_page(form), refused.status
    flash(_("It is in the network's books."), "success")
    return redirect(at("membership.show", code=made.code), 303)


@blueprint.get("/membership/<code>/criteria/<criterion>")
@access(Permission.NETWORK_KEEP)
def judge(code: str, criterion: str) -> str:
    books, asked = _load(code), _criterion(criterion)
    form = FindingForm(formdata=None)
    form.from_on.data, form.finding.data = present().day, books.finding(asked).value
    form.seen.data = queries.newest_finding(db.session, books.member.id, asked)
    if known := books.findings.get(asked):
        form.note.data = known.note
    return _finding_page(form, books, asked)


@blueprint.post("/membership/<code>/criteria/<criterion>")
@access(Permission.NETWORK_KEEP)
def tick(code: str, criterion: str) -> Answer:
    books, asked = _load(code), _criterion(criterion)
    form = FindingForm()
    form.offer()
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit() or form.from_on.data is None:
        return _finding_page(form, books, asked), 422
    try:
        entry = form.entry(asked, form.cited(db.session, actor(), now()))
        day, seen = form.from_on.data, form.seen.data
        actions.tick(db.session, actor(), books.member, entry, day, seen, now())
    except Refused as refused:
        db.session.rollback()
        books = _load(code)
        if isinstance(refused, Conflict):
            form.seen.data = queries.newest_finding(db.session, books.member.id, asked)
        form.refuse(refused)
        return _finding_page(form, books, asked), refused.status
    flash(_("Saved. What was found before stays on record."), "success")
    return redirect(at("membership.show", code=code), 303)


@blueprint.get("/membership/<code>/step")
@access(Permission.NETWORK_KEEP)
def next_step(code: str) -> str:
    books = _load(code)
    form = StepForm(formdata=None)
    form.from_on.data, form.seen.data = present().day, books.member.version
    return _step_page(form, books)


@blueprint.post("/membership/<code>/step")
@access(Permission.NETWORK_KEEP)
def step(code: str) -> Answer:
    books = _load(code)
    form = StepForm()
    decisions = queries.passed(db.session, actor(), present(), now())
    form.offer(books.now.status, decisions)
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit():
        return _step_page(form, books), 422
    try:
        entry = form.entry(decisions, form.cited(db.session, actor(), now()))
        actions.step(db.session, actor(), books.member, entry, form.seen.data, now())
    except Refused as refused:
        db.session.rollback()
        books = _load(code)
        if isinstance(refused, Conflict):
            form.seen.data = books.member.version
        form.refuse(refused)
        return _step_page(form, books), refused.status
    flash(_("The step is on record."), "success")
    return redirect(at("membership.show", code=code), 303)


def _load(code: str) -> Books:
    load_or_404(members.member(db.session, code, as_of()))
    found = queries.books(db.session, actor(), as_of(), code)
    return load_or_404(next(iter(found), None))


def _criterion(text: str) -> AdmissionCriterion:
    return load_or_404(next((c for c in AdmissionCriterion if c.value == text), None))


def _candidate_page(form: CandidateForm) -> str:
    form.offer()
    form.offer_sources(sources(db.session))
    return render_template("membership/form.html", form=form)


def _finding_page(form: FindingForm, books: Books, criterion: AdmissionCriterion) -> str:
    form.offer()
    form.offer_sources(sources(db.session))
    levels = queries.levels(db.session, books.member.id, present())
    return render_template(
        "membership/finding.html",
        form=form,
        books=books,
        criterion=criterion,
        levels=levels,
        asks=ASKS,
    )


def _step_page(form: StepForm, books: Books) -> str:
    form.offer(books.now.status, queries.passed(db.session, actor(), present(), now()))
    form.offer_sources(sources(db.session))
    return render_template("membership/step.html", form=form, books=books)
