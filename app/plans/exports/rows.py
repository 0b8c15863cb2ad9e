"""Every row of the tables that a record carries, with numbers counted from one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.plans import carried
from app.plans.exports.text import Written

Row = dict[str, Any]

_EMPTY = Written('""')
"""Where nothing at all could stand, too."""


@dataclass(slots=True)
class Rows:
    """What stands in the tables and may leave the screen."""

    by_table: dict[str, list[Row]] = field(default_factory=dict)
    left_out: int = 0
    """Rows that are marked RED, or belong to one that is."""
    markings: set[Marking] = field(default_factory=set)
    _names: dict[str, dict[int, Any]] = field(default_factory=dict)

    def written(self) -> Iterator[tuple[str, list[Row]]]:
        """Table by table, with the names of what each row refers to."""
        for table in carried.tables():
            rows = self.by_table[table.name]
            self._name(table, rows)
            if rows:
                yield table.name, [self._written(table, row) for row in rows]

    def _name(self, table: Table, rows: Iterable[Row]) -> None:
        if "id" in table.columns:
            key = carried.natural(table)
            self._names[table.name] = {
                row["id"]: row[key] if key else place for place, row in enumerate(rows, 1)
            }

    def _written(self, table: Table, row: Row) -> Row:
        cells = {}
        for column in carried.columns(table):
            value = row[column.name]
            if value is not None and value != carried.default(column):
                cells[carried.written_name(column)] = self._cell(table, column, value)
        return cells

    def _cell(self, table: Table, column: Column[Any], value: Any) -> Any:
        of = carried.target(column)
        if of is not None:
            return self._names[of.name][value]
        if column.name == "id":
            return self._names[table.name][value]
        return carried.as_written(column, value) if value != "" else _EMPTY


def read(session: Session) -> Rows:
    rows = Rows()
    gone: dict[str, set[int]] = {}
    for table in carried.tables():
        found = session.execute(select(table).order_by(*table.primary_key)).mappings()
        kept = rows.by_table.setdefault(table.name, [])
        for row in found:
            if _stays_here(table, row, gone):
                rows.left_out += 1
                if "id" in table.columns:
                    gone.setdefault(table.name, set()).add(row["id"])
            else:
                kept.append(dict(row))
                rows.markings.add(row.get("marking", Marking.CLEAR))
    _only_what_is_named(rows, "audiences")
    _only_what_is_named(rows, "accounts")
    return rows


def _stays_here(table: Table, row: Mapping[Any, Any], gone: Mapping[str, set[int]]) -> bool:
    """RED is for the screen: it, what hangs from it and what was written down of it."""
    if row.get("marking") is Marking.RED:
        return True
    for column in table.columns:
        of = carried.target(column)
        if of is not None and row[column.name] in gone.get(of.name, ()):
            return True
    told = (row.get("content"), row.get("saw"))
    return any(f'"{Marking.RED}"' in str(text).replace("'", '"') for text in told if text)


def _only_what_is_named(rows: Rows, name: str) -> None:
    """Audiences and accounts that nothing carried refers to stay out, with what belongs to them."""
    belongs = {"audiences": ("audience_members", "audience_accounts")}.get(name, ())
    named: set[Any] = set()
    for table in carried.tables():
        if table.name not in (name, *belongs):
            for column in table.columns:
                if (of := carried.target(column)) is not None and of.name == name:
                    named.update(row[column.name] for row in rows.by_table[table.name])
    rows.by_table[name] = [row for row in rows.by_table[name] if row["id"] in named]
    for table_name in belongs:
        kept = [row for row in rows.by_table[table_name] if row["audience_id"] in named]
        rows.by_table[table_name] = kept
