"""The record: what happened after the plan, each entry with its day and its source."""

from app.plans.reading import rules, scalars, values
from app.plans.reading.entries import Kind
from app.plans.reading.faults import N_, phrase
from app.plans.reading.scalars import Text, Whole
from app.plans.reading.schema.fields import (
    CONTRIBUTION_KIND,
    DELIVERABLE_FIELD,
    ENDS_ON,
    HEALTH,
    HOST_FIELD,
    LINE,
    LOGGED_FIELDS,
    MEETING_STATUS,
    MEMBER_FIELD,
    NOTE_FIELD,
    PLACE,
    PRECISION_FIELD,
    PROSE,
    RENAMED,
    SOURCE_NEEDED,
    STARTS_ON,
    STATUS,
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

ASSIGNMENT = Kind(
    phrase(N_("assignment")),
    (*ASSIGNED_FIELDS, *LOGGED_FIELDS),
    values.Assignment,
    rules=(rules.effective_day,),
    unique=ONE_A_DAY,
)

UPDATE = Kind(
    phrase(N_("update")),
    (
        DELIVERABLE_FIELD,
        need("status", STATUS),
        may("health", HEALTH),
        may("progress", Whole(0, 100)),
        may("blocker", PROSE),
        may("next_step", PROSE),
        *LOGGED_FIELDS,
    ),
    values.Update,
    rules=(rules.effective_day, rules.health_is_for_active_work),
)

CONTRIBUTION = Kind(
    phrase(N_("contribution")),
    (
        MEMBER_FIELD,
        need("kind", CONTRIBUTION_KIND),
        may("amount", scalars.amount),
        may("unit", Text(60)),
        may("currency", scalars.currency),
        need("about", PROSE),
        may("deliverable", scalars.key, names="deliverables"),
        *LOGGED_FIELDS,
    ),
    values.Contribution,
    rules=(rules.effective_day, rules.money_has_its_currency),
)

MEETING = Kind(
    phrase(N_("meeting")),
    (
        need("series", scalars.key, names="meeting_series"),
        STARTS_ON,
        ENDS_ON,
        PRECISION_FIELD,
        may("place", PLACE),
        HOST_FIELD,
        need("status", MEETING_STATUS),
        SOURCE_NEEDED,
        NOTE_FIELD,
    ),
    values.Meeting,
    rules=(rules.span_of_days,),
    unique=("series", "starts_on"),
)

LEADERSHIP = Kind(
    phrase(N_("leadership entry")),
    (MEMBER_FIELD, need("title", PLACE), *LOGGED_FIELDS),
    values.Leadership,
    rules=(rules.effective_day,),
    unique=("member", "title", "effective_on"),
)

RENAMING = Kind(
    phrase(N_("renaming")),
    (
        need("what", RENAMED),
        may("member", scalars.member_code, names="members"),
        need("to", LINE),
        *LOGGED_FIELDS,
    ),
    values.Renaming,
    rules=(rules.effective_day, rules.renaming_names_its_thing),
)

INSTITUTE_CHANGE = Kind(
    phrase(N_("institute entry")),
    (MEMBER_FIELD, *INSTITUTE_FIELDS, *LOGGED_FIELDS),
    values.InstituteChange,
    rules=(rules.effective_day,),
    unique=("member", "effective_on"),
)


ADDED = Kind(
    phrase(N_("section “added”")),
    (
        many("priorities", priority(from_needed=True)),
        many("deadlines", deadline(from_needed=True)),
        many("deliverables", deliverable(from_needed=True)),
    ),
)

RECORD = Kind(
    phrase(N_("record file")),
    (
        *HEAD_FIELDS,
        may("plan", LINE),
        may("added", ADDED),
        many("updates", UPDATE),
        many("assignments", ASSIGNMENT),
        many("contributions", CONTRIBUTION),
        many("meetings", MEETING),
        many("leadership", LEADERSHIP),
        many("renamed", RENAMING),
        many("institutes", INSTITUTE_CHANGE),
        may("rows", scalars.AS_ROWS),
    ),
)
