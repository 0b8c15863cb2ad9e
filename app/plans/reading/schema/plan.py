"""The plan: what the network set out to do."""

from app.plans.reading import rules, scalars, values
from app.plans.reading.entries import Kind
from app.plans.reading.faults import N_, phrase
from app.plans.reading.scalars import LONG_LINE, Text, Whole
from app.plans.reading.schema.fields import (
    BASIS,
    DECISION_RULE,
    FROM_FIELD,
    KEY_FIELD,
    LEVEL,
    LINE,
    MEMBER_FIELD,
    MEMBER_STATUS,
    NOTE_FIELD,
    PLACE,
    PRECISION_FIELD,
    PROSE,
    QUESTION_STATUS,
    RELATION,
    SOURCE_FIELD,
    THEME,
    TITLE_FIELD,
    many,
    may,
    need,
)
from app.plans.reading.schema.things import (
    ASSIGNED_FIELDS,
    HEAD_FIELDS,
    INSTITUTE_FIELDS,
    ONE_A_DAY,
    deadline,
    deliverable,
    priority,
)

NETWORK = Kind(
    phrase(N_("network")),
    (
        need("name", LINE),
        may("short_name", Text(80)),
        may("founding_document", Text(LONG_LINE)),
        need("founded_on", scalars.day),
        need("decision_rule", DECISION_RULE),
        SOURCE_FIELD,
        NOTE_FIELD,
    ),
    values.Network,
)

INSTITUTE = Kind(phrase(N_("institute")), (*INSTITUTE_FIELDS, NOTE_FIELD), values.Institute)

MEMBER = Kind(
    phrase(N_("member")),
    (
        need("code", scalars.member_code),
        need("name", PLACE),
        need("status", MEMBER_STATUS),
        may("joined_on", scalars.day),
        need("zone", scalars.zone),
        may("institute", INSTITUTE),
        SOURCE_FIELD,
        NOTE_FIELD,
    ),
    values.Member,
    unique=("code",),
)

FUNCTION = Kind(
    phrase(N_("function")),
    (KEY_FIELD, need("name", LINE), SOURCE_FIELD, NOTE_FIELD),
    values.Function,
    unique=("key",),
)

MEMBER_FUNCTION = Kind(
    phrase(N_("member's function")),
    (
        MEMBER_FIELD,
        need("function", scalars.key, names="functions"),
        need("level", LEVEL),
        may("evidence", PROSE),
        SOURCE_FIELD,
        NOTE_FIELD,
    ),
    values.MemberFunction,
    unique=("member", "function"),
)


PLAN_ASSIGNMENT = Kind(
    phrase(N_("assignment")),
    (
        *ASSIGNED_FIELDS,
        may("date", scalars.counting_date, into="effective_on"),
        PRECISION_FIELD,
        SOURCE_FIELD,
        NOTE_FIELD,
    ),
    values.Assignment,
    rules=(rules.effective_day,),
    unique=ONE_A_DAY,
)

SERIES = Kind(
    phrase(N_("meeting series")),
    (
        KEY_FIELD,
        TITLE_FIELD,
        need("recurrence", Text(LONG_LINE)),
        need("starts_on", scalars.day),
        may("zone", scalars.zone),
        need("duration_minutes", Whole(1, 100_000)),
        may("days", Whole(1, 60)),
        need("basis", BASIS),
        FROM_FIELD,
        SOURCE_FIELD,
        NOTE_FIELD,
    ),
    values.MeetingSeries,
    rules=(rules.series_can_meet,),
    unique=("key",),
)

MECHANISM = Kind(
    phrase(N_("mechanism")),
    (KEY_FIELD, TITLE_FIELD, SOURCE_FIELD, NOTE_FIELD),
    values.Mechanism,
    unique=("key",),
)

QUESTION = Kind(
    phrase(N_("question")),
    (
        KEY_FIELD,
        need("theme", THEME),
        need("status", QUESTION_STATUS),
        TITLE_FIELD,
        may("recommendation", PROSE),
        SOURCE_FIELD,
        NOTE_FIELD,
    ),
    values.Question,
    unique=("key",),
)

ENGAGEMENT = Kind(
    phrase(N_("engagement")),
    (
        need("relation", RELATION),
        may("about", PROSE),
        may("deliverable", scalars.key, names="deliverables"),
        may("priority", scalars.key, names="priorities"),
    ),
    values.Engagement,
    rules=(rules.engagement_is_about_something,),
)

BODY = Kind(
    phrase(N_("body")),
    (KEY_FIELD, need("name", LINE), many("engagements", ENGAGEMENT), SOURCE_FIELD, NOTE_FIELD),
    values.Body,
    unique=("key",),
)

EVENT = Kind(
    phrase(N_("entry of the timeline")),
    (
        need("date", scalars.part_date, into="starts_on"),
        PRECISION_FIELD,
        may("until", scalars.day, into="ends_on"),
        TITLE_FIELD,
        SOURCE_FIELD,
        NOTE_FIELD,
    ),
    values.Event,
    rules=(rules.span_of_days,),
    unique=("starts_on", "title"),
)

PLAN = Kind(
    phrase(N_("plan file")),
    (
        *HEAD_FIELDS,
        need("network", NETWORK),
        many("members", MEMBER),
        many("functions", FUNCTION),
        many("member_functions", MEMBER_FUNCTION),
        many("priorities", priority(from_needed=False)),
        many("deadlines", deadline(from_needed=False)),
        many("deliverables", deliverable(from_needed=False)),
        many("assignments", PLAN_ASSIGNMENT),
        many("meeting_series", SERIES),
        many("mechanisms", MECHANISM),
        many("questions", QUESTION),
        many("bodies", BODY),
        many("timeline", EVENT),
    ),
)
