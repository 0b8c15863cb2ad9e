"""The plan on one axis, who does what in it, and where the next effort could go."""

from typing import Any

from marshmallow import Schema, fields, validate

from app.core.days import Precision
from app.dashboards.api.compare import OfGroup, among
from app.dashboards.api.reads import READ, blueprint
from app.dashboards.loads import DEADLINES_AHEAD, loads, share_of
from app.dashboards.ranking import ranking
from app.dashboards.routes.timeline import View, Zoom
from app.deadlines.queries import deadlines
from app.deliverables.models import AssignmentRole, AssignmentState
from app.deliverables.queries.listing import PAGE_SIZE
from app.deliverables.queries.matrix import Lack, MatrixRow, matrix
from app.deliverables.queries.plan import ROWS_ON_A_PAGE, Grouping, PlanRow, plan
from app.deliverables.rules.moves import Status
from app.extensions import db
from app.members.models import MemberStatus
from app.members.queries.members import members
from app.priorities.queries import outside_events
from app.priorities.rules import HEAVIEST, Criterion, Ranked
from app.web.access import actor
from app.web.api.fields import Day, a_word
from app.web.api.paging import Listed, Numbered, answered, listing, numbered, page_of
from app.web.api.shapes import many, schema_of, text
from app.web.day import as_of

Told = dict[str, Any]
PlanRowSchema = schema_of(
    "PlanRow", PlanRow, "key title group status exists_from due_on delivered_on needs"
)


class EventSchema(Schema):
    """What happened around the network, or will."""

    title = text()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    precision = a_word(Precision, required=True)


class TimelineSchema(Schema):
    """`group` is the title of the priority or deadline, null without a deadline. Bounds null: all
    there is. Deadlines and meetings have lists of their own."""

    items = many(PlanRowSchema)
    total = fields.Integer(required=True)
    next = text(or_none=True)
    as_of = fields.Date(required=True)
    from_on = fields.Date(required=True, allow_none=True)
    until_on = fields.Date(required=True, allow_none=True)
    outside_events = many(EventSchema)


class Axis(Numbered):
    """The quarter or the year around a day (without: the day asked for), or all there is."""

    zoom = a_word(Zoom, load_default=Zoom.ALL)
    group = a_word(Grouping, load_default=Grouping.PRIORITY)
    around = Day()


class CellSchema(Schema):
    """`spoke_on` null: the member has said nothing of it yet."""

    role = a_word(AssignmentRole, required=True)
    state = a_word(AssignmentState, required=True)
    spoke_on = fields.Date(required=True, allow_none=True)


class MatrixRowSchema(Schema):
    key = text()
    title = text()
    status = a_word(Status, required=True)
    due_on = fields.Date(required=True, allow_none=True)
    priority_title = text()
    cells = fields.Dict(keys=fields.String(), values=fields.Nested(CellSchema), required=True)


class MatrixSchema(Schema):
    """By priority and due day, dropped work aside; `cells` by the code of the member."""

    items = many(MatrixRowSchema)
    total = fields.Integer(required=True)
    next = text(or_none=True)
    as_of = fields.Date(required=True)


class Cells(Numbered, OfGroup):
    lacks = a_word(Lack)


def a_weight() -> fields.Integer:
    return fields.Integer(load_default=1, validate=validate.Range(0, HEAVIEST))


class Weighed(Listed):
    """How heavily each criterion counts."""

    overlap = a_weight()
    impact = a_weight()
    feasibility = a_weight()


class RankedSchema(Schema):
    """`parts` are 0 to 1, null: not known. `score` is the weighted mean of what is known; `shares`
    are what each adds to it."""

    key = text()
    title = text()
    parts = fields.Dict(keys=a_word(Criterion), values=fields.Float(allow_none=True), required=True)
    score = fields.Float(required=True, allow_none=True)
    shares = fields.Dict(keys=a_word(Criterion), values=fields.Float(), required=True)


class LoadSchema(Schema):
    """Open work. `due` counts leads and contributions, accepted or asked, at the deadlines ahead.
    `is_heavy`: it leads much more than its share."""

    member = text()
    status = a_word(MemberStatus, required=True)
    leads = fields.Integer(required=True)
    contributes = fields.Integer(required=True)
    asked = fields.Integer(required=True)
    due = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    spoke_on = fields.Date(required=True, allow_none=True)
    contributions = fields.Integer(required=True)
    is_heavy = fields.Boolean(required=True)


class LoadList(listing(LoadSchema, "LoadItem")):  # type: ignore[misc]
    """`share`: what each member would lead if the open work were spread evenly."""

    share = fields.Float(required=True)


@blueprint.reads("/timeline", TimelineSchema, takes=Axis, permission=READ)
def timeline(asked: Told) -> Told:
    """Deliverables on one axis, with what each needs, and what happens around them"""
    session, day = db.session, as_of()
    view = View(asked["zoom"], asked["group"], asked.get("around") or day.day)
    page, window = numbered(asked), view.window
    found = plan(session, actor(), day, view.grouping, page=page, window=window)
    first, last = window or (None, None)
    return {
        **page_of(found.rows, found.total, page, ROWS_ON_A_PAGE),
        "from_on": first,
        "until_on": last,
        "outside_events": outside_events(session, day),
    }


@blueprint.reads("/matrix", MatrixSchema, takes=Cells, permission=READ)
def all_parts(asked: Told) -> Told:
    """Members by deliverables: who has which part, and how long ago each last spoke of it"""
    page, which = numbered(asked), among(asked)
    found = matrix(db.session, actor(), as_of(), which, asked.get("lacks"), page=page)
    return page_of([_row(row) for row in found.rows], found.total, page, PAGE_SIZE)


@blueprint.reads("/ranking", listing(RankedSchema), takes=Weighed, permission=READ)
def ranked(asked: Told) -> Told:
    """Priorities, ranked by where the next effort could go"""
    weights = {criterion: asked[criterion.value] for criterion in Criterion}
    found: tuple[Ranked, ...] = ranking(db.session, as_of(), weights)
    return answered(found, lambda row: row.key, asked, lambda row: row)


@blueprint.reads("/load", LoadList, takes=Listed, permission=READ)
def carried(asked: Told) -> Told:
    """What each member carries"""
    session, day = db.session, as_of()
    found = loads(session, actor(), day, members(session, day))
    ahead = [row for row in deadlines(session, day) if not row.is_past][:DEADLINES_AHEAD]
    same = ("leads", "contributes", "asked", "spoke_on")
    told = answered(
        found,
        lambda row: row.member.code,
        asked,
        lambda row: {
            **{name: getattr(row.load, name) for name in same},
            "member": row.member.code,
            "status": row.member.status,
            "due": {deadline.key: row.due_at(deadline) for deadline in ahead},
            "contributions": row.given,
            "is_heavy": row.is_heavy,
        },
    )
    return {**told, "share": share_of(found)}


def _row(row: MatrixRow) -> Told:
    same = ("key", "title", "status", "due_on", "priority_title")
    cells = {code: row.cells[code] for code in sorted(row.cells)}
    return {**{name: getattr(row, name) for name in same}, "cells": cells}
