"""Published agendas, what meetings asked for, and items that liaisons propose."""

from typing import Any

from marshmallow import Schema, fields, validate

from app.agendas.actions.proposals import (
    POSSIBLE_KINDS,
    POSSIBLE_MARKINGS,
    ProposalEntry,
    propose_item,
)
from app.agendas.actions.tasks import settle_action
from app.agendas.models import Action
from app.agendas.queries import actions as asked_for
from app.agendas.queries import agendas
from app.agendas.queries.actions import ActionRow
from app.agendas.rules.content import (
    Content,
    ContentAction,
    ContentAttendance,
    ContentItem,
    Paper,
)
from app.agendas.rules.outcomes import ActionState, Outcome
from app.agendas.rules.schedule import ItemKind
from app.core.markings import Marking
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.queries.meetings import find_meeting
from app.web.access import actor, load_or_404
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import (
    NUMBER,
    AsOfQuery,
    Body,
    Query,
    Text,
    a_code,
    a_line,
    a_number,
    a_word,
    receipt,
)
from app.web.api.paging import Listed, answered, listing
from app.web.api.shapes import many, schema_of, text, whole
from app.web.api.writing import Made, made
from app.web.day import as_of, now

blueprint = ApiBlueprint("agendas", __name__, "Published agendas, actions, proposed items")
READ = Permission.NETWORK_READ
Told = dict[str, Any]
MOST_MINUTES = 240
SAME = "kind title note minutes in_writing presenter member_code marking"
ItemSchema = schema_of("AgendaItem", ContentItem, SAME)
VersionSchema = schema_of("AgendaVersion", agendas.Version, "number published_at content_hash")


class Versions(Schema):
    """The newest first. A published agenda never changes."""

    meeting = text()
    items = many(VersionSchema)


class AgendaSchema(Schema):
    """As it was published, with what may be seen of it."""

    meeting = text()
    number = fields.Integer(required=True)
    language = text()
    length = fields.Integer(required=True)
    items = many(ItemSchema)


MinutedAction = whole(ContentAction, "MinutedAction", "action_id audience_id")
AttendanceSchema = whole(ContentAttendance, "MinutedAttendance")


class MinutedItem(ItemSchema):  # type: ignore[misc, valid-type]
    """What came of an item. `spent_minutes` null: it was never on."""

    was_reached = fields.Boolean(required=True)
    spent_minutes = fields.Integer(required=True, allow_none=True)
    outcome = a_word(Outcome, required=True, allow_none=True)
    outcome_text = text()
    actions = many(MinutedAction)


class MinutesSchema(Schema):
    """As they were published, with what may be seen of them."""

    meeting = text()
    number = fields.Integer(required=True)
    language = text()
    opened_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    closed_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    attendance = many(AttendanceSchema)
    items = many(MinutedItem)


class ActionSchema(Schema):
    """What a meeting asked a member to do. `state` on the day: what was closed later was open."""

    id = fields.Integer(required=True)
    member = text()
    task = text()
    due_on = fields.Date(required=True, allow_none=True)
    state = a_word(ActionState, required=True)
    is_late = fields.Boolean(required=True)
    closed_on = fields.Date(required=True, allow_none=True)
    meeting = text(or_none=True)
    marking = a_word(Marking, required=True)
    version = fields.Integer(required=True)


class ActionDetail(ActionSchema):
    as_of = fields.Date(required=True)


class SettleEntry(Body):
    """What became of it: `done` by its member, `dropped` (with a note why) or `open` again by a
    coordinator. `version` is that of the action."""

    state = a_word(ActionState, required=True)
    note = Text(longest=2000, load_default="")
    version = a_number(required=True)


class Actions(Listed):
    state = a_word(ActionState)
    member = a_code()


class ItemEntry(Body):
    """An item that one's member would have on the agenda; a coordinator says yes or no. AMBER stays
    between the member and the coordinators."""

    kind = fields.String(
        required=True, validate=validate.OneOf([str(kind) for kind in POSSIBLE_KINDS])
    )
    title = a_line(required=True)
    note = Text(load_default="")
    minutes = fields.Integer(strict=True, load_default=10, validate=validate.Range(1, MOST_MINUTES))
    marking = fields.String(
        load_default=str(Marking.GREEN),
        validate=validate.OneOf([str(marking) for marking in POSSIBLE_MARKINGS]),
    )


@blueprint.reads("/meetings/<key:key>/agendas", Versions, takes=Query, permission=READ)
def published(_asked: Told, key: str) -> Told:
    """Published agendas of a meeting"""
    meeting = _load(key)
    return {"meeting": key, "items": agendas.versions(db.session, meeting)}


@blueprint.reads(
    "/meetings/<key:key>/agendas/<int(min=1, max=100000):number>",
    AgendaSchema,
    takes=Query,
    permission=READ,
)
def one_agenda(_asked: Told, key: str, number: int) -> Told:
    """A published agenda"""
    content = load_or_404(agendas.published(db.session, actor(), _load(key), number))
    return _agenda(content, key)


@blueprint.reads("/meetings/<key:key>/minutes", Versions, takes=Query, permission=READ)
def published_minutes(_asked: Told, key: str) -> Told:
    """Published minutes of a meeting"""
    found = agendas.versions(db.session, _load(key), Paper.MINUTES)
    return {"meeting": key, "items": found}


@blueprint.reads(
    "/meetings/<key:key>/minutes/<int(min=1, max=100000):number>",
    MinutesSchema,
    takes=Query,
    permission=READ,
)
def one_minutes(_asked: Told, key: str, number: int) -> Told:
    """Published minutes"""
    found = agendas.published(db.session, actor(), _load(key), number, Paper.MINUTES)
    content = load_or_404(found)
    same = ("number", "language", "opened_at", "closed_at", "attendance", "items")
    return {"meeting": key, **{name: getattr(content, name) for name in same}}


@blueprint.reads(f"/actions/{NUMBER}", ActionDetail, takes=AsOfQuery, permission=READ)
def one_action(_asked: Told, number: int) -> Told:
    """One action"""
    row = load_or_404(asked_for.one(db.session, actor(), as_of(), number))
    return {**_action(row), "as_of": as_of().day}


@blueprint.writes(
    f"/actions/{NUMBER}/settle",
    receipt("SettledAction"),
    takes=SettleEntry,
    permission=Permission.ACTION_CLOSE,
)
def settle(sent: Told, number: int) -> Made:
    """Say what became of an action"""
    action = load_or_404(asked_for.find_action(db.session, actor(), number))
    state, note, seen = sent["state"], sent["note"], sent["version"]
    settle_action(db.session, actor(), action, state, note, seen, now())
    return made(number, "api-agendas.one_action", number=number)


@blueprint.reads("/actions", listing(ActionSchema), takes=Actions, permission=READ)
def all_actions(asked: Told) -> Told:
    """What meetings asked members to do, open ones first"""
    found = asked_for.listed(
        db.session, actor(), as_of(), asked.get("state"), asked.get("member", "")
    )
    return answered(found, lambda row: row.action.id, asked, _action)


@blueprint.writes(
    "/meetings/<key:key>/proposals",
    receipt("ProposedItem"),
    takes=ItemEntry,
    permission=Permission.ITEM_PROPOSE,
)
def propose(sent: Told, key: str) -> Made:
    """Propose an item for the agenda of a planned meeting"""
    entry = ProposalEntry(
        kind=ItemKind(sent["kind"]),
        title=sent["title"],
        note=sent["note"],
        minutes=sent["minutes"],
        marking=Marking(sent["marking"]),
    )
    meeting = load_or_404(find_meeting(db.session, actor(), key))
    proposed = propose_item(db.session, actor(), meeting, entry, now())
    return made(proposed.id, "api-meetings.one_meeting", key=key)


def _load(key: str) -> Meeting:
    """As the page has it: what is published is of no day."""
    return load_or_404(find_meeting(db.session, actor(), key))


def _agenda(content: Content, key: str) -> Told:
    return {
        "meeting": key,
        "number": content.number,
        "language": content.language,
        "length": content.length,
        "items": content.items,
    }


def _action(row: ActionRow) -> Told:
    of: Action = row.action
    is_open = row.state is ActionState.OPEN
    return {
        "id": of.id,
        "member": of.member.code,
        "task": of.task,
        "due_on": of.due_on,
        "state": row.state,
        "is_late": row.is_late,
        "closed_on": None if is_open else of.closed_on,
        "meeting": row.meeting_key or None,
        "marking": of.marking,
        "version": of.version,
    }
