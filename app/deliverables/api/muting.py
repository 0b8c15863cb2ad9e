"""Flags that do not count for a while."""

from typing import Any

from marshmallow import Schema, fields

from app.core.permissions import Permission
from app.deliverables.actions import muting
from app.deliverables.actions.muting import MuteEntry
from app.deliverables.api.reads import blueprint, load
from app.deliverables.queries import detail as details
from app.deliverables.queries import mutes
from app.deliverables.rules.attention import Flag
from app.extensions import db
from app.web.access import actor, load_or_404
from app.web.api.fields import NUMBER, AsOfQuery, Body, Day, Text, a_word, receipt
from app.web.api.shapes import many, text
from app.web.api.writing import Made, made
from app.web.day import as_of, now

Told = dict[str, Any]
TENDS = Permission.ATTENTION_TEND
MuteReceipt = receipt("Mute")


class MuteSchema(Schema):
    """Holds from `from_on` up to, not including, `until_on`, or the day on which it was lifted."""

    id = fields.Integer(required=True)
    flag = a_word(Flag, required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    reason = text()
    by = text()


class Mutes(Schema):
    """All that began by the day, the latest first."""

    deliverable = text()
    as_of = fields.Date(required=True)
    items = many(MuteSchema)


class MuteBody(Body):
    """From today on a flag that holds does not count, up to a day within a year."""

    flag = a_word(Flag, required=True)
    until_on = Day(required=True)
    reason = Text(longest=2000, shortest=1, required=True)


class NothingMore(Body):
    """An empty object."""


@blueprint.reads(
    "/deliverables/<key:key>/mutes", Mutes, takes=AsOfQuery, permission=Permission.NETWORK_READ
)
def muted(_asked: Told, key: str) -> Told:
    """Flags of a deliverable that were kept from counting"""
    deliverable = load(key)
    load_or_404(details.detail(db.session, actor(), deliverable, as_of()))
    found = mutes.mutes_of(db.session, actor(), deliverable, as_of())
    return {"deliverable": key, "as_of": as_of().day, "items": found}


@blueprint.writes("/deliverables/<key:key>/mutes", MuteReceipt, takes=MuteBody, permission=TENDS)
def mute(sent: Told, key: str) -> Made:
    """Keep a flag from counting until a day"""
    row = muting.mute(db.session, actor(), load(key), MuteEntry(**sent), now())
    return made(row.id, "api-deliverables.muted", key=key)


@blueprint.writes(
    f"/deliverables/<key:key>/mutes/{NUMBER}/end",
    MuteReceipt,
    takes=NothingMore,
    permission=TENDS,
)
def unmute(_sent: Told, key: str, number: int) -> Made:
    """Let a flag count again from today on"""
    deliverable = load(key)
    row = load_or_404(mutes.find(db.session, actor(), deliverable, number))
    muting.unmute(db.session, actor(), deliverable, row, now())
    return made(number, "api-deliverables.muted", key=key)
