"""Words and fields that several kinds of entries share."""

from app.core.days import Precision
from app.deliverables.rules.moves import Health, Status
from app.plans.reading import scalars
from app.plans.reading.entries import Field, Kind
from app.plans.reading.scalars import EnumOf, OneOf, Reader, Text

BASIS = OneOf(("stated", "proposed"))
THEME = OneOf(("goals", "mechanisms", "strategy"))
HORIZON = OneOf(("near", "medium", "long"))
DECISION_RULE = OneOf(("consensus", "opt-in"))
MEMBER_STATUS = OneOf(("prospective", "observer", "partner", "member", "former"))
LEVEL = OneOf(("none", "likely", "stated", "operational"))
DEADLINE_KIND = OneOf(("convening", "summit", "external", "internal"))
DELIVERABLE_KIND = OneOf(
    ("statement", "agenda", "catalogue", "method", "tool", "guideline", "event", "arrangement")
)
ROLE = OneOf(("lead", "contributor", "reviewer"))
STATE = OneOf(("proposed", "accepted", "declined", "ended"))
QUESTION_STATUS = OneOf(("open", "under discussion", "decided"))
RELATION = OneOf(("supplies expertise to", "avoids duplicating", "candidate partner"))
CONTRIBUTION_KIND = OneOf(("staff_time", "money", "compute", "expertise", "hosting"))
MEETING_STATUS = OneOf(("planned", "held", "cancelled"))
RENAMED = OneOf(("network", "institute"))
STATUS = EnumOf(Status)
HEALTH = EnumOf(Health)

LINE, PROSE = Text(), Text(scalars.PROSE)
PLACE = Text(200)


def need(name: str, takes: Reader | Kind, *, names: str = "", into: str = "") -> Field:
    return Field(name, takes, required=True, names=names, into=into)


def may(name: str, takes: Reader | Kind, *, names: str = "", into: str = "") -> Field:
    return Field(name, takes, names=names, into=into)


def many(name: str, takes: Reader | Kind, *, names: str = "") -> Field:
    return Field(name, takes, many=True, names=names)


KEY_FIELD = need("key", scalars.key)
TITLE_FIELD = need("title", LINE)
NOTE_FIELD = may("note", PROSE)
SOURCE_FIELD = may("source", scalars.source, names="sources")
SOURCE_NEEDED = need("source", scalars.source, names="sources")
MEMBER_FIELD = need("member", scalars.member_code, names="members")
HOST_FIELD = may("host", scalars.member_code, names="members")
DELIVERABLE_FIELD = need("deliverable", scalars.key, names="deliverables")
FROM_FIELD = may("from", scalars.day, into="exists_from")
STARTS_ON = need("starts_on", scalars.part_date)
ENDS_ON = may("ends_on", scalars.day)
PRECISION_FIELD = may("precision", EnumOf(Precision))

LOGGED_FIELDS = (
    need("date", scalars.counting_date, into="effective_on"),
    PRECISION_FIELD,
    SOURCE_NEEDED,
    NOTE_FIELD,
)
