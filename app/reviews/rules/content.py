"""What a review shows: the same for the screen, for print and for keeping.

Sentences are in the language of whoever it was made for; everything else is facts.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.core.days import Precision
from app.core.markings import Marking, highest
from app.deliverables.rules.moves import Health, Status
from app.reviews.rules.choices import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A member that leads it, or is asked to."""

    code: str
    name: str
    is_accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedFlag:
    """With the sentence that tells the rule and what raised it."""

    flag: str
    severity: str
    sentence: str
    is_muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The update in effect, and how many days old it was."""

    id: int
    effective_on: date
    precision: Precision
    age_days: int
    note: str
    blocker: str
    next_step: str
    by: str
    member_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Another deliverable: something needed, or a link of a chain."""

    key: str
    title: str
    status: Status
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What shows it: a link, or a file, and then `url` is its path on this site."""

    title: str
    url: str

    @property
    def is_file(self) -> bool:
        return self.url.startswith("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`answered_on`: the question that was asked was answered by an update of that day."""

    choice: Choice
    reason: str
    version: int
    by: str
    at: datetime
    new_due_on: date | None = None
    new_deadline_key: str = ""
    new_deadline_title: str = ""
    evidence: Shown | None = None
    answered_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the last review that was closed had for it."""

    review_id: int
    held_on: date
    status: Status
    health: Health | None
    choice: Choice | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One deliverable. The ids are for asking again who may see it; no export shows them."""

    deliverable_id: int
    key: str
    title: str
    marking: Marking
    need: str
    status: Status
    health: Health | None
    progress: int | None
    due_on: date | None
    due_precision: Precision
    days_late: int
    leads: tuple[Part, ...]
    flags: tuple[RaisedFlag, ...]
    latest: Latest | None
    needs: tuple[Link, ...]
    chain: tuple[Link, ...]
    earliest_on: date
    slack_days: int | None
    evidence: tuple[Shown, ...]
    before: Before | None
    chosen: Chosen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Over everything due there that the review's reader may see."""

    delivered: int
    total: int
    overdue: int
    by_status: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a review saw of its deadline."""

    language: str
    network: str
    deadline_key: str
    deadline_title: str
    starts_on: date
    ends_on: date | None
    precision: Precision
    place: str
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewContent:
    """A whole review, or a page of one. `entries` come in groups, most pressing first."""

    heading: Heading
    counts: Counts
    entries: tuple[Entry, ...]
    opened_by: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None
    effective_on: date | None = None

    @property
    def marking(self) -> Marking:
        """The narrowest in it."""
        return highest((entry.marking for entry in self.entries), default=Marking.GREEN)

    @property
    def groups(self) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        needs = dict.fromkeys(entry.need for entry in self.entries)
        return tuple((need, tuple(e for e in self.entries if e.need == need)) for need in needs)

    def without_red(self) -> "ReviewContent":
        """For anything that leaves the screen."""
        kept = tuple(entry for entry in self.entries if entry.marking is not Marking.RED)
        return replace(self, entries=kept)
