"""What coordinators change of priorities and deadlines."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import func, select

from app.core.clock import today
from app.core.days import Precision
from app.core.errors import N_, Refused
from app.core.permissions import Permission
from app.dashboards.api.reads import blueprint, shown_deadline, shown_priority
from app.dashboards.api.schemas import DeadlineDetail, PriorityDetail
from app.deadlines import actions as deadlines
from app.deadlines import queries as known
from app.deadlines.actions import DeadlineEntry, When
from app.deadlines.models import Deadline, DeadlineKind
from app.deliverables.actions.replanning import (
    move_deadline,
    newest_date_id,
    redescribe_priority,
)
from app.deliverables.forms.planning import TAKEN
from app.deliverables.queries.choices import Options, choices, question_options
from app.extensions import db
from app.priorities.actions.priorities import PriorityEntry, add_priority
from app.priorities.models import Basis, Horizon, Priority, Theme
from app.priorities.queries import find as find_priority
from app.web.access import actor, load_or_404
from app.web.api.etags import check_unchanged
from app.web.api.fields import Body, Day, Text, YesOrNo, a_code, a_key, a_line, a_word, receipt
from app.web.api.writing import Made, made
from app.web.day import now, present

Answer = dict[str, Any]
PLANS = Permission.DELIVERABLE_PLAN
NOT_OFFERED = N_("There is no such thing in the plan.")
KEY_TAKEN = N_("This key stands for something else. Take another.")


def a_judgement() -> fields.Integer:
    """1 to 5 as the coordinators judge it, or null."""
    return fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, 5))


class NewPriority(Body):
    """Known from today on."""

    key = a_key(required=True)
    title = a_line(required=True)
    theme = a_word(Theme, required=True)
    horizon = a_word(Horizon, required=True)
    basis = a_word(Basis, required=True)
    question = a_key(allow_none=True, load_default=None)
    note = Text(longest=5000, load_default="")


class PriorityChange(Body):
    """What is left out stays."""

    title = a_line()
    theme = a_word(Theme)
    horizon = a_word(Horizon)
    basis = a_word(Basis)
    question = a_key(allow_none=True)
    note = Text(longest=5000)
    impact = a_judgement()
    feasibility = a_judgement()


class _Dated(Body):
    starts_on = Day(required=True)
    ends_on = Day(allow_none=True, load_default=None)
    precision = a_word(Precision, load_default=Precision.DAY)


class NewDeadline(_Dated):
    """Known from today on."""

    key = a_key(required=True)
    title = a_line(required=True)
    kind = a_word(DeadlineKind, required=True)
    place = Text(longest=200, load_default="")
    host = a_code(allow_none=True, load_default=None)
    is_public = YesOrNo(load_default=False)
    note = Text(longest=5000, load_default="")


class DeadlineMove(_Dated):
    """Another date from today on, for everything that is due there. Every date it had is kept."""

    reason = Text(longest=2000, shortest=1, required=True)


@blueprint.writes("/priorities", receipt("Priority"), takes=NewPriority, permission=PLANS)
def add_a_priority(sent: Answer) -> Made:
    """Bring a priority into the plan, from today on"""
    _check_key(sent["key"])
    entry = _entry(sent, None)
    last = db.session.scalar(select(func.max(Priority.position))) or 0
    add_priority(db.session, actor(), sent["key"], entry, last + 1, today(now()), now())
    return made(sent["key"], "api-network.one_priority", key=sent["key"])


@blueprint.writes(
    "/priorities/<key:key>",
    PriorityDetail,
    takes=PriorityChange,
    permission=PLANS,
    method="PATCH",
    status=200,
)
def change_priority(sent: Answer, key: str) -> Answer:
    """Change what a priority is"""
    found = _locked_priority(load_or_404(find_priority(db.session, key)))
    before = shown_priority(key, present())
    check_unchanged(before, PriorityDetail())
    entry = _entry({**before, **sent}, found.source_id)
    judged = {**before, **sent}
    redescribe_priority(
        db.session,
        actor(),
        found,
        entry,
        (judged["impact"], judged["feasibility"]),
        found.version,
        now(),
    )
    return shown_priority(key, present())


@blueprint.writes("/deadlines", receipt("Deadline"), takes=NewDeadline, permission=PLANS)
def add_a_deadline(sent: Answer) -> Made:
    """Add a deadline, known from today on"""
    _check_key(sent["key"])
    offered = choices(db.session, present())
    same = ("title", "kind", "place", "is_public", "note")
    entry = DeadlineEntry(
        **{name: sent[name] for name in same},
        host_id=_chosen("host", sent["host"], offered.members),
    )
    day = today(now())
    deadlines.add_deadline(db.session, actor(), sent["key"], entry, _when(sent), day, now())
    return made(sent["key"], "api-network.one_deadline", key=sent["key"])


@blueprint.writes(
    "/deadlines/<key:key>",
    DeadlineDetail,
    takes=DeadlineMove,
    permission=PLANS,
    method="PATCH",
    status=200,
)
def move(sent: Answer, key: str) -> Answer:
    """Move a deadline, with a reason"""
    found = load_or_404(known.find(db.session, key))
    db.session.execute(select(Deadline.id).where(Deadline.id == found.id).with_for_update())
    check_unchanged(shown_deadline(key, present()), DeadlineDetail())
    seen = newest_date_id(db.session, found.id)
    reason = sent["reason"]
    move_deadline(
        db.session, actor(), found, _when(sent), reason=reason, seen_date_id=seen, now=now()
    )
    return shown_deadline(key, present())


def _locked_priority(priority: Priority) -> Priority:
    query = select(Priority).where(Priority.id == priority.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _entry(sent: Answer, source_id: int | None) -> PriorityEntry:
    if not sent["title"].strip():
        raise Refused(N_("A priority needs a title."), field="title")
    offered = question_options(db.session, present())
    return PriorityEntry(
        **{name: sent[name] for name in ("title", "theme", "horizon", "basis", "note")},
        question_id=_chosen("question", sent["question"], offered),
        source_id=source_id,
    )


def _when(sent: Answer) -> When:
    return When(starts_on=sent["starts_on"], ends_on=sent["ends_on"], precision=sent["precision"])


def _chosen(field: str, key: str | None, among: Options) -> int | None:
    found = among.id_of(key) if key is not None else None
    if key is not None and found is None:
        raise Refused(NOT_OFFERED, field=field)
    return found


def _check_key(key: str) -> None:
    if key in TAKEN:
        raise Refused(KEY_TAKEN, field="key")
