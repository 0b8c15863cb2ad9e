"""What liaisons do every week: log where things stand, and answer what they are asked to do."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import NotFound

from app.core.errors import N_, Conflict, Missing, Refused
from app.core.permissions import Permission
from app.deliverables.actions import assignments
from app.deliverables.actions.updates import log_update
from app.deliverables.api.entries import AnswerEntry, UpdateEntrySchema, UpdatesEntry, as_entry
from app.deliverables.api.reads import blueprint, load
from app.deliverables.queries import detail as details
from app.extensions import db
from app.web.access import actor
from app.web.api.blueprint import Problem
from app.web.api.fields import receipt
from app.web.api.problems import told
from app.web.api.writing import Made, made
from app.web.day import now
from app.web.wording import worded

UpdateReceipt = receipt("Update")
AnswerReceipt = receipt("Answer")
Answer = dict[str, Any]
MEANWHILE = N_("Somebody changed this deliverable meanwhile. Look at it again first.")
NOT_THERE = N_("There is no such deliverable.")


class ResultSchema(Schema):
    """What came of one: `id` of the update that was logged, or `problem`."""

    deliverable = fields.String(required=True)
    result = fields.String(required=True, validate=validate.OneOf(["logged", "refused"]))
    id = fields.Integer(required=True, allow_none=True)
    problem = fields.Nested(Problem, required=True, allow_none=True)


class Results(Schema):
    """In the order in which they were sent."""

    logged = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    results = fields.List(fields.Nested(ResultSchema), required=True)


@blueprint.writes(
    "/deliverables/<key:key>/updates",
    UpdateReceipt,
    takes=UpdateEntrySchema,
    permission=Permission.UPDATE_LOG,
)
def log(sent: Answer, key: str) -> Made:
    """Log an update"""
    logged = log_update(db.session, actor(), load(key), as_entry(sent), now())
    return receipt_of(logged.id, key)


@blueprint.writes(
    "/updates", Results, takes=UpdatesEntry, permission=Permission.UPDATE_LOG, status=200
)
def log_many(sent: Answer) -> Answer:
    """Log several updates: each on its own, with what came of it"""
    results = [_tried(each) for each in sent["updates"]]
    logged = sum(each["problem"] is None for each in results)
    return {"logged": logged, "refused": len(results) - logged, "results": results}


@blueprint.writes(
    "/deliverables/<key:key>/answer",
    AnswerReceipt,
    takes=AnswerEntry,
    permission=Permission.ASSIGNMENT_ANSWER,
)
def answer(sent: Answer, key: str) -> Made:
    """Accept or decline the part of one's own member"""
    deliverable = load(key)
    part = details.own_part(db.session, actor(), deliverable)
    if part is None:
        raise Missing(N_("Your member has no part in this deliverable."))
    assignments.answer(
        db.session,
        actor(),
        deliverable,
        part.assignment,
        accepts=sent["answer"] == "accept",
        reason=sent["reason"],
        seen_version=sent["version"],
        now=now(),
    )
    return receipt_of(part.assignment_id, key)


def receipt_of(id: int | str, key: str) -> Made:
    """The receipt of something written on a deliverable."""
    return made(id, "api-deliverables.show", key=key)


def _tried(sent: Answer) -> Answer:
    """One that is refused keeps nothing of what was tried on it."""
    key = sent["deliverable"]
    try:
        with db.session.begin_nested():
            logged = log_update(db.session, actor(), load(key), as_entry(sent), now())
    except NotFound:
        return _refused(key, Missing(NOT_THERE))
    except StaleDataError:
        return _refused(key, Conflict(MEANWHILE))
    except Refused as refused:
        return _refused(key, refused)
    return {"deliverable": key, "result": "logged", "id": logged.id, "problem": None}


def _refused(key: str, refused: Refused) -> Answer:
    text = worded(refused)
    errors = [{"in": "body", "field": refused.field, "detail": text}] if refused.field else []
    problem = told(refused.status, str(refused.status), text, errors)
    return {"deliverable": key, "result": "refused", "id": None, "problem": problem}
