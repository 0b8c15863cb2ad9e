"""Facts kept as text: a dataclass to canonical JSON and back. The same facts are the same text."""

import json
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def freeze(thing: Any) -> str:
    """Of a dataclass made of text, numbers, days, instants, words of enums, tuples and further
    dataclasses."""
    return json.dumps(
        asdict(thing),
        default=lambda value: value.isoformat(),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def thaw(kind: type[T], text: str) -> T:
    """What was frozen as a `kind`. A field added since then has its default."""
    found: T = _revived(kind, json.loads(text))
    return found


def _revived(kind: Any, value: Any) -> Any:
    if get_origin(kind) is UnionType or NoneType in get_args(kind):
        if value is None:
            return None
        (kind,) = (option for option in get_args(kind) if option is not NoneType)
    if get_origin(kind) is tuple:
        return tuple(_revived(get_args(kind)[0], part) for part in value)
    if is_dataclass(kind):
        return _whole(kind, value)
    if isinstance(kind, type) and issubclass(kind, date):
        return kind.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, StrEnum) else value


def _whole(kind: Any, given: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    known = [field.name for field in fields(kind) if field.name in given]
    return kind(**{name: _revived(hints[name], given[name]) for name in known})
