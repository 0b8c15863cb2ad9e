"""Where deliverables stand in the graph of what needs what, and how likely they come in time."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import select

from app.core.permissions import Permission
from app.deadlines import queries as deadlines
from app.deliverables.actions.replanning import need, needed_keys
from app.deliverables.api.reads import blueprint, load
from app.deliverables.api.schemas import NeededSchema
from app.deliverables.models import Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.queries import outlook
from app.deliverables.queries.outlook import Ahead, Prospect, Standing
from app.deliverables.rules.forecast import Forecast, Together
from app.deliverables.rules.schedule import Place
from app.extensions import db
from app.web.access import actor, load_or_404
from app.web.api.etags import check_unchanged
from app.web.api.fields import AsOfQuery, Body, a_key
from app.web.api.shapes import many, nested, text, whole
from app.web.day import as_of, now

READ = Permission.NETWORK_READ
Told = dict[str, Any]
MOST_NEEDS = 100
ForecastSchema = whole(Forecast, "Forecast")
TogetherSchema = whole(Together, "Together")


class PlaceSchema(Schema):
    """`before` and `after` are all that must come first and all that waits. `earliest_on` is the
    first day it can come by the plan, `chain` what decides that day. `slack_days` are left between
    it and the due day: fewer than none, and the plan does not hold. With something `uncertain` (no
    due day, or deferred) it is at most what it says."""

    key = text()
    earliest_on = fields.Date(required=True)
    needed_by = fields.Date(required=True, allow_none=True)
    slack_days = fields.Integer(required=True, allow_none=True)
    before = many(NeededSchema)
    after = many(NeededSchema)
    chain = many(NeededSchema)
    uncertain = many(NeededSchema)


class PlaceOnDay(PlaceSchema):
    as_of = fields.Date(required=True)


class AheadSchema(PlaceSchema):
    """`forecast.chance` null: nothing can be said, and `verdict` says why."""

    title = text()
    forecast = nested(ForecastSchema)


class ProspectSchema(Schema):
    """`items` have the least room first, the first 50 of `total`; `decides` is the one whose chain
    decides whether the deadline holds. `history` is what the chances are made of: deliveries."""

    deadline = text()
    as_of = fields.Date(required=True)
    items = many(AheadSchema)
    total = fields.Integer(required=True)
    decides = text(or_none=True)
    together = nested(TogetherSchema)
    deliveries = fields.Integer(required=True)


class NeedsSchema(Schema):
    """The keys of what must come first."""

    deliverable = text()
    needs = fields.List(fields.String(), required=True)


class NeedsChange(Body):
    """All that must come first from now on: what is left out is needed no more."""

    needs = fields.List(a_key(), required=True, validate=validate.Length(0, MOST_NEEDS))


@blueprint.reads("/deliverables/<key:key>/schedule", PlaceOnDay, takes=AsOfQuery, permission=READ)
def schedule(_asked: Told, key: str) -> Told:
    """What must come first, what waits, how much room is left, and the chain that decides it"""
    deliverable = load(key)
    found = load_or_404(outlook.standing(db.session, actor(), as_of(), deliverable))
    return {**_place(found.place, found), "as_of": as_of().day}


@blueprint.reads("/deadlines/<key:key>/forecast", ProspectSchema, takes=AsOfQuery, permission=READ)
def forecast(_asked: Told, key: str) -> Told:
    """What is due at a deadline: room, chain, and the chance that it comes in time"""
    row = load_or_404(deadlines.deadline(db.session, key, as_of()))
    found = outlook.prospect(db.session, actor(), as_of(), row.id)
    return {
        "deadline": key,
        "as_of": as_of().day,
        "items": [_ahead(each, found) for each in found.rows],
        "total": found.total,
        "decides": found.decides.key if found.decides else None,
        "together": found.together,
        "deliveries": found.history.deliveries,
    }


@blueprint.reads("/deliverables/<key:key>/needs", NeedsSchema, takes=AsOfQuery, permission=READ)
def needs(_asked: Told, key: str) -> Told:
    """What must come before a deliverable: what a PUT replaces"""
    found = load_or_404(details.detail(db.session, actor(), load(key), as_of()))
    return _needs(key, (each.key for each in found.row.needs))


@blueprint.writes(
    "/deliverables/<key:key>/needs",
    NeedsSchema,
    takes=NeedsChange,
    permission=Permission.DELIVERABLE_PLAN,
    method="PUT",
    status=200,
)
def set_needs(sent: Told, key: str) -> Told:
    """Say what must come before a deliverable"""
    deliverable = load(key)
    db.session.execute(
        select(Deliverable.id).where(Deliverable.id == deliverable.id).with_for_update()
    )
    seen = needed_keys(db.session, actor(), deliverable)
    check_unchanged(_needs(key, seen), NeedsSchema())
    need(db.session, actor(), deliverable, sent["needs"], seen, now())
    return _needs(key, needed_keys(db.session, actor(), deliverable))


def _needs(key: str, keys: Iterable[str]) -> Told:
    return {"deliverable": key, "needs": sorted(keys)}


def _ahead(each: Ahead, found: Prospect) -> Told:
    return {
        **_place(each.place, found),
        "title": each.row.title,
        "forecast": each.forecast,
    }


def _place(place: Place, found: Standing | Prospect) -> Told:
    def links(keys: Iterable[str]) -> list[Told]:
        return [
            {
                "key": key,
                "title": found.titles[key],
                "status": found.statuses[key],
                "due_on": found.due[key],
            }
            for key in keys
        ]

    return {
        **{name: getattr(place, name) for name in ("key", "earliest_on", "needed_by")},
        "slack_days": place.slack_days,
        **{name: links(getattr(place, name)) for name in ("before", "after", "chain", "uncertain")},
    }
