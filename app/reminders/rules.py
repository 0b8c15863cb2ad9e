"""Who is told what, and when: from what stands, the log of what was told, and the day.

Nothing here asks whether today is the day of a reminder. It asks which reminder is the latest that
should have gone, and whether the log has it: so a run that was missed loses nothing, what it missed
comes as one and not as five, and a second run repeats nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeGuard

from app.core.markings import Marking
from app.notices.rules import Telling, Topic

LONGEST = 365
MOST_STEPS = 10


class Kind(StrEnum):
    DUE = "due"
    STALE = "stale"
    QUESTION = "question"
    REPORT = "report"
    REPORT_DUE = "report_due"
    PART = "part"
    ACTION = "action"
    ACTION_DUE = "action_due"
    AGENDA = "agenda"
    DECISION = "decision"
    DECISION_CLOSES = "decision_closes"


TOPICS: Mapping[Kind, Topic] = {
    Kind.DUE: Topic.DUE,
    Kind.STALE: Topic.STALE,
    Kind.QUESTION: Topic.ASKED,
    Kind.REPORT: Topic.ASKED,
    Kind.REPORT_DUE: Topic.ASKED,
    Kind.PART: Topic.ASKED,
    Kind.ACTION: Topic.ACTIONS,
    Kind.ACTION_DUE: Topic.ACTIONS,
    Kind.AGENDA: Topic.AGENDAS,
    Kind.DECISION: Topic.DECISIONS,
    Kind.DECISION_CLOSES: Topic.DECISIONS,
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`before`: so many days before the day (0: on it). Once it has passed, every `every` days, at
    most `most` times. `forget`: nothing is told that many days after it, as of what was only to be
    told once."""

    before: tuple[int, ...] = ()
    every: int = 7
    most: int = 0
    forget: int | None = None


ONCE = Rhythm(before=(0,), forget=7)
"""When it is new. What was asked longer ago is no news: an import of the past mails nobody."""
WHILE_OPEN = Rhythm(before=(0,))
CLOSING = Rhythm(before=(3, 1))
REPORTING = Rhythm(before=(2, 0), every=7, most=1)
SILENCE = Rhythm(before=(0,), every=14, most=2)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a network chose about due dates."""

    days_before: tuple[int, ...] = (30, 14, 7, 1, 0)
    late_every: int = 7
    late_most: int = 4

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.days_before, self.late_every, self.late_most)

    @classmethod
    def from_mapping(cls, given: Mapping[str, object]) -> "Settings":
        """Raises BadSettings, naming the field."""
        known = {field.name for field in fields(cls)}
        days = given.get("days_before", list(cls().days_before))
        every = given.get("late_every", cls().late_every)
        most = given.get("late_most", cls().late_most)
        if set(given) - known or not _are_days(days):
            raise BadSettings("days_before")
        if not _is_number(every) or every < 1:
            raise BadSettings("late_every")
        if not _is_number(most) or most > MOST_STEPS:
            raise BadSettings("late_most")
        return cls(tuple(sorted(set(days), reverse=True)), every, most)


class BadSettings(ValueError):
    """`args[0]` is the field."""


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST


def _are_days(value: object) -> TypeGuard[Collection[int]]:
    if not isinstance(value, list | tuple) or len(value) > MOST_STEPS:
        return False
    return all(_is_number(each) for each in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that a reader may have to be told. `about` names it for good; `on` is the day that
    counts, `anchor` what makes it another occasion, if that is not the day. The rest is for words:
    none of it is kept."""

    kind: Kind
    about: str
    on: date
    rhythm: Rhythm
    anchor: str = ""
    title: str = ""
    note: str = ""
    path: str = ""
    marking: Marking = Marking.GREEN
    until: Any = None
    by: str = ""
    edits: str = ""
    """The page on which the reader answers it, where that is another than `path`."""

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.about}:{self.anchor or self.on.isoformat()}"


@dataclass(frozen=True, slots=True)
class Day:
    """`day` is today; what is due is late once `dueness` is past it: when its day is over
    anywhere on Earth."""

    day: date
    dueness: date


def step(rhythm: Rhythm, on: date, today: Day) -> str:
    """The latest reminder that should have gone by now. Empty: none yet, or none any more."""
    days_left, days_late = (on - today.day).days, (today.dueness - on).days
    if days_late > 0 and rhythm.most > 0:
        return f"late-{min((days_late - 1) // rhythm.every + 1, rhythm.most)}"
    if rhythm.forget is not None and -days_left > rhythm.forget:
        return ""
    reached = [days for days in rhythm.before if days >= days_left]
    return f"before-{min(reached)}" if reached else ""


def to_tell(things: Iterable[Thing], log: Collection[str], today: Day) -> list[Telling]:
    """What the log does not have yet."""
    found = []
    for thing in things:
        at = step(thing.rhythm, thing.on, today)
        occasion = f"{thing.name}:{at}"
        if at and occasion not in log:
            found.append(Telling(occasion, TOPICS[thing.kind], thing.name))
    return found


def digest_of(day: date) -> str:
    """The occasion of the weekly digest: one for each week, whichever day of it a run first gets
    to it."""
    year, week, _weekday = day.isocalendar()
    return f"digest:{year}-W{week:02}"
