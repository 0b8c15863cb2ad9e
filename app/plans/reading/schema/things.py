"""Kinds that both formats hold; in a record each thing names the day from which it exists."""

from app.core.markings import Marking
from app.plans.reading import rules, scalars, values
from app.plans.reading.entries import Field, Kind
from app.plans.reading.faults import N_, phrase
from app.plans.reading.scalars import LONG_LINE, EnumOf, Text, Whole
from app.plans.reading.schema.fields import (
    BASIS,
    DEADLINE_KIND,
    DELIVERABLE_FIELD,
    DELIVERABLE_KIND,
    ENDS_ON,
    FROM_FIELD,
    HORIZON,
    HOST_FIELD,
    KEY_FIELD,
    LINE,
    MEMBER_FIELD,
    NOTE_FIELD,
    PLACE,
    PRECISION_FIELD,
    PROSE,
    ROLE,
    SOURCE_FIELD,
    SOURCE_NEEDED,
    STARTS_ON,
    STATE,
    THEME,
    TITLE_FIELD,
    many,
    may,
    need,
)

SOURCE = Kind(
    phrase(N_("source")),
    (
        KEY_FIELD,
        need("title", Text(LONG_LINE)),
        many("authors", Text(150)),
        may("publisher", LINE),
        may("published", scalars.part_date),
        may("url", scalars.url),
        NOTE_FIELD,
    ),
    values.Source,
    unique=("key",),
)


def planned(*, from_needed: bool) -> tuple[Field, Field, Field]:
    """What is in the plan from the plan's day on; what the record adds names its own day."""
    if from_needed:
        return (need("from", scalars.day, into="exists_from"), SOURCE_NEEDED, NOTE_FIELD)
    return (FROM_FIELD, SOURCE_FIELD, NOTE_FIELD)


def priority(*, from_needed: bool) -> Kind:
    return Kind(
        phrase(N_("priority")),
        (
            KEY_FIELD,
            TITLE_FIELD,
            need("theme", THEME),
            need("horizon", HORIZON),
            may("question", scalars.key, names="questions"),
            many("functions", scalars.key, names="functions"),
            need("basis", BASIS),
            *planned(from_needed=from_needed),
        ),
        values.Priority,
        rules=(rules.depends_on_each_once,),
        unique=("key",),
    )


def deadline(*, from_needed: bool) -> Kind:
    return Kind(
        phrase(N_("deadline")),
        (
            KEY_FIELD,
            TITLE_FIELD,
            need("kind", DEADLINE_KIND),
            STARTS_ON,
            ENDS_ON,
            PRECISION_FIELD,
            may("place", PLACE),
            HOST_FIELD,
            may("public", scalars.truth),
            *planned(from_needed=from_needed),
        ),
        values.Deadline,
        rules=(rules.span_of_days,),
        unique=("key",),
    )


def deliverable(*, from_needed: bool) -> Kind:
    return Kind(
        phrase(N_("deliverable")),
        (
            KEY_FIELD,
            TITLE_FIELD,
            need("kind", DELIVERABLE_KIND),
            need("priority", scalars.key, names="priorities"),
            may("deadline", scalars.key, names="deadlines"),
            may("due_on", scalars.day),
            many("depends_on", scalars.key, names="deliverables"),
            need("basis", BASIS),
            *planned(from_needed=from_needed),
        ),
        values.Deliverable,
        rules=(rules.one_due_day, rules.depends_on_each_once),
        unique=("key",),
    )


FUNDING = Kind(
    phrase(N_("funding")),
    (need("text", Text(LONG_LINE)), may("usd_per_year", scalars.amount)),
    values.Funding,
)

INSTITUTE_FIELDS = (
    may("name", LINE),
    may("host", LINE),
    may("established", scalars.part_date),
    may("announced_only", scalars.truth),
    may("staff", LINE),
    may("funding", FUNDING),
)

ASSIGNED_FIELDS = (
    DELIVERABLE_FIELD,
    MEMBER_FIELD,
    need("role", ROLE),
    need("state", STATE),
    may("why", PROSE),
)
ONE_A_DAY = ("deliverable", "member", "effective_on")

HEAD_FIELDS = (
    need("format", LINE),
    need("version", Whole(1, 1)),
    need("as_of", scalars.day),
    many("sources", SOURCE),
    may("marking", EnumOf(Marking)),
)
