"""Reading deliverables."""

from typing import Any

from marshmallow import fields, validate

from app.core.clock import AsOf
from app.core.markings import Marking
from app.core.permissions import Permission
from app.deliverables.api import telling
from app.deliverables.api.schemas import DeliverableDetail, DeliverableList, UpdateList
from app.deliverables.models import AssignmentRole, Deliverable
from app.deliverables.queries import detail as details
from app.deliverables.queries.choices import Options, choices
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.groups import rows_of
from app.deliverables.queries.listing import matching_ids
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.moves import Health, Status
from app.extensions import db
from app.web.access import actor, load_or_404
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import AsOfQuery, Text, a_code, a_key, a_word
from app.web.api.paging import Portion, portion
from app.web.day import as_of

blueprint = ApiBlueprint("deliverables", __name__, "Deliverables, their updates and assignments")
UNKNOWN = "unknown"
"""Health that nobody stated."""


class Which(Portion, AsOfQuery):
    """As the page narrows its list. Several values of one name widen: any of them."""

    q = Text(longest=200, metadata={"description": "In the title or the key."})
    status = fields.List(a_word(Status), load_default=())
    health = fields.List(
        fields.String(validate=validate.OneOf([*map(str, Health), UNKNOWN])), load_default=()
    )
    flag = fields.List(a_word(Flag), load_default=())
    priority = a_key()
    deadline = a_key()
    member = a_code()
    role = fields.List(a_word(AssignmentRole), load_default=())
    marking = fields.List(a_word(Marking), load_default=())


class Updates(Portion, AsOfQuery):
    pass


@blueprint.reads("/deliverables", DeliverableList, takes=Which, permission=Permission.NETWORK_READ)
def listed(asked: dict[str, Any]) -> dict[str, Any]:
    """Deliverables, by due day, the unscheduled last"""
    ids = _ids(asked)
    page = portion(ids, str, asked)
    rows = rows_of(db.session, actor(), as_of(), page.items)
    shown = [telling.row(rows[each]) for each in page.items]
    return {"items": shown, "total": page.total, "next": page.next, "as_of": as_of().day}


@blueprint.reads(
    "/deliverables/<key:key>",
    DeliverableDetail,
    takes=AsOfQuery,
    permission=Permission.NETWORK_READ,
)
def show(_asked: dict[str, Any], key: str) -> dict[str, Any]:
    """One deliverable: state, flags, assignments, dependencies, updates"""
    return shown(load(key), as_of())


@blueprint.reads(
    "/deliverables/<key:key>/updates",
    UpdateList,
    takes=Updates,
    permission=Permission.NETWORK_READ,
)
def updates(asked: dict[str, Any], key: str) -> dict[str, Any]:
    """What was logged of a deliverable, the update in effect first"""
    found = load_or_404(details.detail(db.session, actor(), load(key), as_of()))
    page = portion(found.updates, lambda update: update.id, asked)
    told = telling.updates(page.items, found.corrections)
    return {"items": told, "total": page.total, "next": page.next, "as_of": as_of().day}


def load(key: str) -> Deliverable:
    return load_or_404(details.find(db.session, actor(), key))


def shown(deliverable: Deliverable, day: AsOf) -> dict[str, Any]:
    """As GET answers it; what a change is compared to."""
    return telling.detail(load_or_404(details.detail(db.session, actor(), deliverable, day)), day)


def _ids(asked: dict[str, Any]) -> tuple[int, ...]:
    which = _filter(asked)
    return () if which is None else matching_ids(db.session, actor(), as_of(), which)


def _filter(asked: dict[str, Any]) -> Filter | None:
    """None where something is asked for that is not there: nothing has it."""
    offered = choices(db.session, as_of())
    try:
        return Filter(
            priority_id=_id(asked.get("priority"), offered.priorities),
            deadline_id=_id(asked.get("deadline"), offered.deadlines),
            member_id=_id(asked.get("member"), offered.members),
            roles=asked["role"],
            statuses=asked["status"],
            healths=[None if text == UNKNOWN else Health(text) for text in asked["health"]],
            markings=asked["marking"],
            flags=asked["flag"],
            text=asked.get("q", "").strip(),
        )
    except LookupError:
        return None


def _id(key: str | None, offered: Options) -> int | None:
    found = offered.id_of(key) if key is not None else None
    if key is not None and found is None:
        raise LookupError(key)
    return found
