"""Agendas and minutes as data and as an event of a calendar."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.agendas.rules.content import Content, ContentItem
from app.core.days import Precision
from app.core.icalendar import Calendar, Event, Moment
from app.core.markings import Marking, highest
from app.documents.data import plain
from app.documents.schemas import address

DATA_FORMAT = {"agenda": "agenda-1", "minutes": "minutes-1"}
NEVER_SHOWN = frozenset(
    {
        "audience_id",
        "deliverable_id",
        "decision_id",
        "action_id",
        "item_id",
        "paper",
        "about",
        "publications",
    }
)
OF_MINUTES = frozenset(
    {
        "was_reached",
        "spent_minutes",
        "outcome",
        "outcome_text",
        "actions",
        "attendance",
        "opened_at",
        "closed_at",
    }
)
DEFAULT_MINUTES = 60
"""How long an event takes of which nobody said how long it takes."""


def exportable(content: Content) -> Content:
    """Without what is for the screen only."""
    kept = (item for item in content.items if item.marking is not Marking.RED)
    return replace(content, items=tuple(_exportable_item(item) for item in kept))


def _exportable_item(item: ContentItem) -> ContentItem:
    actions = tuple(action for action in item.actions if action.marking is not Marking.RED)
    return replace(item, actions=actions) if actions != item.actions else item


def marking_of(content: Content) -> Marking:
    """The highest in it."""
    markings = [item.marking for item in content.items]
    markings += [action.marking for item in content.items for action in item.actions]
    return highest(markings, default=Marking.GREEN)


def data(content: Content) -> dict[str, Any]:
    """As its JSON Schema has it."""
    name = DATA_FORMAT[content.paper]
    about = content.about
    found = {
        "format": name,
        "schema": address(name),
        "marking": marking_of(content),
        **asdict(content),
        "meeting_key": about.key if about else "",
        "link": about.link if about else "",
        "zones": [asdict(zone) for zone in about.zones] if about else [],
    }
    hidden = NEVER_SHOWN if content.is_minutes else NEVER_SHOWN | OF_MINUTES
    known: dict[str, Any] = plain(found, hidden)
    return known


def calendar(content: Content, words: str, *, origin: str, address: str) -> Calendar | None:
    """The meeting with its agenda or minutes in `words`. None for a draft and where no day is
    known. `origin` sets apart what other installations call by the same key."""
    about, published_at = content.about, content.published_at
    is_on_a_day = content.precision is Precision.DAY
    if about is None or published_at is None or content.number is None or not is_on_a_day:
        return None
    starts, ends = _span(content, about.duration_minutes)
    event = Event(
        uid=meeting_uid(about.key, origin),
        sequence=about.version + content.publications,
        changed_at=published_at,
        summary=content.meeting,
        starts=starts,
        ends=ends,
        description="\n".join(part for part in (words, about.link, address) if part),
        location=content.place or about.link,
        url=address,
    )
    return Calendar(events=(event,), name=content.meeting)


def meeting_uid(key: str, origin: str) -> str:
    return f"meeting-{key}@{origin}"


def _span(content: Content, minutes: int | None) -> tuple[Moment, Moment]:
    ends_on = content.ends_on or content.starts_on
    if content.starts_at is None:
        return content.starts_on, ends_on
    days = (ends_on - content.starts_on).days + 1
    return content.starts_at, end_of(content.starts_at, content.zone, minutes, days)


def end_of(starts_at: datetime, zone: str, minutes: int | None, days: int) -> datetime:
    """On the last day, by the clock there: each day begins at the same hour and has its share of
    the minutes."""
    begins = starts_at.astimezone(ZoneInfo(zone)) + timedelta(days=days - 1)
    share = timedelta(minutes=(minutes or DEFAULT_MINUTES * days) / days)
    return begins.astimezone(UTC) + share
