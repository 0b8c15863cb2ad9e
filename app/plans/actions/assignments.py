"""Logging which member has which part in which deliverable."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.deliverables.actions.assignments import AssignmentEntry, assign
from app.deliverables.models import Assignment, AssignmentRole, AssignmentSpan, AssignmentState
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run
from app.plans.reading import values


@dataclass(frozen=True, slots=True)
class Part:
    """What was said of a member's part, by the import or by people."""

    role: AssignmentRole
    state: AssignmentState
    from_on: date
    by_import: bool


Parts = dict[tuple[int, int], list[Part]]


def log_all(run: Run) -> None:
    parts = _parts(run)
    run.each(run.bundle.assignments, lambda run, said: _log(run, said, parts))


def _log(run: Run, said: values.Assignment, parts: Parts) -> None:
    deliverable = run.there.deliverables[said.deliverable]
    member = run.there.members[said.member]
    wanted = Part(AssignmentRole(said.role), AssignmentState(said.state), said.effective_on, True)
    there = parts.setdefault((deliverable.id, member.id), [])
    outcome = _outcome(there, wanted, planned=run.is_planned(said))
    key = f"{said.deliverable} {said.member} {said.effective_on.isoformat()}"
    run.report.note("assignments", key, outcome)
    if outcome is Outcome.UNCHANGED:
        return
    entry = AssignmentEntry(
        role=wanted.role,
        state=wanted.state,
        from_on=wanted.from_on,
        precision=said.precision,
        reason="\n".join(text for text in (said.why, said.note) if text),
        source_id=run.source_id(said),
    )
    assign(run.session, run.actor, deliverable, member, entry, run.now)
    there.append(wanted)


def _outcome(there: list[Part], wanted: Part, *, planned: bool) -> Outcome:
    same = (wanted.role, wanted.state, wanted.from_on)
    if any((part.role, part.state, part.from_on) == same for part in there):
        return Outcome.UNCHANGED
    if planned and there and _is_answered(there, wanted):
        return Outcome.UNCHANGED
    return Outcome.CHANGED if there else Outcome.ADDED


def _is_answered(there: list[Part], wanted: Part) -> bool:
    """A plan goes on proposing what was answered since. It has something new to say only where it
    gives another role than an import gave last, or another state and nobody has spoken since."""
    last = next((part for part in reversed(there) if part.by_import), None)
    if last is None or last.role is not wanted.role:
        return False
    is_proposal = wanted.state is AssignmentState.PROPOSED
    return is_proposal or not there[-1].by_import or last.state is wanted.state


def _parts(run: Run) -> Parts:
    rows = run.session.execute(
        select(
            Assignment.deliverable_id,
            Assignment.member_id,
            AssignmentSpan.role,
            AssignmentSpan.state,
            AssignmentSpan.from_on,
            AssignmentSpan.recorded_by_id == run.actor.account_id,
        )
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .order_by(AssignmentSpan.id)
    )
    parts: Parts = {}
    for deliverable_id, member_id, role, state, from_on, by_import in rows:
        part = Part(role, state, from_on, bool(by_import))
        parts.setdefault((deliverable_id, member_id), []).append(part)
    return parts
