"""Schemas of what queries give: of each row those facts that are named, and no others."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from marshmallow import Schema, fields
from sqlalchemy.orm import Mapped

from app.web.api.fields import a_word

Field = fields.Field[Any]
PLAIN: Mapping[type, Any] = {
    str: fields.String,
    bool: fields.Boolean,
    int: fields.Integer,
    float: fields.Float,
    Decimal: fields.String,
    date: fields.Date,
}


def schema_of(name: str, kind: type, told: str, **more: Field) -> type[Schema]:
    """`told` names attributes of `kind`, with a space between; `more` is told beside them."""
    hints = get_type_hints(kind, include_extras=False)
    shape: dict[str, Any] = {each: _field(_hint(kind, each, hints)) for each in told.split()}
    return Schema.from_dict({**shape, **more}, name=name)


@cache
def whole(kind: type, name: str, leaves_out: str = "") -> type[Schema]:
    """Everything that a dataclass holds, and what is inside it, under names that begin alike;
    `leaves_out` names what is not told, with a space between."""
    told = [each.name for each in fields_of(kind) if each.name not in leaves_out.split()]
    hints = get_type_hints(kind)
    shape: dict[str, Any] = {each: _field(hints[each], within=name) for each in told}
    return Schema.from_dict(shape, name=name)


def nested(kind: type[Schema], **options: Any) -> Field:
    return fields.Nested(kind, required=True, **options)


def many(kind: type[Schema]) -> Field:
    return fields.List(fields.Nested(kind), required=True)


def text(*, or_none: bool = False) -> Field:
    return fields.String(required=True, allow_none=or_none)


def _hint(kind: type, name: str, hints: Mapping[str, Any]) -> Any:
    if name in hints:
        return hints[name]
    getter = getattr(kind, name).fget
    return get_type_hints(getter)["return"]


def _field(hint: Any, *, or_none: bool = False, within: str = "") -> Field:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Mapped:
        return _field(inner[0], within=within)
    if origin in {Union, types.UnionType}:
        (kept,) = (each for each in inner if each is not types.NoneType)
        return _field(kept, or_none=True, within=within)
    options: dict[str, Any] = {"required": True, "allow_none": or_none}
    if origin in {tuple, list, Sequence}:
        return fields.List(_field(inner[0], within=within), **options)
    if origin in {dict, Mapping}:
        keys, values = (_field(each, within=within) for each in inner)
        return fields.Dict(keys=keys, values=values, **options)
    if hint is datetime:
        return fields.AwareDateTime(format="iso", **options)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return a_word(hint, **options)
    if is_dataclass(hint) and isinstance(hint, type):
        return fields.Nested(whole(hint, f"{within}{hint.__name__}"), **options)
    made: Field = PLAIN[hint](**options)
    return made
