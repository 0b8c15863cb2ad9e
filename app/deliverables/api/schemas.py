"""What the API tells of deliverables, and what it takes."""

from marshmallow import Schema, fields

from app.core.days import Precision
from app.core.markings import Marking
from app.deliverables.models import AssignmentRole, AssignmentState, DeliverableKind
from app.deliverables.rules.attention import Flag, Severity
from app.deliverables.rules.moves import Health, Status
from app.priorities.models import Basis, Horizon
from app.web.api.fields import a_word
from app.web.api.paging import listing


class Counts(Schema):
    """Progress of a group: counts by status, and what they come to. `share_delivered` is delivered
    over all but dropped; `mean_progress` takes only those whose progress is known."""

    total = fields.Integer(required=True)
    by_status = fields.Dict(keys=a_word(Status), values=fields.Integer(), required=True)
    overdue = fields.Integer(required=True)
    share_delivered = fields.Float(required=True, allow_none=True)
    mean_progress = fields.Float(required=True, allow_none=True)
    with_known_progress = fields.Integer(required=True)


class RaisedFlag(Schema):
    """What about a deliverable needs somebody."""

    flag = a_word(Flag, required=True)
    severity = a_word(Severity, required=True)
    sentence = fields.String(required=True)
    members = fields.List(fields.String(), required=True)
    coordinator_acts = fields.Boolean(required=True)


class PartSchema(Schema):
    """A member's part in a deliverable."""

    member = fields.String(required=True)
    role = a_word(AssignmentRole, required=True)
    state = a_word(AssignmentState, required=True)


class NeededSchema(Schema):
    key = fields.String(required=True)
    title = fields.String(required=True)
    status = a_word(Status, required=True)
    due_on = fields.Date(required=True, allow_none=True)


class DeliverableSchema(Schema):
    """A deliverable on a day. `progress` null: unknown, which is not 0."""

    key = fields.String(required=True)
    title = fields.String(required=True)
    kind = a_word(DeliverableKind, required=True)
    basis = a_word(Basis, required=True)
    priority = fields.String(required=True)
    horizon = a_word(Horizon, required=True)
    marking = a_word(Marking, required=True)
    exists_from = fields.Date(required=True)
    status = a_word(Status, required=True)
    status_since = fields.Date(required=True)
    health = a_word(Health, required=True, allow_none=True)
    progress = fields.Integer(required=True, allow_none=True)
    updated_on = fields.Date(required=True, allow_none=True)
    delivered_on = fields.Date(required=True, allow_none=True)
    deadline = fields.String(required=True, allow_none=True)
    own_due_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    due_precision = a_word(Precision, required=True)
    days_late = fields.Integer(required=True)
    blocker = fields.String(required=True)
    assignments = fields.List(fields.Nested(PartSchema), required=True)
    depends_on = fields.List(fields.Nested(NeededSchema), required=True)
    flags = fields.List(fields.Nested(RaisedFlag), required=True)
    muted_flags = fields.List(a_word(Flag), required=True)


class EvidenceSchema(Schema):
    """`url` null: a file kept here."""

    title = fields.String(required=True)
    url = fields.String(required=True, allow_none=True)
    marking = a_word(Marking, required=True)


class UpdateSchema(Schema):
    """What was logged. `corrected_by` names the later update that puts it right."""

    id = fields.Integer(required=True)
    effective_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True, format="iso")
    by = fields.String(required=True)
    member = fields.String(required=True, allow_none=True)
    status = a_word(Status, required=True)
    health = a_word(Health, required=True, allow_none=True)
    progress = fields.Integer(required=True, allow_none=True)
    note = fields.String(required=True)
    blocker = fields.String(required=True)
    next_step = fields.String(required=True)
    marking = a_word(Marking, required=True)
    corrects = fields.Integer(required=True, allow_none=True)
    corrected_by = fields.Integer(required=True, allow_none=True)
    evidence = fields.List(fields.Nested(EvidenceSchema), required=True)


class ScheduleSchema(Schema):
    """Since when it was due when, and why that changed."""

    effective_on = fields.Date(required=True)
    deadline = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True)


class SpanSchema(Schema):
    """A part that a member has or had. `version` is what an answer to it names."""

    member = fields.String(required=True)
    role = a_word(AssignmentRole, required=True)
    state = a_word(AssignmentState, required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True)
    version = fields.Integer(required=True)


class DeliverableDetail(DeliverableSchema):
    """One deliverable with everything that led to where it stands."""

    as_of = fields.Date(required=True)
    note = fields.String(required=True)
    waiting_for_it = fields.List(fields.Nested(NeededSchema), required=True)
    updates = fields.List(fields.Nested(UpdateSchema), required=True)
    schedule = fields.List(fields.Nested(ScheduleSchema), required=True)
    assignment_history = fields.List(fields.Nested(SpanSchema), required=True)


DeliverableList = listing(DeliverableSchema)
UpdateList = listing(UpdateSchema)
