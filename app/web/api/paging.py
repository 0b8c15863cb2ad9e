"""Long lists in portions: each answer names the address of the next.

A cursor names the last thing that was given, and where it stood. So what is added or goes away
between two portions neither repeats nor skips anything else; when the last thing itself is gone,
its place counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from marshmallow import Schema, fields, validate

from app.web.addresses import asked
from app.web.api.fields import AsOfQuery, Query
from app.web.day import as_of

Row = TypeVar("Row")
LIMIT, LARGEST = 50, 200
CURSOR = r"^[1-9][0-9]{0,6}\.[A-Za-z0-9_-]{1,80}$"


@dataclass(frozen=True, slots=True)
class Cursor:
    key: str
    place: int
    """How many came up to and with it."""

    def __str__(self) -> str:
        return f"{self.place}.{self.key}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        place, _dot, key = text.partition(".")
        return cls(key, int(place))


class Portion(Query):
    """What every list takes."""

    limit = fields.Integer(
        load_default=LIMIT,
        validate=validate.Range(1, LARGEST),
        metadata={"description": "How many at most."},
    )
    cursor = fields.String(
        validate=validate.Regexp(CURSOR),
        metadata={"description": "From where to go on: taken from `next` of an answer."},
    )


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`next` is the address of the portion after this one; none after the last."""

    items: Sequence[Row]
    total: int
    next: str | None


def portion(rows: Sequence[Row], key: Callable[[Row], object], asked: dict[str, Any]) -> Page[Row]:
    """The portion of `rows` that `asked` (read by `Portion`) is for."""
    limit: int = asked["limit"]
    cursor = asked.get("cursor")
    start = _start(rows, key, Cursor.read(cursor)) if cursor else 0
    items = rows[start : start + limit]
    end = start + len(items)
    following = Cursor(str(key(items[-1])), end) if items and end < len(rows) else None
    return Page(items, len(rows), onward(following) if following else None)


class Numbered(AsOfQuery):
    """What a list takes that is read page by page, each as long as the page on the screen."""

    cursor = fields.String(
        validate=validate.Regexp(CURSOR),
        metadata={"description": "From where to go on: taken from `next` of an answer."},
    )


def numbered(asked: dict[str, Any]) -> int:
    """The number of the page that `asked` (read by `Numbered`) is for, from 1."""
    return Cursor.read(asked["cursor"]).place + 1 if "cursor" in asked else 1


def page_of(items: Sequence[Any], total: int, number: int, size: int) -> dict[str, Any]:
    """That page, as it is told; `total` over all of them."""
    more = number * size < total
    following = onward(Cursor("p", number)) if more else None
    return {"items": items, "total": total, "next": following, "as_of": as_of().day}


def _start(rows: Sequence[Row], key: Callable[[Row], object], cursor: Cursor) -> int:
    places = (n for n, row in enumerate(rows, 1) if str(key(row)) == cursor.key)
    # Where the last thing is gone, what stood behind it has moved up by one.
    return next(places, min(cursor.place, len(rows) + 1) - 1)


def onward(cursor: Cursor) -> str:
    """The address at hand, from there on."""
    values: dict[str, Any] = {**asked(), **(request.view_args or {})}
    return url_for(request.endpoint or "", **{**values, "cursor": str(cursor)})


def listing(kind: type[Schema], name: str = "") -> type[Schema]:
    """What a list of these is answered as."""
    name = name or kind.__name__.removesuffix("Schema")
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(kind), required=True),
            "total": fields.Integer(required=True),
            "next": fields.String(required=True, allow_none=True),
            "as_of": fields.Date(required=True),
        },
        name=f"{name}List",
    )


def answered(
    rows: Sequence[Row],
    key: Callable[[Row], object],
    asked: dict[str, Any],
    tell: Callable[[Row], Any],
) -> dict[str, Any]:
    """The portion that was asked for, as a `listing` tells it."""
    page = portion(rows, key, asked)
    items = [tell(row) for row in page.items]
    return {"items": items, "total": page.total, "next": page.next, "as_of": as_of().day}


class Listed(Portion, AsOfQuery):
    """What every list of a day takes."""
