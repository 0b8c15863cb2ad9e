"""How deliverables are told to programs: what the queries found, in the names of the schemas."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.core.clock import AsOf
from app.core.history import FOREVER
from app.deliverables.models import AssignmentSpan, ScheduleChange, StatusUpdate
from app.deliverables.queries.detail import Detail
from app.deliverables.queries.listing import DeliverableRow, Part
from app.deliverables.rules.attention import Raised
from app.deliverables.rules.progress import Progress
from app.deliverables.wording import flag_sentence

Told = dict[str, Any]
AS_THEY_ARE = (
    "key", "title", "kind", "basis", "horizon", "exists_from", "status", "status_since", "health",
    "progress", "updated_on", "delivered_on", "own_due_on", "due_on", "due_precision", "days_late",
    "blocker",
)  # fmt: skip


def progress(of: Progress) -> Told:
    return {
        "total": of.total,
        "by_status": of.by_status,
        "overdue": of.overdue,
        "share_delivered": of.share,
        "mean_progress": of.mean_progress,
        "with_known_progress": of.known_progress,
    }


def row(of: DeliverableRow) -> Told:
    return {
        **{name: getattr(of, name) for name in AS_THEY_ARE},
        "priority": of.priority_key,
        "deadline": of.deadline_key,
        "marking": of.shown_marking,
        "assignments": [part(each) for each in of.parts],
        "depends_on": of.needs,
        "flags": [raised(each) for each in of.flags],
        "muted_flags": [each.raised.flag for each in of.muted],
    }


def raised(of: Raised) -> Told:
    return {
        "flag": of.flag,
        "severity": of.severity,
        "sentence": flag_sentence(of),
        "members": of.actors,
        "coordinator_acts": of.coordinator_acts,
    }


def part(of: Part) -> Told:
    return {"member": of.code, "role": of.role, "state": of.state}


def detail(of: Detail, as_of: AsOf) -> Told:
    return {
        **row(of.row),
        "as_of": as_of.day,
        "note": of.note,
        "waiting_for_it": of.waiting,
        "updates": updates(of.updates, of.corrections),
        "schedule": [schedule(each) for each in of.schedule],
        "assignment_history": [span(each) for each in of.parts],
    }


def updates(of: Iterable[StatusUpdate], corrections: Mapping[int, int]) -> list[Told]:
    return [update(each, corrections.get(each.id)) for each in of]


def update(of: StatusUpdate, corrected_by: int | None) -> Told:
    same = ("id", "effective_on", "recorded_at", "status", "health", "progress", "note", "blocker")
    return {
        **{name: getattr(of, name) for name in same},
        "next_step": of.next_step,
        "marking": of.marking,
        "by": of.account.name,
        "member": of.member.code if of.member else None,
        "corrects": of.corrects_id,
        "corrected_by": corrected_by,
        "evidence": [
            {"title": each.title, "url": each.url or None, "marking": each.marking}
            for each in of.evidence
        ],
    }


def schedule(of: ScheduleChange) -> Told:
    return {
        "effective_on": of.effective_on,
        "deadline": of.deadline.key if of.deadline else None,
        "due_on": of.due_on,
        "reason": of.reason,
    }


def span(of: AssignmentSpan) -> Told:
    return {
        "member": of.assignment.member.code,
        "role": of.role,
        "state": of.state,
        "from_on": of.from_on,
        "until_on": None if of.until_on == FOREVER else of.until_on,
        "reason": of.reason,
        "version": of.assignment.version,
    }
