"""What coordinators do: bring deliverables into the plan, change them, and propose parts."""

from typing import Any

from sqlalchemy import select

from app.core.clock import today
from app.core.errors import N_, Missing, Refused
from app.core.permissions import Permission
from app.deliverables.actions import assignments, planning
from app.deliverables.actions.assignments import AssignmentEntry
from app.deliverables.actions.planning import DeliverableEntry
from app.deliverables.actions.proposals import newest_schedule_id
from app.deliverables.actions.replanning import replan
from app.deliverables.actions.schedule import Due
from app.deliverables.api.entries import (
    DeliverableChange,
    EndEntry,
    NewDeliverable,
    PartEntry,
)
from app.deliverables.api.reads import blueprint, load, shown
from app.deliverables.api.schemas import DeliverableDetail
from app.deliverables.api.writes import Answer, receipt_of
from app.deliverables.forms.planning import TAKEN
from app.deliverables.models import AssignmentState, Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.queries.choices import Choices, Options, choices
from app.extensions import db
from app.members.queries.members import find as find_member
from app.web.access import actor, load_or_404
from app.web.api.etags import check_unchanged
from app.web.api.fields import receipt
from app.web.api.writing import Made
from app.web.day import now, present

NOT_OFFERED = N_("There is no such thing in the plan.")
PLANS = Permission.DELIVERABLE_PLAN


@blueprint.writes("/deliverables", receipt("Deliverable"), takes=NewDeliverable, permission=PLANS)
def add(sent: Answer) -> Made:
    """Bring a deliverable into the plan, from today on"""
    if sent["key"] in TAKEN:
        raise Refused(N_("This key stands for something else. Take another."), field="key")
    offered = choices(db.session, present())
    entry = DeliverableEntry(
        **{name: sent[name] for name in ("title", "kind", "basis", "note", "marking")},
        priority_id=_chosen("priority", sent["priority"], offered.priorities),
    )
    day = today(now())
    planning.add_deliverable(
        db.session, actor(), sent["key"], entry, _due(sent, offered), day, now()
    )
    return receipt_of(sent["key"], sent["key"])


@blueprint.writes(
    "/deliverables/<key:key>",
    DeliverableDetail,
    takes=DeliverableChange,
    permission=PLANS,
    method="PATCH",
    status=200,
)
def change(sent: Answer, key: str) -> Answer:
    """Change what a deliverable is, and from today on when it is due"""
    deliverable = _locked(load(key))
    before = shown(deliverable, present())
    check_unchanged(before, DeliverableDetail())
    offered = choices(db.session, present())
    replan(
        db.session,
        actor(),
        deliverable,
        _changed(deliverable, sent, offered),
        _due({**_due_now(before), **_replaced(sent)}, offered),
        reason=sent["reason"],
        seen_version=deliverable.version,
        seen_schedule=newest_schedule_id(db.session, deliverable.id),
        now=now(),
    )
    return shown(deliverable, present())


@blueprint.writes(
    "/deliverables/<key:key>/assignments",
    receipt("Assignment"),
    takes=PartEntry,
    permission=PLANS,
)
def propose(sent: Answer, key: str) -> Made:
    """Propose a part to a member, or another part in place of the one it has"""
    member = find_member(db.session, sent["member"])
    if member is None:
        raise Refused(NOT_OFFERED, field="member")
    entry = AssignmentEntry(
        role=sent["role"],
        state=AssignmentState.PROPOSED,
        from_on=today(now()),
        reason=sent["reason"],
    )
    assignment = assignments.assign(db.session, actor(), load(key), member, entry, now())
    return receipt_of(assignment.id, key)


@blueprint.writes(
    "/deliverables/<key:key>/assignments/<code:code>/end",
    receipt("EndedAssignment"),
    takes=EndEntry,
    permission=PLANS,
)
def end_part(sent: Answer, key: str, code: str) -> Made:
    """End the part that a member has, with a reason"""
    found = load_or_404(details.detail(db.session, actor(), load(key), present()))
    held = (each for each in found.row.parts if each.state is not AssignmentState.ENDED)
    part = next((each for each in held if each.code == code), None)
    member = find_member(db.session, code)
    if part is None or member is None:
        raise Missing(N_("This member has no part in it today."))
    entry = AssignmentEntry(
        role=part.role,
        state=AssignmentState.ENDED,
        from_on=today(now()),
        reason=sent["reason"],
    )
    ended = assignments.assign(db.session, actor(), load(key), member, entry, now())
    return receipt_of(ended.id, key)


def _locked(deliverable: Deliverable) -> Deliverable:
    """Two who change it follow each other; the second sees what the first made of it."""
    query = select(Deliverable).where(Deliverable.id == deliverable.id)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(fresh).one()


def _changed(deliverable: Deliverable, sent: Answer, offered: Choices) -> DeliverableEntry:
    kept: dict[str, Any] = {
        name: sent.get(name, getattr(deliverable, name))
        for name in ("title", "kind", "basis", "note", "marking", "source_id")
    }
    if not kept["title"].strip():
        raise Refused(N_("A deliverable needs a title."), field="title")
    if "priority" not in sent:
        return DeliverableEntry(priority_id=deliverable.priority_id, **kept)
    return DeliverableEntry(
        priority_id=_chosen("priority", sent["priority"], offered.priorities), **kept
    )


def _due_now(before: Answer) -> Answer:
    return {"deadline": before["deadline"], "own_due_on": before["own_due_on"]}


def _replaced(sent: Answer) -> Answer:
    """A deadline takes the place of a day of its own, and the other way round."""
    given: Answer = {name: sent[name] for name in ("deadline", "own_due_on") if name in sent}
    if given.get("deadline"):
        return {"own_due_on": None, **given}
    return {"deadline": None, **given} if given.get("own_due_on") else given


def _due(sent: Answer, offered: Choices) -> Due:
    if sent["deadline"] is None:
        return Due(None, sent["own_due_on"])
    return Due(_chosen("deadline", sent["deadline"], offered.deadlines))


def _chosen(field: str, key: str, among: Options) -> int:
    found = among.id_of(key)
    if found is None:
        raise Refused(NOT_OFFERED, field=field)
    return found
