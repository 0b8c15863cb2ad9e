"""What an agenda or minutes say, as they are frozen when they are published: the same content is
the same text."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.agendas.rules.meeting_facts import MeetingFacts, facts_from
from app.agendas.rules.outcomes import ActionState, Outcome
from app.agendas.rules.schedule import ItemKind
from app.core.days import Precision
from app.core.markdown import site_links
from app.core.markings import Marking
from app.meetings.rules.attendance import Presence

FORMAT = "agenda/2"
FORMER_FORMAT = "agenda/1"
"""Knew agendas only, and of an item neither its number nor links."""
DELIVERABLE_PAGE = "/deliverables/"


class Paper(StrEnum):
    AGENDA = "agenda"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class ContentLink:
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentAction:
    """What the meeting asked a member to do, in minutes."""

    action_id: int
    member_code: str
    member_name: str
    task: str
    due_on: date | None
    state: ActionState
    marking: Marking
    audience_id: int | None


@dataclass(frozen=True, slots=True)
class ContentAttendance:
    member_code: str
    member_name: str
    presence: Presence
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentItem:
    """The ids are for asking again who may see it, and for telling an item apart from others in
    the next version; no export shows them. What comes after `links` is of minutes."""

    kind: ItemKind
    title: str
    note: str
    minutes: int
    in_writing: bool
    presenter: str
    member_code: str
    member_name: str
    marking: Marking
    audience_id: int | None
    deliverable_id: int | None
    decision_id: int | None
    action_id: int | None
    item_id: int | None = None
    links: tuple[ContentLink, ...] = ()
    was_reached: bool = False
    """An item for which the meeting had no time was not."""
    spent_minutes: int | None = None
    outcome: Outcome | None = None
    outcome_text: str = ""
    """Markdown."""
    actions: tuple[ContentAction, ...] = ()

    @property
    def mentions(self) -> tuple[str, ...]:
        """The keys of the deliverables to which its texts link."""
        return (*mentioned(self.note), *mentioned(self.outcome_text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`number` is None for a draft; `language` is the one in which its texts are written."""

    number: int | None
    language: str
    network: str
    meeting: str
    starts_on: date
    ends_on: date | None
    precision: Precision
    starts_at: datetime | None
    zone: str
    place: str
    host_code: str
    host_name: str
    length: int
    items: tuple[ContentItem, ...]
    paper: Paper = Paper.AGENDA
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    attendance: tuple[ContentAttendance, ...] = ()
    about: MeetingFacts | None = None
    published_at: datetime | None = None
    """This and what follows stand beside the frozen text, not in it."""
    publications: int = 0
    """How many agendas and minutes of the meeting had been published by then, this one included."""

    @property
    def is_minutes(self) -> bool:
        return self.paper is Paper.MINUTES


def mentioned(note: str) -> tuple[str, ...]:
    pages = (link for link in site_links(note) if link.startswith(DELIVERABLE_PAGE))
    return tuple(page.removeprefix(DELIVERABLE_PAGE).split("?")[0].split("#")[0] for page in pages)


def frozen(content: Content) -> str:
    """Canonical JSON."""
    return json.dumps(
        {"format": FORMAT, **asdict(content)},
        default=lambda value: value.isoformat(),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def thawed(text: str) -> Content:
    given: dict[str, Any] = json.loads(text)
    if given.pop("format") not in {FORMAT, FORMER_FORMAT}:
        raise ValueError("this agenda was frozen by a later version of the program")
    return Content(
        **{
            **given,
            "starts_on": date.fromisoformat(given["starts_on"]),
            "ends_on": _day(given["ends_on"]),
            "precision": Precision(given["precision"]),
            "items": tuple(_thawed_item(item) for item in given["items"]),
            "about": facts_from(given.get("about")),
            "paper": Paper(given.get("paper", Paper.AGENDA)),
            "attendance": tuple(_attendance(line) for line in given.get("attendance", ())),
            **{name: _instant(given.get(name)) for name in _INSTANTS},
        }
    )


_INSTANTS = ("starts_at", "opened_at", "closed_at", "published_at")


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def total_minutes(items: Sequence[ContentItem]) -> int:
    """Of what is dealt with in the meeting itself."""
    return sum(item.minutes for item in items if not item.in_writing)


def _thawed_item(given: Mapping[str, Any]) -> ContentItem:
    outcome = given.get("outcome")
    return ContentItem(
        **{
            **given,
            "kind": ItemKind(given["kind"]),
            "marking": Marking(given["marking"]),
            "links": tuple(ContentLink(**link) for link in given.get("links", ())),
            "outcome": Outcome(outcome) if outcome else None,
            "actions": tuple(_action(action) for action in given.get("actions", ())),
        }
    )


def _action(given: Mapping[str, Any]) -> ContentAction:
    return ContentAction(
        **{
            **given,
            "due_on": _day(given["due_on"]),
            "state": ActionState(given["state"]),
            "marking": Marking(given["marking"]),
        }
    )


def _attendance(given: Mapping[str, Any]) -> ContentAttendance:
    return ContentAttendance(**{**given, "presence": Presence(given["presence"])})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
