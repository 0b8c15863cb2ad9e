"""Schemas of what queries give: of each row those facts that are named, and no others."""

import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
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


def _field(hint: Any, *, or_none: bool = False) -> Field:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Mapped:
        return _field(inner[0])
    if origin in {Union, types.UnionType}:
        (kept,) = (each for each in inner if each is not types.NoneType)
        return _field(kept, or_none=True)
    options: dict[str, Any] = {"required": True, "allow_none": or_none}
    if origin in {tuple, list, Sequence}:
        return fields.List(_field(inner[0]), **options)
    if hint is datetime:
        return fields.AwareDateTime(format="iso", **options)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return a_word(hint, **options)
    made: Field = PLAIN[hint](**options)
    return made
