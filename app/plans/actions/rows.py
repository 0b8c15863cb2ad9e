"""Bringing in the rows of a record: a whole network, as people left it, into an empty database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, func, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from app.core.errors import N_
from app.deliverables.actions import states
from app.deliverables.models import Deliverable
from app.members.models import Network
from app.people.models import Account
from app.plans import carried
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run
from app.plans.reading import Fault, Faults
from app.plans.reading.faults import Phrase, phrase
from app.plans.reading.rows import Row
from app.search import indexing

Numbers = dict[str, dict[Any, int]]

_COUNTS = "SELECT setval(pg_get_serial_sequence(:name, 'id'), (SELECT max(id) FROM {name}))"


def bring_in_all(run: Run) -> int:
    """How many rows were taken. Where there is a network already that is none: then the sections
    speak alone."""
    rows = run.bundle.rows
    is_empty = run.session.get(Network, 1) is None
    if rows and is_empty:
        _Restoring(run).bring_in(rows)
    for row in rows:
        happened = Outcome.ADDED if is_empty else Outcome.UNCHANGED
        run.report.note(f"rows: {row.table}", str(row.line), happened)
    return len(rows) if is_empty else 0


class _Restoring:
    def __init__(self, run: Run) -> None:
        self._run, self._session = run, run.session
        self._numbers: Numbers = {}
        self._faults: list[Fault] = []

    def bring_in(self, rows: Sequence[Row]) -> None:
        of_table: dict[str, list[Row]] = {}
        for row in rows:
            if row.table not in carried.CARRIED:
                hopes = phrase(N_("a table that docs/data-formats.md names"))
                self._fault(row, phrase(N_("There is no table “%(name)s”."), name=row.table), hopes)
            of_table.setdefault(row.table, []).append(row)
        self._tell()
        for table in carried.tables():
            self._table(table, of_table.get(table.name, []))
        states.rebuild(self._session, self._session.scalars(select(Deliverable)).all())
        indexing.rebuild(self._session)

    def _table(self, table: Table, rows: Sequence[Row]) -> None:
        numbers = self._numbers.setdefault(table.name, {})
        if table.name == "accounts":
            numbers.update(_accounts(self._session))
            rows = [row for row in rows if row.values.get("email") not in numbers]
        first = self._highest(table)
        for place, row in enumerate(rows, first + 1):
            self._note_number(table, row, place, numbers)
        kept = [self._kept(table, row, numbers) for row in rows]
        self._tell()
        if kept:
            self._insert(table, rows, kept)

    def _note_number(self, table: Table, row: Row, place: int, numbers: dict[Any, int]) -> None:
        if "id" not in table.columns:
            return
        name = row.values.get(carried.natural(table) or "id")
        if name is None or name in numbers:
            hopes = phrase(N_("one of its own for each row"))
            self._fault(row, phrase(N_("The row has no number or key, or a second one.")), hopes)
        numbers[name] = place

    def _kept(self, table: Table, row: Row, numbers: Mapping[Any, int]) -> dict[str, Any]:
        known = {carried.written_name(column): column for column in carried.columns(table)}
        for name in row.values.keys() - known.keys():
            self._fault(
                row,
                phrase(N_("The table has no column “%(name)s”."), name=name),
                phrase(N_("one of: %(listed)s"), listed=", ".join(known)),
            )
        kept = {column.name: self._cell(row, name, column) for name, column in known.items()}
        if "id" in table.columns:
            kept["id"] = numbers.get(row.values.get(carried.natural(table) or "id"), 0)
        if table.name == "accounts":
            kept |= {"password_hash": "", "is_active": False}
        return kept

    def _cell(self, row: Row, name: str, column: Column[Any]) -> Any:
        written = row.values.get(name)
        if written is None:
            kept = carried.default(column)
            if kept is None and not column.nullable:
                says = phrase(N_("The row lacks “%(name)s”."), name=name)
                self._fault(row, says, phrase(N_("a value for “%(field)s”"), field=name))
            return kept
        of = carried.target(column)
        try:
            if of is not None:
                return self._numbers[of.name][written]
            return carried.as_kept(column, written)
        except (KeyError, ValueError):
            says = phrase(N_("“%(name)s” is “%(value)s”."), name=name, value=str(written)[:80])
            hopes = phrase(N_("a value that fits the column, or names a row of these files"))
            self._fault(row, says, hopes)
            return None

    def _insert(self, table: Table, rows: Sequence[Row], kept: list[dict[str, Any]]) -> None:
        try:
            with self._session.begin_nested():
                self._session.execute(insert(table), kept)
        except (IntegrityError, StatementError) as error:
            says = phrase(
                N_("The rows of “%(name)s” do not fit: %(why)s"),
                name=table.name,
                why=str(getattr(error, "orig", None) or error).splitlines()[0][:200],
            )
            self._fault(rows[0], says, phrase(N_("rows as they were exported")))
            self._tell()
        self._count_on(table)

    def _count_on(self, table: Table) -> None:
        """PostgreSQL counts by itself, and has to know which numbers are taken."""
        is_postgres = self._session.get_bind().dialect.name == "postgresql"
        if is_postgres and "id" in table.columns:
            self._session.execute(text(_COUNTS.format(name=table.name)), {"name": table.name})

    def _highest(self, table: Table) -> int:
        if "id" not in table.columns:
            return 0
        return self._session.scalar(select(func.max(table.c.id))) or 0

    def _fault(self, row: Row, says: Phrase, hopes: Phrase) -> None:
        self._faults.append(Fault(row.file, row.line, says, hopes))

    def _tell(self) -> None:
        if self._faults:
            raise Faults(self._faults[:100])


def _accounts(session: Session) -> dict[Any, int]:
    """Those that are there stay what they are."""
    rows = session.execute(select(Account.email, Account.id))
    return {email: number for email, number in rows}  # noqa: C416 - rows are no plain pairs
