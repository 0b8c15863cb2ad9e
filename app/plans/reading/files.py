"""From one path to its entries, with the days and sources that a file leaves to its head."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.plans.reading.document import read_document
from app.plans.reading.entries import Entry, EntryReader, Reference
from app.plans.reading.faults import N_, Report, TooManyFaults, phrase, shown
from app.plans.reading.nodes import Broken, Mapping, Node, Scalar
from app.plans.reading.scalars import one_of
from app.plans.reading.schema import FORMATS, PLAN_FORMAT, RECORD_FORMAT, VERSION


@dataclass(slots=True)
class FileRead:
    file: str
    format: str = ""
    root: Entry | None = None
    """None when the file could not be read to its end."""
    references: list[Reference] = field(default_factory=list)

    @property
    def is_plan(self) -> bool:
        return self.format == PLAN_FORMAT

    @property
    def is_record(self) -> bool:
        return self.format == RECORD_FORMAT

    def sections(self) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """Each section with its entries; what a record adds comes under the plan's names."""
        if self.root:
            roots = (*self.root.entries("added"), self.root)
            for root in roots:
                for each in root.kind.fields:
                    if each.many:
                        yield each.name, root.entries(each.name)


def read_file(path: Path, report: Report) -> FileRead:
    read = FileRead(str(path))
    try:
        root = read_document(path, report)
        if root is not None and _has_known_head(read, root, report):
            reader = EntryReader(read.file, report)
            read.root = reader.read(FORMATS[read.format], root)
            read.references = reader.references
    except TooManyFaults:
        read.root = None
    if read.root is not None and read.is_plan:
        _settle_plan(read.root)
    return read


def _has_known_head(read: FileRead, root: Node, report: Report) -> bool:
    if isinstance(root, Broken):
        return False
    if not isinstance(root, Mapping):
        says = phrase(N_("The file is not made of fields with values."))
        report.add(read.file, root.line, says, phrase(N_("“format: network-plan” and sections")))
        return False
    read.format = _format(read.file, root, report)
    return bool(read.format) and _is_version_known(read.file, root, report)


def _format(file: str, root: Mapping, report: Report) -> str:
    line, node = root.pairs.get("format", (root.line, None))
    if isinstance(node, Scalar) and node.text in FORMATS:
        return node.text
    if node is None:
        says = phrase(N_("The file does not say which format it has."))
        written = ""
    else:
        written = node.text if isinstance(node, Scalar) else ""
        says = phrase(N_("The file's format is “%(value)s”."), value=shown(written))
    report.add(file, line, says, one_of(written, tuple(FORMATS)))
    return ""


def _is_version_known(file: str, root: Mapping, report: Report) -> bool:
    line, node = root.pairs.get("version", (root.line, None))
    if isinstance(node, Scalar) and node.plain and node.text == str(VERSION):
        return True
    if node is None:
        says = phrase(N_("The file does not say which version of the format it has."))
    else:
        written = node.text if isinstance(node, Scalar) else ""
        says = phrase(N_("The version of the format is “%(value)s”."), value=shown(written))
    report.add(file, line, says, phrase(N_("version: %(version)s"), version=VERSION))
    return False


def _settle_plan(root: Entry) -> None:
    as_of, source = root.day("as_of"), _default_source(root)
    for each in root.kind.fields:
        for entry in root.entries(each.name):
            if source and "source" in entry.kind.by_name:
                entry.values.setdefault("source", source)
            _settle_day(each.name, entry, as_of)
    deliverables = {entry.text("key"): entry for entry in root.entries("deliverables")}
    for entry in root.entries("assignments"):
        deliverable = deliverables.get(entry.text("deliverable"))
        since = deliverable.day("exists_from") if deliverable else None
        days = [day for day in (as_of, since) if day]
        if days:
            entry.values.setdefault("effective_on", max(days))


def _settle_day(section: str, entry: Entry, as_of: date | None) -> None:
    if not entry.kind.has_day:
        return
    # A malformed day was reported; standing in for it keeps that fault from causing others.
    since = entry.day("joined_on") if section == "members" else None
    if since or as_of:
        entry.values.setdefault("exists_from", since or as_of)


def _default_source(root: Entry) -> str | None:
    """What the network as a whole is cited from, else the plan's only source."""
    for network in root.entries("network"):
        if named := network.text("source"):
            return named
    sources = root.entries("sources")
    return sources[0].text("key") if len(sources) == 1 else None
