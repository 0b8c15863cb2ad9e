"""All that the files say, once nothing is wrong with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from app.plans.reading.entries import Entry
from app.plans.reading.files import FileRead
from app.plans.reading.rows import Row
from app.plans.reading.scalars import NoSource
from app.plans.reading.values import (
    Assignment,
    Body,
    Contribution,
    Deadline,
    Deliverable,
    Event,
    Function,
    Head,
    InstituteChange,
    Leadership,
    Mechanism,
    Meeting,
    MeetingSeries,
    Member,
    MemberFunction,
    Network,
    Priority,
    Question,
    Renaming,
    Source,
    Update,
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Every section of the files; those of the same name in plan and record are one.

    What the plan holds comes first, then each record in the order given, whatever the order
    of the files. Entries of the record that count from a day are in the order of those days.
    """

    plan: Head | None = None
    records: tuple[Head, ...] = ()
    network: Network | None = None
    sources: tuple[Source, ...] = ()
    members: tuple[Member, ...] = ()
    functions: tuple[Function, ...] = ()
    member_functions: tuple[MemberFunction, ...] = ()
    priorities: tuple[Priority, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    meeting_series: tuple[MeetingSeries, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    questions: tuple[Question, ...] = ()
    bodies: tuple[Body, ...] = ()
    timeline: tuple[Event, ...] = ()
    updates: tuple[Update, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    leadership: tuple[Leadership, ...] = ()
    renamed: tuple[Renaming, ...] = ()
    institutes: tuple[InstituteChange, ...] = ()
    rows: tuple[Row, ...] = ()


def build(files: Sequence[FileRead]) -> Bundle:
    ordered = sorted(files, key=lambda read: not read.is_plan)
    sections: dict[str, list[Any]] = {}
    for read in ordered:
        for section, entries in read.sections():
            sections.setdefault(section, []).extend(_value(entry) for entry in entries)
    return Bundle(
        plan=next((_head(read) for read in ordered if read.is_plan), None),
        records=tuple(_head(read) for read in ordered if read.is_record),
        network=next(_networks(ordered), None),
        rows=tuple(row for read in ordered for row in _rows(read)),
        **{section: _in_order(found) for section, found in sections.items()},
    )


def _networks(files: Iterable[FileRead]) -> Any:
    for read in files:
        if read.root:
            yield from (_value(entry) for entry in read.root.entries("network"))


def _rows(read: FileRead) -> tuple[Row, ...]:
    found = read.root.values.get("rows", ()) if read.root else ()
    return found if isinstance(found, tuple) else ()


def _head(read: FileRead) -> Head:
    assert read.root is not None  # noqa: S101 - only files without a fault are built
    as_of = read.root.values["as_of"]
    assert isinstance(as_of, date)  # noqa: S101 - the same
    return Head(file=read.file, line=read.root.line, as_of=as_of, plan=read.root.text("plan") or "")


def _in_order(found: list[Value]) -> tuple[Value, ...]:
    if found and hasattr(found[0], "effective_on"):
        return tuple(sorted(found, key=lambda value: value.effective_on))  # type: ignore[attr-defined]
    return tuple(found)


def _value(entry: Entry) -> Any:
    """The schema's fields are the value's attributes: a test holds the two together."""
    assert entry.kind.value is not None  # noqa: S101 - the entry stands in a section
    attributes = {name: _plain(value) for name, value in entry.values.items()}
    return entry.kind.value(file=entry.file, line=entry.line, **attributes)


def _plain(value: object) -> object:
    if isinstance(value, Entry):
        return _value(value)
    if isinstance(value, NoSource):
        return None
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    return value
