"""Deliverables: what is not there is added, what differs is changed, nothing is taken away."""

import re
from dataclasses import asdict
from typing import Any, ClassVar

from sqlalchemy import select

from app.core.clock import today
from app.core.errors import N_, Refused
from app.core.markings import Marking
from app.deadlines.models import Deadline
from app.deliverables.actions import planning, states
from app.deliverables.actions.planning import DeliverableEntry
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import Deliverable, DeliverableKind
from app.deliverables.rules.history import state_on
from app.plans.actions.sheets.needs import Needs
from app.plans.actions.sheets.work import Came, Work
from app.plans.sheets import cells
from app.plans.sheets.reading import SheetRow
from app.priorities.models import Basis, Priority

COLUMNS = (
    "key", "title", "kind", "priority", "deadline", "due_on", "depends_on", "basis", "marking",
    "note", "reason",
)  # fmt: skip
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Deliverables(Work):
    columns: ClassVar[tuple[str, ...]] = COLUMNS
    needed: ClassVar[tuple[str, ...]] = ("key", "title", "kind", "priority")

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._priorities = {each.key: each for each in self.session.scalars(select(Priority))}
        self._deadlines = {each.key: each for each in self.session.scalars(select(Deadline))}
        hidden = select(Deliverable.key)
        self._taken = set(self.session.scalars(hidden)) - self._deliverables.keys()
        self._needs = Needs(self.session, self.actor, self.headings)
        named = {str(row.cells.get("key", "")).strip() for row in self.rows}
        there = [each for key, each in self._deliverables.items() if key in named]
        self._histories = states.Histories(self.session, there, self.actor)

    def key_of(self, row: SheetRow) -> str:
        return str(row.cells.get("key", ""))[:80]

    def take(self, row: SheetRow) -> Came:
        key = self.needed_value(row, "key", _key)
        self.once(key)
        there = self._deliverables.get(key)
        entry = self._entry(row, there)
        due = self._due(row)
        if there is None:
            self._needs.of(self._add(key, entry, due), row)
            return Came.ADDED
        before = self._needs.of(there, row)
        came = self._change(row, there, entry, due)
        if before is None:
            return came
        if came is Came.UNCHANGED:
            self._note_done(there)
        self.done[-1]["needs"] = before
        return Came.CHANGED

    def settle(self) -> dict[int, Refused]:
        return self._needs.settle(self.now)

    def _add(self, key: str, entry: DeliverableEntry, due: Due) -> Deliverable:
        if key in self._taken:
            raise Refused(N_("Another thing has this key. Choose another one."), field="key")
        day = today(self.now)
        made = planning.add_deliverable(self.session, self.actor, key, entry, due, day, self.now)
        self.done.append({"deliverable": made.id, "added": True})
        return made

    def _change(self, row: SheetRow, there: Deliverable, entry: DeliverableEntry, due: Due) -> Came:
        before = {name: getattr(there, name) for name in asdict(entry)}
        span = state_on(self._histories.of(there), today(self.now))
        old = Due(span.deadline_id, span.due_on) if span else Due()
        described = planning.describe(
            self.session, self.actor, there, entry, there.version, self.now
        )
        has_due = {"deadline", "due_on"} & row.cells.keys() or old == due
        moved = bool(has_due) and reschedule(
            self.session,
            self.actor,
            there,
            due,
            effective_on=max(today(self.now), there.exists_from),
            reason=self.value(row, "reason", lambda cell: cells.text(cell, 2000)) or self.name,
            seen_version=there.version,
            now=self.now,
        )
        if not described and not moved:
            return Came.UNCHANGED
        was = {name: getattr(value, "value", value) for name, value in before.items()}
        self._note_done(there)
        self.done[-1]["before"] = was if described else None
        if moved:
            self.done[-1]["due"] = [
                old.deadline_id,
                old.own_due_on.isoformat() if old.own_due_on else None,
            ]
        return Came.CHANGED

    def _note_done(self, there: Deliverable) -> None:
        """Undoing asks whether it is still as this left it."""
        self.done.append(
            {"deliverable": there.id, "version": there.version, "before": None, "due": None}
        )

    def _entry(self, row: SheetRow, there: Deliverable | None) -> DeliverableEntry:
        marking = self.value(row, "marking", _marking)
        if there is not None and marking is not None and marking is not there.marking:
            raise Refused(
                N_("Marked otherwise there: a marking is changed on the page."), field="marking"
            )
        basis = self.value(row, "basis", _basis)
        return DeliverableEntry(
            title=self.needed_value(row, "title", _line),
            kind=self.needed_value(row, "kind", lambda cell: cells.word(cell, DeliverableKind)),
            priority_id=self._named(row, "priority", self._priorities).id,
            basis=basis or (there.basis if there else Basis.PROPOSED),
            note=self._note(row, there),
            marking=there.marking if there else marking or Marking.GREEN,
            source_id=there.source_id if there else None,
        )

    def _note(self, row: SheetRow, there: Deliverable | None) -> str:
        if there and "note" not in self.headings:
            return there.note
        said = self.value(row, "note", lambda cell: cells.text(cell, 10_000))
        # What was stored with other blanks around it has not changed.
        return there.note if there and cells.text(there.note) == said else said

    def _due(self, row: SheetRow) -> Due:
        deadline = row.cells.get("deadline")
        own = self.value(row, "due_on", cells.day) if "due_on" in row.cells else None
        if deadline is not None and own is not None:
            raise Refused(N_("Either a deadline or a day of its own, not both."), field="due_on")
        if deadline is None:
            return Due(own_due_on=own)
        return Due(self._named(row, "deadline", self._deadlines).id)


def _key(cell: Any) -> str:
    said = cells.text(cell, 80)
    if not _KEY.fullmatch(said):
        raise Refused(N_("A key has small letters, digits and single hyphens between them."))
    return said


def _line(cell: Any) -> str:
    return cells.text(cell, 300).replace("\n", " ")


def _marking(cell: Any) -> Marking | None:
    return None if cell is None else cells.word(str(cell).removeprefix("TLP:"), Marking)


def _basis(cell: Any) -> Basis | None:
    return None if cell is None else cells.word(cell, Basis)
