"""A YAML document as it was written: texts, not objects, each with its line."""

import re
from dataclasses import dataclass, field
from enum import Enum, auto

_NUMBER = re.compile(
    r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
    r"|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Meaning(Enum):
    """What YAML 1.2 takes a scalar for; `on`, `no` and days are text there."""

    TEXT = auto()
    NUMBER = auto()
    BOOL = auto()
    NULL = auto()


@dataclass(slots=True)
class Scalar:
    line: int
    text: str
    plain: bool
    """Written without quotes, so that it can be something else than text."""

    @property
    def meaning(self) -> Meaning:
        if not self.plain:
            return Meaning.TEXT
        if self.text in _NULLS:
            return Meaning.NULL
        if self.text in _BOOLS:
            return Meaning.BOOL
        return Meaning.NUMBER if _NUMBER.fullmatch(self.text) else Meaning.TEXT

    @property
    def truth(self) -> bool | None:
        return _BOOLS.get(self.text) if self.plain else None


@dataclass(slots=True)
class Mapping:
    line: int
    pairs: dict[str, tuple[int, "Node"]] = field(default_factory=dict)
    """Field name to the line of the name and to the value."""


@dataclass(slots=True)
class Sequence:
    line: int
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Broken:
    """Stands where a fault was reported already."""

    line: int


Node = Scalar | Mapping | Sequence | Broken


def is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.meaning is Meaning.NULL
