"""What happened between two days, how far dates moved, and how counts went over time."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from app.dashboards.api.reads import READ, blueprint
from app.dashboards.routes.compare import sentence, two_days
from app.deliverables.api import telling
from app.deliverables.api.schemas import Counts
from app.deliverables.queries.choices import Options, choices
from app.deliverables.queries.comparison import comparison
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.moved_dates import Slip, slips
from app.deliverables.queries.over_time import (
    OverTime,
    Scope,
    planned_and_delivered,
    status_over_time,
)
from app.deliverables.rules.comparison import Happened, Standing
from app.deliverables.rules.slips import DueDays
from app.extensions import db
from app.web.access import actor, load_or_404
from app.web.api.fields import AsOfQuery, Day, a_code, a_key, a_word
from app.web.api.paging import Portion, answered, listing
from app.web.api.shapes import many, nested, schema_of, text, whole
from app.web.day import as_of

Told = dict[str, Any]


class PartThen(Schema):
    member = text()
    role = text()
    state = text()


class StandingThen(whole(Standing, "StandingFacts", "parts")):  # type: ignore[misc]
    """A deliverable on one of the two days; the parts of those where a part changed."""

    parts = many(PartThen)


class ChangeSchema(Schema):
    """One deliverable to which this happened: several things can have. `before` null: it was not
    there yet. `days_moved` null: one of the due days is not known."""

    happened = a_word(Happened, required=True)
    says = text()
    before = nested(StandingThen, allow_none=True)
    after = nested(StandingThen)
    days_moved = fields.Integer(required=True, allow_none=True)


class ComparisonSchema(Schema):
    first = fields.Date(required=True)
    second = fields.Date(required=True)
    before = nested(Counts)
    after = nested(Counts)
    changes = many(ChangeSchema)


class TwoDays(AsOfQuery):
    """Without `to`: the day asked for. Without `from`: the last meeting before that."""

    from_on = Day(data_key="from")
    to_on = Day(data_key="to")


class OfGroup(AsOfQuery):
    """Of a priority, a deadline or a member; of the network without."""

    priority = a_key()
    deadline = a_key()
    member = a_code()


class Slipped(Portion, OfGroup):
    pass


class DueSchema(schema_of("DueFacts", DueDays, "first last moves days_moved")):  # type: ignore[misc]
    """`first` and `last` due day, and how often that changed; `days_moved` later is above 0."""


class SlipSchema(schema_of("SlipFacts", Slip, "key title status delivered_on days_late")):  # type: ignore[misc]
    """Its due day moved, or it came or is late."""

    due = nested(DueSchema)


class SlipList(listing(SlipSchema, "SlipItem")):  # type: ignore[misc]
    """`of` deliverables in all: `moved` of them, so many `moves`, and so many `late`."""

    of = fields.Integer(required=True)
    moved = fields.Integer(required=True)
    moves = fields.Integer(required=True)
    late = fields.Integer(required=True)


class CountsFrom(Schema):
    """Counts by status, or of what is planned and delivered, from a day on."""

    from_on = fields.Date(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class OverTimeSchema(Schema):
    as_of = fields.Date(required=True)
    by_status = many(CountsFrom)
    planned_and_delivered = many(CountsFrom)


@blueprint.reads("/compare", ComparisonSchema, takes=TwoDays, permission=READ)
def compare(asked: Told) -> Told:
    """What happened to deliverables between two days"""
    first, second = two_days(db.session, asked.get("from_on"), asked.get("to_on"))
    found = comparison(db.session, actor(), first, second)
    return {
        "first": first.day,
        "second": second.day,
        "before": telling.progress(found.before),
        "after": telling.progress(found.after),
        "changes": [
            {
                "happened": kind,
                "says": sentence(kind, change, second),
                "before": _standing(change.before),
                "after": _standing(change.after),
                "days_moved": change.days_moved,
            }
            for kind, changes in found.changes.items()
            for change in changes
        ],
    }


@blueprint.reads("/slips", SlipList, takes=Slipped, permission=READ)
def all_slips(asked: Told) -> Told:
    """How far due days moved and how late work came, the latest first"""
    found = slips(db.session, actor(), as_of(), _scope(asked))
    told = answered(found.rows, lambda row: row.key, asked, lambda row: row)
    sums = {name: getattr(found, name) for name in ("of", "moved", "moves", "late")}
    return {**told, **sums}


@blueprint.reads("/over-time", OverTimeSchema, takes=OfGroup, permission=READ)
def over_time(asked: Told) -> Told:
    """Counts of the network or a group of its work, from each day on which they changed"""
    session, reader, day, scope = db.session, actor(), as_of(), _scope(asked)
    return {
        "as_of": day.day,
        "by_status": _points(status_over_time(session, reader, day, scope)),
        "planned_and_delivered": _points(planned_and_delivered(session, reader, day, scope)),
    }


def among(asked: Told) -> Filter:
    """What it names must be there on the day."""
    offered = choices(db.session, as_of())
    return Filter(
        priority_id=_id(asked.get("priority"), offered.priorities),
        deadline_id=_id(asked.get("deadline"), offered.deadlines),
        member_id=_id(asked.get("member"), offered.members),
    )


def _scope(asked: Told) -> Scope:
    which = among(asked)
    return Scope(
        priority_ids=None if which.priority_id is None else [which.priority_id],
        deadline_id=which.deadline_id,
        member_id=which.member_id,
    )


def _id(key: str | None, offered: Options) -> int | None:
    return None if key is None else load_or_404(offered.id_of(key))


def _standing(found: Standing | None) -> Told | None:
    if found is None:
        return None
    same = ("key", "title", "status", "due_on", "is_overdue", "delivered_on")
    parts = [
        {"member": code, "role": role, "state": state} for code, role, state in sorted(found.parts)
    ]
    return {**{name: getattr(found, name) for name in same}, "parts": parts}


def _points(found: OverTime) -> Sequence[Told]:
    return [{"from_on": day, "counts": counts} for day, counts in found]
