"""From nodes to entries: each field read by its own reader, all faults reported, none fatal.

An entry keeps what could be read of it even when a part is at fault, so that the checks across
entries report on the rest in the same run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from app.plans.reading.faults import N_, Phrase, Report, phrase, shown
from app.plans.reading.nodes import Broken, Mapping, Node, Scalar, Sequence, is_null
from app.plans.reading.rows import read_rows
from app.plans.reading.scalars import AS_ROWS, Reader, Unfit, one_of


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    takes: "Reader | Kind"
    required: bool = False
    many: bool = False
    names: str = ""
    """The section whose keys it holds, when it refers to another thing."""
    into: str = ""
    """The attribute of the value, when it has another name than the field."""

    @property
    def attribute(self) -> str:
        return self.into or self.name


@dataclass(frozen=True, slots=True)
class Kind:
    noun: Phrase
    fields: tuple[Field, ...]
    value: type | None = None
    """The class of the finished value; None for what only groups others."""
    rules: "tuple[Rule, ...]" = ()
    unique: tuple[str, ...] = ()
    """Attributes that no two entries may share; keys first of all."""
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.name: each for each in self.fields})

    @property
    def has_day(self) -> bool:
        """Whether it exists from a day."""
        return "exists_from" in getattr(self.value, "__dataclass_fields__", ())

    def requires(self, attribute: str) -> bool:
        """Whether it is there in every entry without a fault."""
        return any(each.required for each in self.fields if each.attribute == attribute)

    def written(self, attribute: str) -> str:
        """The field's name in the file."""
        return next(each.name for each in self.fields if each.attribute == attribute)

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(self.by_name)


@dataclass(slots=True)
class Entry:
    kind: Kind
    file: str
    line: int
    values: dict[str, object] = field(default_factory=dict)
    """By attribute; what was at fault or not given is absent."""
    lines: dict[str, int] | None = None
    """Lines of the attributes that do not stand on the entry's first line."""

    at_fault: frozenset[str] = frozenset()
    """Attributes that were given but could not be read."""

    def has(self, attribute: str) -> bool:
        """Whether it was given at all, well or not."""
        return attribute in self.values or attribute in self.at_fault

    def line_of(self, attribute: str) -> int:
        return (self.lines or {}).get(attribute, self.line)

    def text(self, attribute: str) -> str | None:
        value = self.values.get(attribute)
        return value if isinstance(value, str) else None

    def day(self, attribute: str) -> date | None:
        value = self.values.get(attribute)
        return value if isinstance(value, date) else None

    def entries(self, attribute: str) -> "tuple[Entry, ...]":
        value = self.values.get(attribute)
        if isinstance(value, Entry):
            return (value,)
        if isinstance(value, tuple):
            return tuple(item for item in value if isinstance(item, Entry))
        return ()


Rule = Callable[[Entry, Report], None]


@dataclass(slots=True)
class Reference:
    """That an entry names another thing."""

    section: str
    key: str
    attribute: str
    line: int
    entry: Entry
    top: Entry
    """The entry directly in a section: the entry itself, or the one that it is a part of."""


class EntryReader:
    """Reads the entries of one file and notes what they refer to."""

    def __init__(self, file: str, report: Report) -> None:
        self.file, self.report = file, report
        self.references: list[Reference] = []

    def read(self, kind: Kind, node: Node, top: Entry | None = None) -> Entry | None:
        if isinstance(node, Broken):
            return None
        if not isinstance(node, Mapping):
            self._fault(
                node.line,
                phrase(N_("This is no %(kind)s."), kind=kind.noun),
                phrase(N_("fields with values, such as {name: value}")),
            )
            return None
        entry = Entry(kind, self.file, node.line)
        for name, (line, value) in node.pairs.items():
            known = kind.by_name.get(name)
            if known is None:
                self._unknown(kind, name, line)
            else:
                self._field(entry, known, line, value, top or entry)
        self._missing(entry, node)
        for rule in kind.rules:
            rule(entry, self.report)
        return entry

    def _fault(self, line: int, says: Phrase, hopes: Phrase) -> None:
        self.report.add(self.file, line, says, hopes)

    def _unknown(self, kind: Kind, name: str, line: int) -> None:
        says = phrase(N_("A %(kind)s has no field “%(field)s”."), kind=kind.noun, field=shown(name))
        self._fault(line, says, one_of(name, kind.field_names))

    def _missing(self, entry: Entry, node: Mapping) -> None:
        for each in entry.kind.fields:
            if each.required and each.name not in node.pairs:
                says = phrase(
                    N_("The %(kind)s lacks “%(field)s”."), kind=entry.kind.noun, field=each.name
                )
                hopes = phrase(N_("a value for “%(field)s”"), field=each.name)
                self._fault(entry.line, says, hopes)

    def _field(self, entry: Entry, known: Field, line: int, node: Node, top: Entry) -> None:
        if node.line != entry.line:
            entry.lines = entry.lines or {}
            entry.lines[known.attribute] = node.line
        value = (
            self._list(entry, known, node, top)
            if known.many
            else self._one(entry, known, node, top)
        )
        if value is None:
            entry.at_fault |= {known.attribute}
        else:
            entry.values[known.attribute] = value

    def _list(self, entry: Entry, known: Field, node: Node, top: Entry) -> object:
        if isinstance(node, Broken):
            return None
        # A section whose entries are all commented out is an empty one.
        if is_null(node) and isinstance(known.takes, Kind):
            return ()
        if not isinstance(node, Sequence):
            says = phrase(N_("“%(field)s” is no list."), field=known.name)
            self._fault(node.line, says, phrase(N_("a list: [one, another], or lines with “- ”")))
            return None
        read = (self._one(entry, known, item, top) for item in node.items)
        return tuple(value for value in read if value is not None)

    def _one(self, entry: Entry, known: Field, node: Node, top: Entry) -> object:
        if isinstance(known.takes, Kind):
            # What stands in a section is a top entry of its own, whatever file it is in.
            return self.read(known.takes, node, None if entry.kind.value is None else top)
        if known.takes is AS_ROWS:
            return read_rows(self.file, node, self.report)
        if isinstance(node, Broken):
            return None
        if not isinstance(node, Scalar):
            says = phrase(N_("“%(field)s” is a list or has fields."), field=known.name)
            self._fault(node.line, says, phrase(N_("a single value")))
            return None
        value = self._scalar(known, known.takes, node)
        if known.names and isinstance(value, str):
            self.references.append(
                Reference(known.names, value, known.attribute, node.line, entry, top)
            )
        return value

    def _scalar(self, known: Field, reader: Reader, node: Scalar) -> object:
        if is_null(node):
            if known.required or known.many:
                says = phrase(N_("“%(field)s” is empty."), field=known.name)
                self._fault(node.line, says, phrase(N_("a value")))
            else:
                says = phrase(N_("“%(field)s” has no value."), field=known.name)
                hopes = phrase(N_("a value, or no “%(field)s” at all"), field=known.name)
                self._fault(node.line, says, hopes)
            return None
        try:
            return reader(node)
        except Unfit as unfit:
            self._fault(
                node.line,
                Phrase(unfit.says.template, {**unfit.says.params, "field": known.name}),
                unfit.hopes,
            )
        return None
