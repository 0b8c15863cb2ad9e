"""One search over everything, for programs."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate

from app.core.permissions import Permission
from app.extensions import db
from app.search import queries
from app.search.kinds import KINDS
from app.search.queries import Hit
from app.search.rules import LONGEST_QUERY
from app.web.access import actor
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import Text
from app.web.api.paging import Numbered, numbered, page_of
from app.web.api.shapes import many, text
from app.web.day import as_of

blueprint = ApiBlueprint("search", __name__, "Search")
Told = dict[str, Any]


class Sought(Numbered):
    """Every word is looked for by its beginning."""

    q = Text(longest=LONGEST_QUERY, shortest=1, required=True)
    kind = fields.String(validate=validate.OneOf(list(KINDS)))


class HitSchema(Schema):
    """`key` is that of the thing, or of what it belongs to."""

    kind = text()
    key = text()
    title = text()
    snippet = text()
    happened_on = fields.Date(required=True, allow_none=True)


class HitList(Schema):
    items = many(HitSchema)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    total = fields.Integer(required=True)
    next = text(or_none=True)
    as_of = fields.Date(required=True)


@blueprint.reads("/search", HitList, takes=Sought, permission=Permission.NETWORK_READ)
def search(asked: Told) -> Told:
    """Look for words, 50 finds at a time: finds in titles first"""
    number = numbered(asked)
    found = queries.search(
        db.session, actor(), as_of(), asked["q"].strip(), asked.get("kind", ""), page=number
    )
    items = [_told(hit) for hit in found.hits]
    return {**page_of(items, found.total, number, queries.PAGE_SIZE), "counts": found.counts}


def _told(hit: Hit) -> Told:
    return {
        "kind": hit.kind,
        "key": hit.key,
        "title": _plain(hit.title),
        "snippet": _plain(hit.snippet),
        "happened_on": hit.happened_on,
    }


def _plain(parts: Iterable[tuple[str, bool]]) -> str:
    return "".join(text for text, _is_found in parts)
