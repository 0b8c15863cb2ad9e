"""Decisions, each with how it stands and who answered what, and its certificate."""

from datetime import datetime

from flask import Blueprint, abort, render_template

from app.core.markings import highest
from app.core.permissions import Permission
from app.decisions.actions.positions import newest
from app.decisions.certificate import thawed
from app.decisions.forms import PositionForm, SeenForm, WithdrawForm
from app.decisions.models import Decision
from app.decisions.queries import decisions as queries
from app.decisions.queries.about import about
from app.decisions.rules import Result
from app.decisions.wording import RESULTS, rule_words, why_words
from app.documents.formats import FORMATS
from app.extensions import db
from app.web.access import access, actor, load_or_404, may
from app.web.day import as_of, now

blueprint = Blueprint("decisions", __name__, template_folder="../templates")


@blueprint.get("/decisions")
@access(Permission.NETWORK_READ)
def index() -> str:
    rows = queries.decisions(db.session, actor(), as_of(), now())
    return render_template(
        "decisions/index.html",
        rows=rows,
        waiting={
            row.decision.id
            for row in rows
            if row.outcome
            and row.outcome.result is Result.OPEN
            and actor().member_id in row.outcome.silent
        },
        results=RESULTS,
        why_words=why_words,
        page_marking=highest(row.decision.marking for row in rows),
    )


@blueprint.get("/decisions/<key>")
@access(Permission.NETWORK_READ)
def show(key: str) -> str:
    decision = load(key)
    position_form = PositionForm(formdata=None)
    _prefill(position_form, decision)
    return page(decision, position_form, WithdrawForm(formdata=None))


@blueprint.get("/decisions/<key>/certificate")
@access(Permission.NETWORK_READ)
def certificate(key: str) -> str:
    """To print: frozen when the outcome was recorded."""
    decision = load(key)
    settled = queries.certified(db.session, decision)
    if settled is None or settled.settled_at > _shown_at():
        abort(404)
    return render_template(
        "decisions/certificate.html",
        decision=decision,
        settled=settled,
        settled_by=queries.settler(db.session, settled),
        certificate=thawed(settled.content),
        results=RESULTS,
        rule_words=rule_words,
        why_words=why_words,
        formats={name: each for name, each in FORMATS.items() if not each.needs_calendar},
        page_marking=decision.marking,
    )


def load(key: str) -> Decision:
    return load_or_404(queries.find(db.session, actor(), as_of(), key))


def page(decision: Decision, position_form: PositionForm, withdraw_form: WithdrawForm) -> str:
    row = queries.standing(db.session, decision, as_of(), now())
    outcome = row.outcome
    is_open = outcome is not None and outcome.result is Result.OPEN and as_of().is_today
    if outcome is not None:
        position_form.offer(queries.terms_of(decision))
    return render_template(
        "decisions/show.html",
        decision=decision,
        row=row,
        about=about(db.session, actor(), decision, as_of()),
        members=queries.members(db.session, outcome.entitled if outcome else ()),
        positions=queries.positions_of(db.session, decision, _shown_at()),
        results=RESULTS,
        rule=rule_words(queries.terms_of(decision)) if outcome else "",
        why=why_words(outcome) if outcome else "",
        may_answer=is_open
        and may(Permission.POSITION_TAKE)
        and outcome is not None
        and actor().member_id in outcome.entitled,
        position_form=position_form,
        withdraw_form=withdraw_form,
        seen_form=_seen(SeenForm(formdata=None), decision),
        page_marking=decision.marking,
        is_closed=decision.closes_at is not None and decision.closes_at <= now(),
    )


def _seen(form: SeenForm, decision: Decision) -> SeenForm:
    form.seen.data = decision.version
    return form


def _prefill(form: PositionForm, decision: Decision) -> None:
    member_id = actor().member_id
    said = newest(db.session, decision, member_id) if member_id is not None else None
    if said is not None:
        form.stance.data, form.statement.data = said.stance.value, said.statement


def _shown_at() -> datetime:
    return queries.instant(as_of(), now())
