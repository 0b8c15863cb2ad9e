"""What the API tells of the network, its members and what they work on."""

from marshmallow import Schema, fields

from app.core.markings import Marking
from app.deadlines.queries import DeadlineRow
from app.deadlines.rules import Distance
from app.deliverables.api.schemas import Counts, DeliverableSchema
from app.deliverables.queries.groups import Need
from app.deliverables.queries.parts import PartCounts
from app.deliverables.rules.attention import Severity
from app.members.models import Institute, Level, MemberStatus
from app.members.queries.members import MemberRow
from app.members.queries.network import Leader, NetworkView
from app.members.queries.profile import FunctionLevel
from app.priorities.queries import PriorityRow, QuestionRow
from app.web.api.fields import a_word
from app.web.api.paging import listing
from app.web.api.shapes import many, nested, schema_of, text

counts = {"progress": nested(Counts)}
PrioritySchema = schema_of(
    "Priority",
    PriorityRow,
    "key title theme horizon basis impact feasibility note functions",
    question=text(or_none=True),
    **counts,
)
DistanceSchema = schema_of("Distance", Distance, "phase days is_exact")
DeadlineSchema = schema_of(
    "Deadline",
    DeadlineRow,
    "key title kind place is_public note starts_on ends_on precision due_on",
    host=text(or_none=True),
    distance=nested(DistanceSchema),
    **counts,
)
DateSchema = Schema.from_dict(
    {
        "from_on": fields.Date(required=True),
        "starts_on": fields.Date(required=True),
        "ends_on": fields.Date(required=True, allow_none=True),
        "due_on": fields.Date(required=True),
        "precision": text(),
        "reason": text(),
    },
    name="DeadlineDate",
)


class DeadlineDetail(DeadlineSchema):  # type: ignore[misc, valid-type]
    """With every date that it had, and how ready what is due there is."""

    as_of = fields.Date(required=True)
    dates = many(DateSchema)
    readiness = fields.Dict(keys=a_word(Need), values=fields.Integer(), required=True)


class PriorityDetail(PrioritySchema):  # type: ignore[misc, valid-type]
    as_of = fields.Date(required=True)


InstituteSchema = schema_of(
    "Institute",
    Institute,
    "name host established announced_only staff funding funding_usd_per_year note from_on",
)
PartsSchema = schema_of(
    "PartCounts", PartCounts, "leads asked_to_lead contributes asked_to_contribute"
)
MemberSchema = schema_of(
    "Member",
    MemberRow,
    "code name zone status",
    works_from=text(),
    works_until=text(),
    weekend=fields.List(fields.Integer(), required=True),
    institute=nested(InstituteSchema, allow_none=True),
    parts=nested(PartsSchema),
    **counts,
)
LevelSchema = schema_of("FunctionLevel", FunctionLevel, "key name level evidence note from_on")


class StandingSchema(Schema):
    status = a_word(MemberStatus, required=True)
    from_on = fields.Date(required=True)


class MemberDetail(MemberSchema):  # type: ignore[misc, valid-type]
    """`functions` with a level of null: not known, which is not none."""

    as_of = fields.Date(required=True)
    functions = many(LevelSchema)
    standings = many(StandingSchema)


class KnownSchema(Schema):
    level = a_word(Level, required=True)
    evidence = text()


class FunctionSchema(Schema):
    """`known` holds, by member, what is known; who is missing is unknown, which is not none."""

    key = text()
    name = text()
    known = fields.Dict(keys=fields.String(), values=fields.Nested(KnownSchema), required=True)


QuestionSchema = schema_of("Question", QuestionRow, "key title theme recommendation status")
NetworkSchema = schema_of(
    "Network", NetworkView, "name founded_on planned_on decision_rule former_name"
)
LeaderSchema = schema_of("Leader", Leader, "title code name from_on precision")


class AttentionSchema(Schema):
    """What needs somebody, summed up. Of `by_actor` each counts once for each who can act: the
    code of a member, or coordinator."""

    total = fields.Integer(required=True)
    muted = fields.Integer(required=True)
    by_severity = fields.Dict(keys=a_word(Severity), values=fields.Integer(), required=True)
    by_actor = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class Overview(Schema):
    """`network` null: on that day there was none."""

    as_of = fields.Date(required=True)
    network = nested(NetworkSchema, allow_none=True)
    leaders = many(LeaderSchema)
    progress = nested(Counts)
    attention = nested(AttentionSchema)
    deadlines = many(DeadlineSchema)
    marking = a_word(Marking, required=True)


AttentionList = listing(DeliverableSchema, "Attention")
PriorityList = listing(PrioritySchema)
DeadlineList = listing(DeadlineSchema)
MemberList = listing(MemberSchema)
FunctionList = listing(FunctionSchema)
QuestionList = listing(QuestionSchema)
