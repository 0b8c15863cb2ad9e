"""What is the same for every kind of table: rows are tried one by one, all or none are kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refused
from app.core.permissions import Actor
from app.deliverables.models import Deliverable
from app.members.models import Member
from app.plans.sheets.reading import Cell, Sheet, SheetRow
from app.sharing.queries import visible

Value = TypeVar("Value")
Done = dict[str, Any]
Progress = Callable[[int, int], None]
"""Told how many are done, and of how many."""


class Came(StrEnum):
    """What comes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    key: str
    came: Came
    refused: Refused | None = None


@dataclass(slots=True)
class Result:
    lines: list[Line] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

    def count(self, came: Came) -> int:
        return sum(line.came is came for line in self.lines)


class Work:
    """One kind of table. `take` does a row or raises Refused; `finish` brings what follows up to
    date. `done` is what undoing needs to know."""

    columns: ClassVar[tuple[str, ...]]
    needed: ClassVar[tuple[str, ...]]
    writes_at_once: ClassVar[bool] = True
    """A row that is refused may have written something before."""

    def __init__(
        self, session: Session, actor: Actor, sheet: Sheet, name: str, now: datetime
    ) -> None:
        self.session, self.actor, self.rows = session, actor, sheet.rows
        self.headings = sheet.headings
        self.name, self.now = name, now
        self.done: list[Done] = []
        self._seen: set[object] = set()
        seen = session.scalars(select(Deliverable).where(visible(actor, Deliverable)))
        self._deliverables = {each.key: each for each in seen}
        self._members = {each.code: each for each in session.scalars(select(Member))}

    def in_order(self) -> Iterable[SheetRow]:
        return self.rows

    def key_of(self, row: SheetRow) -> str:
        """How the row is named to people, whatever is wrong with it."""
        return " ".join(str(row.cells.get(name, "")) for name in self.needed)[:120]

    def take(self, row: SheetRow) -> Came:
        raise NotImplementedError

    def settle(self) -> dict[int, Refused]:
        """What only all the rows together show: faults by line."""
        return {}

    def finish(self, progress: Progress | None = None) -> None:
        """Once, after the last row, where all of it is kept."""

    def value(self, row: SheetRow, name: str, read: Callable[[Cell], Value]) -> Value:
        """What stands in the column; its fault names the column."""
        try:
            return read(row.cells.get(name))
        except Refused as refused:
            raise Refused(refused.message, field=name, **refused.params) from None

    def needed_value(self, row: SheetRow, name: str, read: Callable[[Cell], Value]) -> Value:
        if row.cells.get(name) is None:
            raise Refused(N_("It is empty."), field=name)
        return self.value(row, name, read)

    def deliverable(self, row: SheetRow) -> Deliverable:
        return self._named(row, "deliverable", self._deliverables)

    def member(self, row: SheetRow) -> Member:
        return self._named(row, "member", self._members)

    def _named(self, row: SheetRow, column: str, there: dict[str, Value]) -> Value:
        said = str(self.needed_value(row, column, str)).strip()
        found = there.get(said) or there.get(said.upper() if column == "member" else said.lower())
        if found is None:
            raise Refused(N_("There is no “%(said)s”."), field=column, said=said[:80])
        return found

    def once(self, identity: object) -> None:
        """Raises Refused for what a row above said already."""
        if identity in self._seen:
            raise Refused(N_("A row above says the same."))
        self._seen.add(identity)
