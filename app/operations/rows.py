"""Rows of any table as lines of JSON that mean the same on both databases.

What a table holds is read from the database itself, so that a backup of an earlier state of the
structure is understood too. The index of words is each database's own and is made anew.
"""

import hashlib
import json
import warnings
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Time,
    func,
    null,
    select,
    text,
)
from sqlalchemy.exc import SAWarning

AT_ONCE = 500
OWN_TO_EACH = ("search_index", "alembic_version", "sqlite_")
"""What the migrations and `flask search rebuild` make: names that begin so."""


@dataclass
class Digest:
    """How many rows, and a hash of them that does not depend on their order."""

    count: int = 0
    total: int = field(default=0, repr=False)

    def add(self, line: bytes) -> None:
        self.count += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % 2**256

    @property
    def hash(self) -> str:
        return f"{self.total:064x}"


def tables(connection: Connection) -> list[Table]:
    """Those that hold what people entered; those that others refer to first."""
    metadata = MetaData()
    with warnings.catch_warnings():
        # Indexes on expressions and the like, which do not matter here.
        warnings.simplefilter("ignore", SAWarning)
        metadata.reflect(connection, only=lambda name, _: not name.startswith(OWN_TO_EACH))
        return list(metadata.sorted_tables)


def filled(connection: Connection) -> list[str]:
    """The names of the tables that hold any row."""
    found = tables(connection)
    return [t.name for t in found if connection.execute(select(1).select_from(t).limit(1)).first()]


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    names = sorted(column.name for column in table.columns)
    query = select(*(table.c[name] for name in names)).order_by(*table.primary_key.columns)
    result = connection.execute(query, execution_options={"yield_per": AT_ONCE})
    for row in result:
        plain = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def digest(connection: Connection, table: Table) -> Digest:
    found = Digest()
    for line in lines(connection, table):
        found.add(line)
    return found


def put(connection: Connection, table: Table, given: Iterable[bytes]) -> Digest:
    """Insert the rows. One that refers to another of its table follows it, wherever it came."""
    found = Digest()
    own = _references_to_itself(table)
    keys = [column.name for column in table.primary_key.columns]
    there: set[Any] = set()
    early: list[dict[str, Any]] = []
    batch: list[dict[str, Any]] = []
    for line in given:
        found.add(line)
        row = json.loads(line)
        if own and not _is_ready(row, own, there):
            early.append(row)
            continue
        there.update(row[key] for key in keys if own)
        batch.append(row)
        if len(batch) >= AT_ONCE:
            _insert(connection, table, batch)
            batch = []
    _insert(connection, table, batch)
    _insert_late(connection, table, early, there)
    return found


def set_sequences(connection: Connection, given: Sequence[Table]) -> None:
    """The next number that PostgreSQL gives comes after those that were brought along."""
    if connection.dialect.name != "postgresql":
        return
    for table in given:
        for column in table.primary_key.columns:
            asked = text("SELECT pg_get_serial_sequence(:name, :column)")
            named = {"name": f'"{table.name}"', "column": column.name}
            sequence = connection.scalar(asked, named)
            highest = connection.scalar(select(func.max(column)))
            if sequence is not None and highest is not None:
                connection.execute(text("SELECT setval(:s, :n)"), {"s": sequence, "n": highest})


def _insert_late(
    connection: Connection, table: Table, early: list[dict[str, Any]], there: set[Any]
) -> None:
    own = _references_to_itself(table)
    keys = [column.name for column in table.primary_key.columns]
    while early:
        ready = [row for row in early if _is_ready(row, own, there)]
        if not ready:
            raise ValueError(f"rows of {table.name} refer to each other in a ring")
        _insert(connection, table, ready)
        there.update(row[key] for row in ready for key in keys)
        early = [row for row in early if row[keys[0]] not in there]


def _references_to_itself(table: Table) -> list[str]:
    return [
        key.parent.name
        for key in table.foreign_keys
        if key.column.table is table and len(key.constraint.columns if key.constraint else ()) == 1
    ]


def _is_ready(row: dict[str, Any], own: list[str], there: set[Any]) -> bool:
    return all(row[name] is None or row[name] in there for name in own)


def _insert(connection: Connection, table: Table, batch: list[dict[str, Any]]) -> None:
    if not batch:
        return
    sqlite = connection.dialect.name == "sqlite"
    kinds = {column.name: column for column in table.columns}
    values = [
        {name: _value(value, kinds[name], sqlite=sqlite) for name, value in row.items()}
        for row in batch
    ]
    # A NULL where JSON may stand is no value to bind; such rows go one by one.
    if any(isinstance(column.type, JSON) and column.nullable for column in table.columns):
        for each in values:
            connection.execute(table.insert().values(each))
    else:
        connection.execute(table.insert(), values)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return aware.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        case date() | time():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case bytes() | memoryview():
            return b64encode(bytes(value)).decode()
    return value


def _value(value: Any, column: Column[Any], *, sqlite: bool) -> Any:
    kind = column.type
    if value is None:
        return null() if isinstance(kind, JSON) and column.nullable else None
    match kind:
        case DateTime():
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=None) if sqlite or not kind.timezone else moment
        case Date():
            return date.fromisoformat(value)
        case Time():
            return time.fromisoformat(value)
        case LargeBinary():
            return b64decode(value)
        case Float():
            return float(value)
        case Numeric():
            return Decimal(value)
    return value
