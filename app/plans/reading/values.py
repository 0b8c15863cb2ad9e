"""What plan and record files say, checked and typed. Empty text: not said."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.days import Precision


@dataclass(frozen=True, slots=True)
class PartDate:
    """A date as far as it is known: the text of the file, and a day of that month or year."""

    text: str
    day: date
    precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where it stands."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited(Placed):
    source: str | None = None
    """Key of a source; an entry of the plan that names none has the network's."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Cited):
    exists_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged(Cited):
    """An entry of the record."""

    effective_on: date
    """The day from which it counts; of a month or year written alone, its last day."""
    precision: Precision = Precision.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Head(Placed):
    """What a file says about itself."""

    as_of: date
    plan: str = ""
    """In a record: the name of the plan file on top of which it is logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(Planned):
    name: str
    short_name: str = ""
    founding_document: str = ""
    founded_on: date
    decision_rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Placed):
    key: str
    title: str
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: PartDate | None = None
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding(Placed):
    text: str
    usd_per_year: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Institute(Placed):
    name: str = ""
    host: str = ""
    established: PartDate | None = None
    announced_only: bool = False
    staff: str = ""
    funding: Funding | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Planned):
    code: str
    name: str
    status: str
    joined_on: date | None = None
    zone: str
    institute: Institute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Planned):
    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFunction(Planned):
    member: str
    function: str
    level: str
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority(Planned):
    key: str
    title: str
    theme: str
    horizon: str
    question: str | None = None
    functions: tuple[str, ...] = ()
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Planned):
    key: str
    title: str
    kind: str
    starts_on: date
    ends_on: date | None = None
    precision: Precision = Precision.DAY
    place: str = ""
    host: str | None = None
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable(Planned):
    key: str
    title: str
    kind: str
    priority: str
    deadline: str | None = None
    due_on: date | None = None
    depends_on: tuple[str, ...] = ()
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Logged):
    """In a plan it counts from the day of the plan, or that of a deliverable that comes later."""

    deliverable: str
    member: str
    role: str
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingSeries(Planned):
    key: str
    title: str
    recurrence: str
    starts_on: date
    zone: str | None = None
    duration_minutes: int
    days: int = 1
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism(Planned):
    key: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Planned):
    key: str
    theme: str
    status: str
    title: str
    recommendation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement(Placed):
    relation: str
    about: str = ""
    deliverable: str | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Planned):
    key: str
    name: str
    engagements: tuple[Engagement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Planned):
    """An entry of the timeline."""

    starts_on: date
    precision: Precision = Precision.DAY
    ends_on: date | None = None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Logged):
    deliverable: str
    status: str
    health: str | None = None
    progress: int | None = None
    blocker: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution(Logged):
    member: str
    kind: str
    amount: Decimal | None = None
    unit: str = ""
    currency: str = ""
    about: str
    deliverable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(Cited):
    series: str
    starts_on: date
    ends_on: date | None = None
    precision: Precision = Precision.DAY
    place: str = ""
    host: str | None = None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leadership(Logged):
    member: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming(Logged):
    what: str
    """network or institute."""
    member: str | None = None
    """Whose institute."""
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstituteChange(Logged):
    """What became of a member's institute. None and empty text: as before."""

    member: str
    name: str = ""
    host: str = ""
    established: PartDate | None = None
    announced_only: bool | None = None
    staff: str = ""
    funding: Funding | None = None
