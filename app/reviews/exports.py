"""Reviews of deadlines as data and as an event of a calendar."""

from dataclasses import asdict
from typing import Any

from app.core.icalendar import Calendar, Event
from app.documents.data import plain
from app.documents.schemas import address
from app.reviews.rules.content import ReviewContent

DATA_FORMAT = "review-1"
NEVER_SHOWN = frozenset({"id", "deliverable_id", "review_id", "version"})


def data(content: ReviewContent) -> dict[str, Any]:
    """As its JSON Schema has it."""
    shown = asdict(content)
    shown["counts"]["by_status"] = dict(content.counts.by_status)
    found = {
        "format": DATA_FORMAT,
        "schema": address(DATA_FORMAT),
        "marking": content.marking,
        **shown,
    }
    known: dict[str, Any] = plain(found, NEVER_SHOWN)
    return known


def calendar(
    content: ReviewContent, title: str, words: str, review_id: int, *, origin: str, address: str
) -> Calendar | None:
    """The day whose state it looked at. None while it is open."""
    if content.closed_at is None:
        return None
    event = Event(
        uid=f"review-{review_id}@{origin}",
        sequence=0,
        changed_at=content.closed_at,
        summary=title,
        starts=content.heading.held_on,
        ends=content.heading.held_on,
        description="\n".join(part for part in (words, address) if part),
        url=address,
        takes_time=False,
    )
    return Calendar(events=(event,), name=title)
