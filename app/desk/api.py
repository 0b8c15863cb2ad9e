"""One's own desk: what waits for whom, today."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from marshmallow import Schema, fields

from app.core.permissions import Permission
from app.deliverables.api import telling
from app.deliverables.api.schemas import DeliverableSchema
from app.deliverables.models import AssignmentRole
from app.desk import actions
from app.desk.queries.asks import Asks, CoordinatorAsks, coordinator_asks
from app.desk.queries.board import Line, board
from app.desk.queries.changes import Kind, changes
from app.desk.rules import Reason, Turn
from app.extensions import db
from app.web.access import actor
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import Query, a_word
from app.web.api.shapes import many, nested, text
from app.web.day import now, present

blueprint = ApiBlueprint("desk", __name__, "What waits for whom, as one's own desk has it")
Told = dict[str, Any]


class AskSchema(Schema):
    """Something that waits for an answer. `key` is that of the deliverable, decision, meeting or
    letter; `id` that of a proposal, question, action or item; null where there is none."""

    kind = text()
    key = text(or_none=True)
    id = fields.Integer(required=True, allow_none=True)
    title = text()
    due_on = fields.Date(required=True, allow_none=True)


class LineSchema(Schema):
    """One deliverable of the member, and whose turn it is. `needs` must come first and is not done,
    `needed_by` waits for it; neither of them is the member's own."""

    deliverable = nested(DeliverableSchema)
    role = a_word(AssignmentRole, required=True)
    has_accepted = fields.Boolean(required=True)
    turn = a_word(Turn, required=True)
    reasons = fields.List(a_word(Reason), required=True)
    needs = fields.List(fields.String(), required=True)
    needed_by = fields.List(fields.String(), required=True)


class NewsSchema(Schema):
    at = fields.AwareDateTime(required=True, format="iso")
    kind = a_word(Kind, required=True)
    key = text()
    title = text()
    by = text()


class DeskSchema(Schema):
    """`member` null, and no `lines`: a coordinator's. `changes` since the last look at the page,
    which asking here is not."""

    member = text(or_none=True)
    waiting = fields.Integer(required=True)
    asks = many(AskSchema)
    lines = many(LineSchema)
    since = fields.AwareDateTime(required=True, format="iso")
    changes = many(NewsSchema)


@blueprint.reads("/desk", DeskSchema, takes=Query, permission=Permission.DESK_OPEN)
def desk(_asked: Told) -> Told:
    """What waits for one's member, or for coordinators, and what is new"""
    reader, session = actor(), db.session
    since = actions.new_since(session, reader, now())
    news = changes(session, reader, since)
    told = {"since": since, "changes": news}
    if reader.member_id is None:
        found = coordinator_asks(session, reader, present())
        asks = [*_of_coordinator(found)]
        return {**told, "member": None, "waiting": found.count, "asks": asks, "lines": []}
    own = board(session, reader, reader.member_id, present(), now())
    return {
        **told,
        "member": own.code,
        "waiting": own.asks.count,
        "asks": [*_of_member(own.asks)],
        "lines": [_line(each) for each in own.lines],
    }


def _ask(
    kind: str, title: str, *, key: str | None = None, id: int | None = None, due: date | None = None
) -> Told:
    return {"kind": kind, "key": key, "id": id, "title": title, "due_on": due}


def _of_member(asks: Asks) -> Iterator[Told]:
    for part in asks.parts:
        yield _ask("part", part.deliverable.title, key=part.deliverable.key)
    for offer in asks.offers:
        of = offer.deliverable
        yield _ask("offered_date", of.title, key=of.key, id=offer.id)
    for report in asks.reports:
        yield _ask("report", report.title, key=report.key, due=report.closes_on)
    for question in asks.questions:
        yield _ask("question", question.text, key=question.deliverable.key, id=question.id)
    for action in asks.actions:
        yield _ask("action", action.task, id=action.id, due=action.due_on)
    for decision in asks.decisions:
        yield _ask("decision", decision.decision.title, key=decision.decision.key)
    for time in asks.times:
        yield _ask("time", time.meeting.title, key=time.meeting.key)
    yield from _letters(asks)


def _of_coordinator(asks: CoordinatorAsks) -> Iterator[Told]:
    for row in asks.in_review:
        yield _ask("in_review", row.title, key=row.key, due=row.due_on)
    for proposal in asks.proposals:
        of = proposal.deliverable
        yield _ask("proposed_date", of.title, key=of.key, id=proposal.id)
    for report in asks.came:
        yield _ask("report", report.title, key=report.key, due=report.closes_on)
    for waiting in asks.items:
        yield _ask("item", waiting.item.title, key=waiting.meeting_key, id=waiting.item.id)
    yield from _letters(asks)


def _letters(asks: Asks | CoordinatorAsks) -> Iterator[Told]:
    for row in asks.letters:
        yield _ask("letter", row.letter.title, key=row.letter.key, due=row.letter.due_on)


def _line(line: Line) -> Told:
    return {
        "deliverable": telling.row(line.row),
        "role": line.role,
        "has_accepted": line.has_accepted,
        "turn": line.wait.turn,
        "reasons": line.wait.reasons,
        "needs": line.needs,
        "needed_by": line.needed_by,
    }
