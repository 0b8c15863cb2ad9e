"""What an agenda says, as it is frozen when it is published: the same agenda is the same text."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from app.agendas.rules.schedule import ItemKind
from app.core.days import Precision
from app.core.markdown import site_links
from app.core.markings import Marking

FORMAT = "agenda/1"
DELIVERABLE_PAGE = "/deliverables/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentItem:
    """The ids are for asking again who may see it; no export shows them."""

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

    @property
    def mentions(self) -> tuple[str, ...]:
        """The keys of the deliverables to which its note links."""
        return mentioned(self.note)


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
    if given.pop("format") != FORMAT:
        raise ValueError("this agenda was frozen by a later version of the program")
    starts_at, ends_on = given["starts_at"], given["ends_on"]
    return Content(
        **{
            **given,
            "starts_on": date.fromisoformat(given["starts_on"]),
            "ends_on": date.fromisoformat(ends_on) if ends_on else None,
            "precision": Precision(given["precision"]),
            "starts_at": datetime.fromisoformat(starts_at) if starts_at else None,
            "items": tuple(_thawed_item(item) for item in given["items"]),
        }
    )


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def total_minutes(items: Sequence[ContentItem]) -> int:
    """Of what is dealt with in the meeting itself."""
    return sum(item.minutes for item in items if not item.in_writing)


def _thawed_item(given: dict[str, Any]) -> ContentItem:
    kind, marking = ItemKind(given["kind"]), Marking(given["marking"])
    return ContentItem(**{**given, "kind": kind, "marking": marking})
