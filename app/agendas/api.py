"""Published agendas, what meetings asked for, and items that liaisons propose."""

from typing import Any

from flask import url_for
from marshmallow import Schema, fields, validate

from app.agendas.actions.proposals import (
    POSSIBLE_KINDS,
    POSSIBLE_MARKINGS,
    ProposalEntry,
    propose_item,
)
from app.agendas.models import Action
from app.agendas.queries import actions as asked_for
from app.agendas.queries import agendas
from app.agendas.queries.actions import ActionRow
from app.agendas.rules.content import Content, ContentItem
from app.agendas.rules.outcomes import ActionState
from app.agendas.rules.schedule import ItemKind
from app.core.markings import Marking
from app.core.permissions import Permission
from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.queries.meetings import find_meeting
from app.web.access import actor, load_or_404
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import Body, Query, Text, a_code, a_line, a_word, receipt
from app.web.api.paging import Listed, answered, listing
from app.web.api.shapes import many, schema_of, text
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
def propose(sent: Told, key: str) -> tuple[Told, int, dict[str, str]]:
    """Propose an item for the agenda of a planned meeting"""
    entry = ProposalEntry(
        kind=ItemKind(sent["kind"]),
        title=sent["title"],
        note=sent["note"],
        minutes=sent["minutes"],
        marking=Marking(sent["marking"]),
    )
    meeting = load_or_404(find_meeting(db.session, actor(), key))
    made = propose_item(db.session, actor(), meeting, entry, now())
    address = url_for("api-meetings.one_meeting", key=key)
    return {"id": made.id, "url": address}, 201, {"Location": address}


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
    }
