"""What falls due, and what nothing was heard of."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from app.deliverables.models import AssignmentRole, AssignmentState
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, Part, every
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.moves import ACTIVE, Status
from app.members.models import Member
from app.reminders.rules import SILENCE, Kind, Thing
from app.reminders.sources.look import Look


def things(look: Look) -> Iterator[Thing]:
    """Of what the reader's member has accepted a part in. What waits for a coordinator's review is
    not the member's to hurry."""
    if look.reader.member_id is None:
        return
    code = look.session.get_one(Member, look.reader.member_id).code
    mine = Filter(member_id=look.reader.member_id)
    for row in every(look.session, look.reader, look.as_of, mine):
        part = _accepted(row, code)
        if part is None or row.status not in ACTIVE or row.status is Status.IN_REVIEW:
            continue
        leads = part.role is AssignmentRole.LEAD
        if row.due_on is not None:
            yield _due(look, row, leads)
        if leads:
            yield from _stale(row, code)


def _accepted(row: DeliverableRow, code: str) -> Part | None:
    taken = (p for p in row.parts if p.code == code and p.state is AssignmentState.ACCEPTED)
    return next(taken, None)


def _due(look: Look, row: DeliverableRow, leads: bool) -> Thing:
    """While it is late, only those who lead it are told again."""
    rhythm = look.settings.rhythm
    assert row.due_on is not None  # noqa: S101 - whoever calls has seen to it
    return Thing(
        kind=Kind.DUE,
        about=str(row.id),
        on=row.due_on,
        rhythm=rhythm if leads else replace(rhythm, most=0, forget=0),
        title=row.title,
        note=row.deadline_title or "",
        path=f"/deliverables/{row.key}",
        edits=f"/deliverables/{row.key}/updates",
        marking=row.marking,
        until=row.due_precision,
    )


def _stale(row: DeliverableRow, code: str) -> Iterator[Thing]:
    raised = next((r for r in row.flags if r.flag is Flag.STALE and code in r.actors), None)
    if raised is None:
        return
    heard_on = row.updated_on or row.exists_from
    days = raised.inputs["threshold_days"]
    assert isinstance(days, int)  # noqa: S101 - the rule says so
    yield Thing(
        kind=Kind.STALE,
        about=str(row.id),
        on=heard_on + timedelta(days=days),
        anchor=heard_on.isoformat(),
        rhythm=SILENCE,
        title=row.title,
        path=f"/deliverables/{row.key}",
        edits=f"/deliverables/{row.key}/updates",
        marking=row.shown_marking,
        until=row.updated_on,
    )
