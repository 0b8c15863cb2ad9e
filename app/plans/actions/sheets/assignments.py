"""Who has which part: a row is the part that a member has, or is to have."""

from typing import Any, ClassVar

from sqlalchemy import select

from app.core.clock import today
from app.core.errors import N_, Refused
from app.core.history import FOREVER
from app.deliverables.actions.assignments import AssignmentEntry, assign
from app.deliverables.models import Assignment, AssignmentRole, AssignmentSpan, AssignmentState
from app.plans.actions.sheets.work import Came, Work
from app.plans.sheets import cells
from app.plans.sheets.reading import SheetRow

COLUMNS = ("deliverable", "member", "role", "state", "date", "why")


class Assignments(Work):
    columns: ClassVar[tuple[str, ...]] = COLUMNS
    needed: ClassVar[tuple[str, ...]] = ("deliverable", "member", "role")

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        rows = self.session.execute(
            select(Assignment.deliverable_id, Assignment.member_id, AssignmentSpan)
            .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
            .where(AssignmentSpan.until_on == FOREVER)
            .order_by(AssignmentSpan.id)
        )
        self._there = {(own, member): span for own, member, span in rows}

    def take(self, row: SheetRow) -> Came:
        deliverable, member = self.deliverable(row), self.member(row)
        self.once((deliverable.id, member.id))
        before = self._there.get((deliverable.id, member.id))
        role = self.needed_value(row, "role", lambda cell: cells.word(cell, AssignmentRole))
        state = self.value(row, "state", _state) or (
            before.state
            if before and before.role is role and before.state is not AssignmentState.ENDED
            else AssignmentState.PROPOSED
        )
        if before and (before.role, before.state) == (role, state):
            return Came.UNCHANGED
        from_on = self.value(row, "date", cells.day) if "date" in row.cells else today(self.now)
        if from_on < deliverable.exists_from:
            raise Refused(
                N_("The deliverable exists only from %(day)s on. Give that day or a later one."),
                field="date",
                day=deliverable.exists_from,
            )
        if before and from_on <= before.from_on:
            from_on = max(before.from_on, today(self.now))  # the row still has the day of before
        entry = AssignmentEntry(
            role=role,
            state=state,
            from_on=from_on,
            reason=self.value(row, "why", lambda cell: cells.text(cell, 2000)),
        )
        made = assign(self.session, self.actor, deliverable, member, entry, self.now)
        was = {"role": before.role.value, "state": before.state.value} if before else None
        self.done.append(
            {"assignment": made.id, "role": role.value, "state": state.value, "before": was}
        )
        return Came.CHANGED if before else Came.ADDED


def _state(cell: Any) -> AssignmentState | None:
    return None if cell is None else cells.word(cell, AssignmentState)
