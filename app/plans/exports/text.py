"""YAML of one entry a line: the same values are the same bytes, whatever wrote them."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
_NOT_TEXT = frozenset(("true", "false", "null"))
_ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Written(str):
    """Is written as it stands, without quotes."""

    __slots__ = ()


def entry(values: Mapping[str, Any]) -> str:
    """Fields that have nothing to say are left out."""
    told = {name: value for name, value in values.items() if value not in (None, "", (), [])}
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in told.items()) + "}"


def section(name: str, entries: Iterable[Mapping[str, Any]], indent: str = "") -> list[str]:
    """A list under its name; nothing where there is none."""
    lines = [f"{indent}  - {entry(values)}" for values in entries]
    return [f"{indent}{name}:", *lines] if lines else []


def quoted(text: str) -> str:
    """In double quotes, where YAML and JSON agree; what an editor would not show is escaped."""
    written = json.dumps(text, ensure_ascii=False)
    return _ODD.sub(lambda found: f"\\u{ord(found.group()):04x}", written)


def _value(value: Any) -> str:
    match value:
        case Written():
            return str(value)
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return entry(value)
        case list() | tuple():
            return "[" + ", ".join(_value(item) for item in value) + "]"
    text = str(value)
    is_plain = _WORD.fullmatch(text) and text.lower() not in _NOT_TEXT
    return text if is_plain else quoted(text)
