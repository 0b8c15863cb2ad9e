"""The open questions before the network, and what became of each."""

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.permissions import Permission
from app.dashboards import questions as queries
from app.dashboards.forms import QuestionForm, StatusForm
from app.decisions.queries.decisions import decisions
from app.decisions.wording import RESULTS, why_words
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import listed
from app.extensions import db
from app.priorities.actions import questions as actions
from app.priorities.models import Question, QuestionStatus
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, at, now

Answer = Response | tuple[str, int]

blueprint = Blueprint("questions", __name__, template_folder="../templates")


@blueprint.get("/questions")
@access(Permission.NETWORK_READ)
def index() -> str:
    found = queries.cards(db.session, actor(), as_of())
    return render_template("questions/index.html", board=queries.by_status(found), total=len(found))


@blueprint.get("/questions/<key>")
@access(Permission.NETWORK_READ)
def show(key: str) -> str:
    form = StatusForm(formdata=None)
    return _page(_load(key), form)


@blueprint.post("/questions/<key>/status")
@access(Permission.DELIVERABLE_PLAN)
def set_status(key: str) -> Answer:
    question = _load(key)
    form = StatusForm()
    form.offer()
    if not form.validate_on_submit():
        return _page(question, form), 422
    status, reason = QuestionStatus(form.status.data), form.reason.data or ""
    changed = actions.set_question_status(
        db.session, actor(), question, status, reason, as_of().today, now()
    )
    flash(_("Saved.") if changed else _("It stands so already."), "success")
    return redirect(at("questions.show", key=key), 303)


@blueprint.get("/questions/new")
@access(Permission.DELIVERABLE_PLAN)
def new() -> str:
    return _form_page(QuestionForm(formdata=None), None)


@blueprint.post("/questions")
@access(Permission.DELIVERABLE_PLAN)
def add() -> Answer:
    form = QuestionForm()
    form.offer()
    if not form.validate_on_submit():
        return _form_page(form, None), 422
    made = actions.ask_question(db.session, actor(), form.entry(), now())
    flash(_("The question is before the network."), "success")
    return redirect(at("questions.show", key=made.key), 303)


@blueprint.get("/questions/<key>/edit")
@access(Permission.DELIVERABLE_PLAN)
def edit(key: str) -> str:
    question = _load(key)
    form = QuestionForm(formdata=None)
    form.show(question)
    return _form_page(form, question)


@blueprint.post("/questions/<key>/edit")
@access(Permission.DELIVERABLE_PLAN)
def describe(key: str) -> Answer:
    question = _load(key)
    form = QuestionForm()
    form.offer()
    if not form.validate_on_submit():
        return _form_page(form, question), 422
    entry = form.entry(question.source_id)
    changed = actions.describe_question(db.session, actor(), question, entry, now())
    flash(_("Saved.") if changed else _("Nothing differs from before."), "success")
    return redirect(at("questions.show", key=key), 303)


def _load(key: str) -> Question:
    return load_or_404(queries.find(db.session, key, as_of()))


def _page(question: Question, form: StatusForm) -> str:
    session, reader, day = db.session, actor(), as_of()
    priorities = queries.priority_ids(session, question, day)
    form.offer()
    return render_template(
        "questions/show.html",
        question=question,
        history=queries.history(session, question, day),
        discussions=queries.discussions(session, reader, day, question),
        decisions=decisions(session, reader, day, now(), question_id=question.id),
        priorities=list(priorities.values()),
        deliverables=listed(session, reader, day, Filter(priority_ids=list(priorities)))
        if priorities
        else None,
        form=form,
        results=RESULTS,
        why_words=why_words,
    )


def _form_page(form: QuestionForm, question: Question | None) -> str:
    form.offer()
    return render_template("questions/form.html", form=form, question=question)
