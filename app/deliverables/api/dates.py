"""Another date is asked for, and answered."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from app.core.errors import N_, Refused
from app.core.permissions import Permission
from app.deliverables.actions import proposals as actions
from app.deliverables.actions.schedule import Due
from app.deliverables.api.entries import OneDate
from app.deliverables.api.reads import blueprint, load
from app.deliverables.models import DateProposal, Deliverable, ProposalState
from app.deliverables.queries import proposals
from app.deliverables.queries.choices import choices
from app.extensions import db
from app.web.access import actor, load_or_404
from app.web.api.fields import NUMBER, Body, Query, Text, a_number, a_word, receipt
from app.web.api.shapes import many, text
from app.web.api.writing import Made, made
from app.web.day import now, present

Told = dict[str, Any]
ASKS, ANSWERS = Permission.DATE_PROPOSE, Permission.DATE_ANSWER
DateReceipt = receipt("DateProposal")
NOT_OFFERED = N_("There is no such thing in the plan.")


class DateProposalSchema(Schema):
    """`is_offer`: by a coordinator, waiting for the member; else by the member, waiting for a
    coordinator. `version` is what an answer names. `due_on` or `deadline` is what is asked for."""

    id = fields.Integer(required=True)
    member = text()
    is_offer = fields.Boolean(required=True)
    answers = fields.Integer(required=True, allow_none=True)
    from_due_on = fields.Date(required=True, allow_none=True)
    deadline = text(or_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    reason = text()
    proposed_by = text()
    proposed_at = fields.AwareDateTime(required=True, format="iso")
    state = a_word(ProposalState, required=True)
    answer = text()
    answered_by = text(or_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    version = fields.Integer(required=True)


class DateProposals(Schema):
    """The newest first; of them at most one is open. `schedule` is the newest change of the date:
    an agreement names it."""

    deliverable = text()
    schedule = fields.Integer(required=True)
    items = many(DateProposalSchema)


class DateEntry(OneDate):
    reason = Text(longest=2000, shortest=1, required=True)


class CounterEntry(DateEntry):
    """Another date in answer. `version` is that of the proposal."""

    version = a_number(required=True)


class Agreement(Body):
    """`version` and `schedule` as they were read."""

    version = a_number(required=True)
    schedule = a_number(required=True)
    answer = Text(longest=2000, load_default="")


class Refusal(Body):
    version = a_number(required=True)
    answer = Text(longest=2000, shortest=1, required=True)


class Withdrawal(Body):
    version = a_number(required=True)


@blueprint.reads(
    "/deliverables/<key:key>/dates", DateProposals, takes=Query, permission=Permission.NETWORK_READ
)
def dates(_asked: Told, key: str) -> Told:
    """Dates that were proposed for a deliverable, and what became of each"""
    deliverable = load(key)
    found = proposals.of_deliverable(db.session, actor(), deliverable)
    schedule = actions.newest_schedule_id(db.session, deliverable.id)
    return {"deliverable": key, "schedule": schedule, "items": _told(found)}


@blueprint.writes("/deliverables/<key:key>/dates", DateReceipt, takes=DateEntry, permission=ASKS)
def propose_date(sent: Told, key: str) -> Made:
    """Ask for another date, for what one's own member works on"""
    found = actions.propose(db.session, actor(), load(key), _due(sent), sent["reason"], now())
    return _made(found.id, key)


@blueprint.writes(
    f"/deliverables/<key:key>/dates/{NUMBER}/agree",
    DateReceipt,
    takes=Agreement,
    permission=ANSWERS,
)
def agree(sent: Told, key: str, number: int) -> Made:
    """Agree: from today on it is due then"""
    actions.agree(
        db.session,
        actor(),
        _proposal(load(key), number),
        sent["answer"],
        seen_version=sent["version"],
        seen_schedule=sent["schedule"],
        now=now(),
    )
    return _made(number, key)


@blueprint.writes(
    f"/deliverables/<key:key>/dates/{NUMBER}/counter",
    DateReceipt,
    takes=CounterEntry,
    permission=ANSWERS,
)
def counter(sent: Told, key: str, number: int) -> Made:
    """Answer with another date"""
    proposal, due = _proposal(load(key), number), _due(sent)
    seen, reason = sent["version"], sent["reason"]
    further = actions.counter(
        db.session, actor(), proposal, due, reason, seen_version=seen, now=now()
    )
    return _made(further.id, key)


@blueprint.writes(
    f"/deliverables/<key:key>/dates/{NUMBER}/refuse",
    DateReceipt,
    takes=Refusal,
    permission=ANSWERS,
)
def refuse(sent: Told, key: str, number: int) -> Made:
    """Refuse, with a reason: the date stays"""
    proposal, seen = _proposal(load(key), number), sent["version"]
    actions.refuse(db.session, actor(), proposal, sent["answer"], seen_version=seen, now=now())
    return _made(number, key)


@blueprint.writes(
    f"/deliverables/<key:key>/dates/{NUMBER}/withdraw",
    DateReceipt,
    takes=Withdrawal,
    permission=ANSWERS,
)
def withdraw(sent: Told, key: str, number: int) -> Made:
    """Take back what one's own side proposed"""
    proposal = _proposal(load(key), number)
    actions.withdraw(db.session, actor(), proposal, seen_version=sent["version"], now=now())
    return _made(number, key)


def _proposal(deliverable: Deliverable, number: int) -> DateProposal:
    return load_or_404(proposals.find(db.session, actor(), deliverable, number))


def _due(sent: Told) -> Due:
    if sent["deadline"] is None:
        return Due(own_due_on=sent["due_on"])
    found = choices(db.session, present()).deadlines.id_of(sent["deadline"])
    if found is None:
        raise Refused(NOT_OFFERED, field="deadline")
    return Due(deadline_id=found)


def _made(number: int, key: str) -> Made:
    return made(number, "api-deliverables.dates", key=key)


def _told(found: Sequence[DateProposal]) -> list[Told]:
    same = ("id", "is_offer", "from_due_on", "due_on", "reason", "proposed_at", "state", "answer")
    return [
        {
            **{name: getattr(each, name) for name in same},
            "member": each.member.code,
            "answers": each.answers_id,
            "deadline": each.deadline.key if each.deadline else None,
            "proposed_by": each.proposed_by.name,
            "answered_by": each.answered_by.name if each.answered_by else None,
            "answered_at": each.answered_at,
            "version": each.version,
        }
        for each in found
    ]
