"""How often somebody wants to be told, when a digest goes out, and when sending is tried again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo


class Topic(StrEnum):
    """What an account can choose about. ACCOUNT is what it asked for itself: its own links."""

    DUE = "due"
    STALE = "stale"
    ASKED = "asked"
    ACTIONS = "actions"
    AGENDAS = "agendas"
    DECISIONS = "decisions"
    DIGEST = "digest"
    ACCOUNT = "account"


class Cadence(StrEnum):
    IMMEDIATELY = "immediately"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Happening(StrEnum):
    """What a change can tell: a webhook by name, the mails by a look at what now stands."""

    UPDATE_LOGGED = "update.logged"
    DATE_MOVED = "date.moved"
    PART_CHANGED = "part.changed"
    QUESTION_ASKED = "question.asked"
    REPORTS_ASKED = "reports.asked"
    ACTION_ASSIGNED = "action.assigned"
    AGENDA_PUBLISHED = "agenda.published"
    MINUTES_PUBLISHED = "minutes.published"
    DECISION_OPENED = "decision.opened"
    DECISION_CLOSED = "decision.closed"


CHOICES = tuple(topic for topic in Topic if topic is not Topic.ACCOUNT)
OPEN_TO: dict[Topic, tuple[Cadence, ...]] = {
    Topic.DIGEST: (Cadence.WEEKLY, Cadence.NEVER),
}
USUAL: dict[Topic, Cadence] = {
    Topic.STALE: Cadence.WEEKLY,
    Topic.DIGEST: Cadence.WEEKLY,
}
MORNING = time(7)
"""Digests go out then, in the reader's zone."""
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""How long to wait after each failure in a row; after one more it is given up."""
STUCK_AFTER = timedelta(hours=1)
"""What should have gone out so long ago, and did not, says that nobody sends."""


def usual(topic: Topic) -> Cadence:
    return USUAL.get(topic, Cadence.IMMEDIATELY)


def open_to(topic: Topic) -> tuple[Cadence, ...]:
    return OPEN_TO.get(topic, tuple(Cadence))


@dataclass(frozen=True, slots=True)
class Departure:
    """When something may go. `digest` names the mail in which everything for then is told
    together; empty: it goes by itself."""

    after: datetime
    digest: str


def departure(cadence: Cadence, now: datetime, zone: ZoneInfo) -> Departure | None:
    """None: not at all."""
    if cadence is Cadence.NEVER:
        return None
    if cadence is Cadence.IMMEDIATELY:
        return Departure(now, "")
    is_daily = cadence is Cadence.DAILY
    day = _next_morning(now, zone, None if is_daily else 0)
    after = datetime.combine(day, MORNING, zone).astimezone(UTC)
    return Departure(after, f"{cadence}:{day.isoformat()}")


def _next_morning(now: datetime, zone: ZoneInfo, weekday: int | None) -> date:
    """The first day on which the morning is still ahead; of that weekday (0: Monday), if given."""
    local = now.astimezone(zone)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    while weekday is not None and day.weekday() != weekday:
        day += timedelta(days=1)
    return day


AWAY_STEP = 3
"""While the server itself is away, waiting grows no further than this step of BACKOFF."""


def retry_at(failures: int, now: datetime) -> datetime | None:
    """When to try again after so many failures in a row; None: not any more."""
    return now + BACKOFF[failures - 1] if failures <= len(BACKOFF) else None


def retry_where_away(failures: int, now: datetime) -> tuple[int, datetime]:
    """What a failure counts, and when to try again, where no server was reached: that is not the
    mail's fault, and nothing was taken. However long it lasts, nothing is given up, and what
    waited goes out soon after."""
    step = min(failures + 1, AWAY_STEP)
    return max(failures, step), now + BACKOFF[step - 1]


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to tell. `occasion` is what it is told for: nobody is told twice for the same."""

    occasion: str
    topic: Topic
    thing: str
    facts: Mapping[str, Any] = field(default_factory=dict)
