"""Reading where the network stands: the same queries as the pages, so the same figures."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from app.core.clock import AsOf
from app.core.permissions import Permission
from app.dashboards.api import schemas
from app.dashboards.queries import attention, whole
from app.deadlines import queries as deadlines
from app.deadlines.queries import DeadlineRow
from app.deliverables.api import telling
from app.deliverables.api.telling import Told
from app.deliverables.queries import progress
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.groups import in_order_of_need
from app.deliverables.queries.parts import PartCounts, counts_by_member
from app.deliverables.rules.attention import Severity
from app.deliverables.rules.progress import Progress
from app.extensions import db
from app.members.queries import functions, members
from app.members.queries.members import MemberRow
from app.members.queries.network import leaders, network
from app.members.queries.profile import profile
from app.priorities import queries as priorities
from app.priorities.queries import PriorityRow
from app.web.access import actor, load_or_404
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import AsOfQuery, Text, a_word
from app.web.api.paging import Listed, answered
from app.web.day import as_of

blueprint = ApiBlueprint("network", __name__, "Figures, priorities, deadlines, members")
READ = Permission.NETWORK_READ
SAME_OF_DEADLINE = (
    "key", "title", "kind", "place", "is_public", "note", "starts_on", "ends_on", "precision",
    "due_on", "distance",
)  # fmt: skip
SAME_OF_PRIORITY = (
    "key", "title", "theme", "horizon", "basis", "impact", "feasibility", "note", "functions",
)  # fmt: skip


class Needing(Listed):
    who = Text(longest=20, metadata={"description": "A member's code, or coordinator."})
    severity = a_word(Severity)
    muted = fields.Boolean(
        load_default=False,
        truthy={"true"},
        falsy={"false"},
        metadata={"description": "Those with a flag that holds but does not count."},
    )


@blueprint.reads("/overview", schemas.Overview, takes=AsOfQuery, permission=READ)
def overview(_asked: Told) -> Told:
    """Where the network stands on a day"""
    session, reader, day = db.session, actor(), as_of()
    needed = attention(session, reader, day)
    counted = progress.of_network(session, reader, day)
    return {
        "as_of": day.day,
        "network": network(session, day),
        "leaders": leaders(session, day),
        "progress": telling.progress(counted),
        "attention": {
            "total": needed.total,
            "muted": len(needed.muted),
            "by_severity": needed.by_severity,
            "by_actor": dict(needed.by_actor),
        },
        "deadlines": _deadlines(),
        "marking": counted.marking,
    }


@blueprint.reads("/attention", schemas.AttentionList, takes=Needing, permission=READ)
def needs(asked: dict[str, Any]) -> Told:
    """Deliverables that need somebody, the most pressing first"""
    found = attention(db.session, actor(), as_of())
    who, severity = asked.get("who", ""), asked.get("severity")
    chosen = [
        each
        for each in (found.muted if asked["muted"] else found.judged)
        if (not who or who in each.actors) and (severity is None or each.severity == severity)
    ]
    told = answered(chosen, lambda each: each.id, asked, lambda each: each)
    rows = whole(db.session, actor(), as_of(), told["items"])
    return {**told, "items": [telling.row(row) for row in rows]}


@blueprint.reads("/priorities", schemas.PriorityList, takes=Listed, permission=READ)
def all_priorities(asked: dict[str, Any]) -> Told:
    """Priorities, in the order of the plan, with their progress"""
    counts = progress.by_priority(db.session, actor(), as_of())
    found = priorities.priorities(db.session, as_of())
    return answered(found, lambda row: row.key, asked, lambda row: _priority(row, counts))


@blueprint.reads("/priorities/<key:key>", schemas.PriorityDetail, takes=AsOfQuery, permission=READ)
def one_priority(_asked: Told, key: str) -> Told:
    """One priority"""
    return shown_priority(key, as_of())


@blueprint.reads("/deadlines", schemas.DeadlineList, takes=Listed, permission=READ)
def all_deadlines(asked: dict[str, Any]) -> Told:
    """Deadlines, by the day they fall due, with the progress of what is due there"""
    return answered(_deadlines(), lambda row: row["key"], asked, lambda row: row)


@blueprint.reads("/deadlines/<key:key>", schemas.DeadlineDetail, takes=AsOfQuery, permission=READ)
def one_deadline(_asked: Told, key: str) -> Told:
    """One deadline, with every date it had and how ready what is due there is"""
    return shown_deadline(key, as_of())


@blueprint.reads("/members", schemas.MemberList, takes=Listed, permission=READ)
def all_members(asked: dict[str, Any]) -> Told:
    """Members, with what they lead and contribute to"""
    session, day = db.session, as_of()
    parts = counts_by_member(session, actor(), day)
    counts = progress.by_member(session, actor(), day)
    found = members.members(session, day)
    return answered(found, lambda row: row.code, asked, lambda row: _member(row, parts, counts))


@blueprint.reads("/members/<code:code>", schemas.MemberDetail, takes=AsOfQuery, permission=READ)
def one_member(_asked: Told, code: str) -> Told:
    """One member, with its institute and how far it is in each function"""
    session, day = db.session, as_of()
    row = load_or_404(members.member(session, code, day))
    found = profile(session, row.id, day)
    parts = counts_by_member(session, actor(), day)
    counts = progress.by_member(session, actor(), day)
    standings = [{"status": s.status, "from_on": s.from_on} for s in found.standings]
    about = {"as_of": day.day, "functions": found.functions, "standings": standings}
    return {**_member(row, parts, counts), **about}


@blueprint.reads("/functions", schemas.FunctionList, takes=Listed, permission=READ)
def all_functions(asked: dict[str, Any]) -> Told:
    """Functions, and how far each member is in each"""
    found = functions.functions(db.session, as_of())
    return answered(found, lambda row: row.key, asked, lambda row: row)


@blueprint.reads("/questions", schemas.QuestionList, takes=Listed, permission=READ)
def all_questions(asked: dict[str, Any]) -> Told:
    """Questions before the network, in the order of the plan"""
    found = priorities.questions(db.session, as_of())
    return answered(found, lambda row: row.key, asked, lambda row: row)


def shown_priority(key: str, day: AsOf) -> Told:
    """As GET answers it; what a change is compared to."""
    row = load_or_404(priorities.priority(db.session, key, day))
    counts = progress.by_priority(db.session, actor(), day)
    return {**_priority(row, counts), "as_of": day.day}


def shown_deadline(key: str, day: AsOf) -> Told:
    session, reader = db.session, actor()
    row = load_or_404(deadlines.deadline(session, key, day))
    ready: dict[str, int] = {}
    for need, _id in in_order_of_need(session, reader, day, Filter(deadline_id=row.id)):
        ready[need] = ready.get(need, 0) + 1
    return {
        **_deadline(row, progress.by_deadline(session, reader, day)),
        "as_of": day.day,
        "dates": deadlines.dates(session, row.id, day),
        "readiness": ready,
    }


def _deadlines() -> list[Told]:
    counts = progress.by_deadline(db.session, actor(), as_of())
    return [_deadline(row, counts) for row in deadlines.deadlines(db.session, as_of())]


def _deadline(row: DeadlineRow, counts: Mapping[int, Progress]) -> Told:
    return {
        **{name: getattr(row, name) for name in SAME_OF_DEADLINE},
        "host": row.host_code,
        "progress": telling.progress(counts.get(row.id, progress.NOTHING)),
    }


def _priority(row: PriorityRow, counts: Mapping[int, Progress]) -> Told:
    return {
        **{name: getattr(row, name) for name in SAME_OF_PRIORITY},
        "question": row.question_key,
        "progress": telling.progress(counts.get(row.id, progress.NOTHING)),
    }


def _member(
    row: MemberRow, parts: Mapping[int, PartCounts], counts: Mapping[int, Progress]
) -> Told:
    return {
        **{name: getattr(row, name) for name in ("code", "name", "zone", "status", "institute")},
        "works_from": f"{row.works_from:%H:%M}",
        "works_until": f"{row.works_until:%H:%M}",
        "weekend": sorted(row.week.weekend),
        "parts": parts.get(row.id, PartCounts()),
        "progress": telling.progress(counts.get(row.id, progress.NOTHING)),
    }
