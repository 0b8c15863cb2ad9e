"""Decisions for programs, and the positions that members take."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, fields

from app.core.markings import Marking
from app.core.permissions import Permission
from app.decisions.actions.positions import newest, take_position
from app.decisions.models import Decision
from app.decisions.queries import decisions as queries
from app.decisions.queries.decisions import DecisionRow
from app.decisions.rules import Stance, Why
from app.extensions import db
from app.members.models import DecisionRule, Member
from app.web.access import actor, load_or_404
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import AsOfQuery, Body, Text, a_word, receipt
from app.web.api.paging import Listed, answered, listing
from app.web.api.shapes import many, text
from app.web.api.writing import Made, made
from app.web.day import as_of, now, present

blueprint = ApiBlueprint("decisions", __name__, "Decisions and the positions of members")
Told = dict[str, Any]


def _moment() -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=True, format="iso")


class DecisionSchema(Schema):
    """`state` on the day: draft, ahead, open, passed, not_passed, withdrawn. Null for a draft, and
    where nothing decided it yet: `why`."""

    key = text()
    title = text()
    proposal = text()
    rule = a_word(DecisionRule, required=True)
    quorum = fields.Integer(required=True)
    silence_is_assent = fields.Boolean(required=True)
    opens_at = _moment()
    closes_at = _moment()
    state = text()
    why = a_word(Why, required=True, allow_none=True)
    marking = a_word(Marking, required=True)
    entitled = fields.List(fields.String(), required=True)
    positions = fields.Dict(keys=fields.String(), values=a_word(Stance), required=True)
    assumed = fields.List(fields.String(), required=True)
    silent = fields.List(fields.String(), required=True)


class PositionSchema(Schema):
    member = text()
    stance = a_word(Stance, required=True)
    statement = text()
    recorded_at = fields.AwareDateTime(required=True, format="iso")


class DecisionDetail(DecisionSchema):
    """`history` holds every position that was taken, the newest first; `positions` those that
    count."""

    as_of = fields.Date(required=True)
    history = many(PositionSchema)


class PositionEntry(Body):
    """What one's own member says from now on. Said again just so, it changes nothing."""

    stance = a_word(Stance, required=True)
    statement = Text(longest=5000, load_default="")


@blueprint.reads(
    "/decisions", listing(DecisionSchema), takes=Listed, permission=Permission.NETWORK_READ
)
def all_decisions(asked: Told) -> Told:
    """Decisions: open ones first, then by the latest close"""
    found = queries.decisions(db.session, actor(), as_of(), now())
    members = _members(found)
    key = lambda row: row.decision.key  # noqa: E731 - a name for the argument
    return answered(found, key, asked, lambda row: _told(row, members))


@blueprint.reads(
    "/decisions/<key:key>", DecisionDetail, takes=AsOfQuery, permission=Permission.NETWORK_READ
)
def show(_asked: Told, key: str) -> Told:
    """One decision, with every position that was taken"""
    decision = _load(key)
    row = queries.standing(db.session, decision, as_of(), now())
    at = queries.instant(as_of(), now())
    history = [
        {
            "member": each.member.code,
            "stance": each.stance,
            "statement": each.statement,
            "recorded_at": each.recorded_at,
        }
        for each in queries.positions_of(db.session, decision, at)
    ]
    return {**_told(row, _members([row])), "as_of": as_of().day, "history": history}


@blueprint.writes(
    "/decisions/<key:key>/positions",
    receipt("Position"),
    takes=PositionEntry,
    permission=Permission.POSITION_TAKE,
)
def take(sent: Told, key: str) -> Made:
    """Take the position of one's own member"""
    found = queries.find(db.session, actor(), present(), key)
    decision = load_or_404(found)
    take_position(db.session, actor(), decision, sent["stance"], sent["statement"], now())
    member_id = actor().member_id
    said = newest(db.session, decision, member_id) if member_id is not None else None
    return made(said.id if said else 0, "api-decisions.show", key=key)


def _load(key: str) -> Decision:
    return load_or_404(queries.find(db.session, actor(), as_of(), key))


def _members(rows: Iterable[DecisionRow]) -> Mapping[int, Member]:
    ids = {id_ for row in rows if row.outcome for id_ in row.outcome.entitled}
    return queries.members(db.session, ids)


def _told(row: DecisionRow, members: Mapping[int, Member]) -> Told:
    same = ("key", "title", "proposal", "rule", "quorum", "silence_is_assent", "opens_at")
    of, outcome = row.decision, row.outcome

    def codes(ids: Iterable[int]) -> list[str]:
        return sorted(members[id_].code for id_ in ids if id_ in members)

    return {
        **{name: getattr(of, name) for name in same},
        "closes_at": of.closes_at,
        "marking": of.marking,
        "state": row.word,
        "why": outcome.why if outcome else None,
        "entitled": codes(outcome.entitled) if outcome else [],
        "positions": {members[id_].code: stance for id_, stance in outcome.stances.items()}
        if outcome
        else {},
        "assumed": codes(outcome.assumed) if outcome else [],
        "silent": codes(outcome.silent) if outcome else [],
    }
