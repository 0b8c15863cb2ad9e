"""What a document says, whatever it is about and whatever it is written as."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.icalendar import Calendar
from app.core.markings import Marking

A4, LETTER = "a4", "us-letter"
"""The papers on which a document with pages can be had."""


@dataclass(frozen=True, slots=True)
class DocumentItem:
    """`details` are what kind it is, who and how long, in words; `note` is Markdown."""

    title: str
    details: str
    note: str
    marking: Marking


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    items: tuple[DocumentItem, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The first column names the row."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All of it in the language of what it is about; `marking` is the narrowest in it."""

    language: str
    direction: str
    marking: Marking
    network: str
    title: str
    state: str
    """Which number it is, or that it is a draft."""
    is_draft: bool
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...] = ()
    """They follow the sections."""
    contents: str = "Contents"
    """What the table of contents is called."""
    made_at: datetime | None = None
    """When it was published, or closed; none for a draft."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that any format needs. `data` is made of what JSON knows; `calendar` is None for
    what has no place in one: a draft, or what is known to the month only."""

    document: Document
    data: Mapping[str, Any]
    calendar: Calendar | None = None
