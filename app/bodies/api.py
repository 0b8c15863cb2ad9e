"""Outside bodies for programs."""

from typing import Any

from marshmallow import Schema, fields

from app.bodies import queries
from app.bodies.queries import BodyCard, EngagementRow, ProgrammeRow
from app.bodies.rules import Overlap
from app.core.permissions import Permission
from app.extensions import db
from app.priorities.models import Relation
from app.web.access import actor
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import a_word
from app.web.api.paging import Listed, answered, listing
from app.web.api.shapes import many, text, whole
from app.web.day import as_of

blueprint = ApiBlueprint("bodies", __name__, "Outside bodies, and how the network relates to each")
Told = dict[str, Any]


class EngagementSchema(Schema):
    """`until_on` null: it holds on the day."""

    relation = a_word(Relation, required=True)
    about = text()
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, allow_none=True)
    ended_why = text()
    priority = text(or_none=True)
    deliverable = text(or_none=True)


class ProgrammeSchema(Schema):
    title = text()
    about = text()
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, allow_none=True)
    function = text(or_none=True)
    priority = text(or_none=True)


class BodySchema(Schema):
    """`overlaps`: where it does what the network does, and by what that was found."""

    key = text()
    name = text()
    note = text()
    engagements = many(EngagementSchema)
    programmes = many(ProgrammeSchema)
    overlaps = many(whole(Overlap, "BodyOverlap"))


@blueprint.reads("/bodies", listing(BodySchema), takes=Listed, permission=Permission.NETWORK_READ)
def all_bodies(asked: Told) -> Told:
    """Bodies around the network, by name"""
    found = queries.around(db.session, actor(), as_of()).cards
    return answered(found, lambda card: card.body.key, asked, _told)


def _told(card: BodyCard) -> Told:
    body = card.body
    return {
        **{name: getattr(body, name) for name in ("key", "name", "note")},
        "engagements": [_engagement(row) for row in card.engagements],
        "programmes": [_programme(row) for row in card.programmes],
        "overlaps": card.overlaps,
    }


def _engagement(row: EngagementRow) -> Told:
    same = ("relation", "about", "from_on", "until_on", "ended_why")
    return {
        **{name: getattr(row, name) for name in same},
        "priority": row.priority.key if row.priority else None,
        "deliverable": row.deliverable.key if row.deliverable else None,
    }


def _programme(row: ProgrammeRow) -> Told:
    return {
        **{name: getattr(row, name) for name in ("title", "about", "from_on", "until_on")},
        "function": row.function.key if row.function else None,
        "priority": row.priority.key if row.priority else None,
    }
