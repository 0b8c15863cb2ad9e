"""Kinds of values that programs send and are sent, each with its bounds."""

import re
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from app.core.days import parse_day

KEY = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_KEY = 80
URL = r"^https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[!#-;=?-~]*)?$"
CODE = r"^[A-Z]{2}$"
DAY = r"^(19[0-9]{2}|2[01][0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LARGEST_NUMBER = 2_147_483_647
NUMBER = f"<int(min=1, max={LARGEST_NUMBER}):number>"
"""In an address: by which a row is known."""
LONGEST_LINE, LONGEST_TEXT = 300, 10_000


class Query(Schema):
    """What stands after the question mark. A name that is not known is a mistake, and is said to
    be one: a misspelt filter would otherwise give everything."""

    class Meta:
        unknown = RAISE


class Body(Schema):
    class Meta:
        unknown = RAISE


class Text(fields.String):
    """What somebody wrote, without the signs that no keyboard has."""

    def __init__(self, *, longest: int = LONGEST_TEXT, shortest: int = 0, **options: Any) -> None:
        options.setdefault("validate", validate.Length(shortest, longest))
        metadata = {"pattern": PRINTABLE, **options.pop("metadata", {})}
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and _CONTROLS.search(text):
            raise ValidationError(_("It holds signs that cannot be shown."))
        return text


def a_line(*, required: bool = False, **options: Any) -> Text:
    """One line that must say something where it is required."""
    return Text(longest=LONGEST_LINE, shortest=1 if required else 0, required=required, **options)


def a_key(**options: Any) -> fields.String:
    return fields.String(
        validate=[validate.Regexp(KEY), validate.Length(1, LONGEST_KEY)], **options
    )


def a_code(**options: Any) -> fields.String:
    """Of a member: ISO 3166 alpha-2, or EU."""
    return fields.String(validate=validate.Regexp(CODE), **options)


def a_address(**options: Any) -> fields.String:
    """Of something on the web."""
    bounds = [validate.Regexp(URL), validate.Length(1, 2000)]
    return fields.String(validate=bounds, **options)


def a_number(**options: Any) -> fields.Integer:
    """By which a row is known."""
    return fields.Integer(strict=True, validate=validate.Range(1, LARGEST_NUMBER), **options)


class YesOrNo(fields.Boolean):
    """true or false in JSON, and nothing that could be taken for them."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Day(fields.String):
    """A day of the plan, from 1900 to 2200. Read into a date."""

    def __init__(self, **options: Any) -> None:
        metadata = {"format": "date", "pattern": DAY, **options.pop("metadata", {})}
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return parse_day(text or "")
        except ValueError:
            raise ValidationError(_("Write a day between 1900 and 2200 as 2024-11-21.")) from None


class AsOfQuery(Query):
    as_of = Day(
        metadata={"description": "The day to answer for, as it stood then. Without it: today."}
    )


def a_word(kind: type[StrEnum], **options: Any) -> fields.Field[Any]:
    """One of the words of an enum."""
    return fields.Enum(kind, by_value=fields.String, **options)


def receipt(what: str) -> type[Schema]:
    """What a write is answered by: `id` or key of what was made, and where to read it. It holds
    nothing of the content, so that it may be answered again."""
    return Schema.from_dict(
        {
            "id": fields.Raw(required=True, metadata={"type": ["integer", "string"]}),
            "url": fields.String(required=True),
        },
        name=f"{what}Receipt",
    )
