"""Status updates: each row is an entry of its own; what was logged already is left alone."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import select

from app.core.errors import Refused
from app.deliverables.actions.updates import UpdateEntry, UpdateLog
from app.deliverables.models import StatusUpdate
from app.deliverables.rules.moves import Health, Status
from app.plans.actions.sheets.work import Came, Progress, Work
from app.plans.sheets import cells
from app.plans.sheets.reading import SheetRow
from app.sharing.queries import visible

Identity = tuple[Any, ...]
MOST_TEXT = 5000
COLUMNS = (
    "date", "deliverable", "status", "health", "progress", "blocker", "next_step", "note",
)  # fmt: skip


class Updates(Work):
    columns: ClassVar[tuple[str, ...]] = COLUMNS
    needed: ClassVar[tuple[str, ...]] = ("date", "deliverable", "status")
    writes_at_once: ClassVar[bool] = False

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        keys = {str(row.cells.get("deliverable", "")).strip().lower() for row in self.rows}
        named = [each for key, each in self._deliverables.items() if key in keys]
        self._log = UpdateLog(self.session, self.actor, named, self.now)
        ids = [each.id for each in named]
        self._there: set[Identity] = set()
        for first in range(0, len(ids), 500):
            some = StatusUpdate.deliverable_id.in_(ids[first : first + 500])
            rows = select(StatusUpdate).where(some, visible(self.actor, StatusUpdate))
            self._there.update(map(_identity, self.session.scalars(rows)))

    def in_order(self) -> Iterable[SheetRow]:
        """By their days, so that a move finds the one before it, wherever that stands."""
        return sorted(self.rows, key=_day)

    def take(self, row: SheetRow) -> Came:
        deliverable = self.deliverable(row)
        entry = UpdateEntry(
            effective_on=self.needed_value(row, "date", cells.day),
            status=self.needed_value(row, "status", lambda cell: cells.word(cell, Status)),
            health=self.value(row, "health", _health),
            progress=self.value(row, "progress", cells.percent),
            blocker=self.value(row, "blocker", _text),
            next_step=self.value(row, "next_step", _text),
            note=self.value(row, "note", _text),
        )
        identity = (
            deliverable.id, entry.effective_on, entry.status, entry.health, entry.progress,
            entry.blocker, entry.next_step, entry.note,
        )  # fmt: skip
        self.once(identity)
        if identity in self._there:
            return Came.UNCHANGED
        try:
            self._log.plan(deliverable, entry)
        except Refused as refused:
            column = {"effective_on": "date"}.get(refused.field, refused.field)
            refused.field = column
            raise
        return Came.ADDED

    def finish(self, progress: Progress | None = None) -> None:
        self.done = [{"update": number} for number in self._log.close(progress)]


def _identity(row: StatusUpdate) -> Identity:
    return (
        row.deliverable_id, row.effective_on, row.status, row.health, row.progress,
        _text(row.blocker), _text(row.next_step), _text(row.note),
    )  # fmt: skip


def _health(cell: Any) -> Health | None:
    return None if cell is None else cells.word(cell, Health)


def _text(cell: Any) -> str:
    return cells.text(cell, MOST_TEXT)


def _day(row: SheetRow) -> tuple[date, int]:
    try:
        return cells.day(row.cells.get("date")), row.line
    except Refused:
        return date.min, row.line
