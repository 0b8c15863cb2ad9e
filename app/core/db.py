"""The declarative base, the column types and the engine.

SQLite and PostgreSQL behave alike: foreign keys hold on both, enums are checked strings,
instants are UTC, and a transaction that will write says so when it begins.
"""

import enum
import os
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    case,
    create_engine,
    event,
    func,
    type_coerce,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, mapped_column
from sqlalchemy.orm.attributes import InstrumentedAttribute, Mapped
from sqlalchemy.orm.unitofwork import UOWTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.core.markings import WIDEST_FIRST, Marking, narrowness, note

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a datetime without a zone; always gives one with UTC."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def words(kind: type[enum.StrEnum]) -> TypeEngine[Any]:
    """A string column that takes only the words of an enum, checked by the database."""
    options: dict[str, Any] = {
        "native_enum": False,
        "create_constraint": True,
        "length": 30,
        "name": kind.__name__.lower(),
        "values_callable": lambda members: [member.value for member in members],
    }
    return MarkingWord(kind, **options) if kind is Marking else Enum(kind, **options)


class MarkingWord(TypeDecorator[Marking]):
    """The column of a marking. What is read from it is noted, so that a page can say how high the
    marking is of what it shows."""

    impl = Enum
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> Marking | None:
        return _noted(value)


class MarkingRank(TypeDecorator[Marking]):
    """How narrow a marking is, as a number: for the highest of a group."""

    impl = Integer
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> Marking | None:
        return None if value is None else _noted(WIDEST_FIRST[value])


def highest_of(
    first: InstrumentedAttribute[Marking], second: InstrumentedAttribute[Marking]
) -> ColumnElement[Marking]:
    """The highest marking that one of the columns has in a row of a group."""
    one, other = (case(RANKS, value=column, else_=0) for column in (first, second))
    return type_coerce(func.max(case((one > other, one), else_=other)), MarkingRank())


RANKS = {marking: narrowness(marking) for marking in Marking}


def _noted(marking: Marking | None) -> Marking | None:
    if marking is not None:
        note(marking)
    return marking


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant}  # noqa: RUF012 - SQLAlchemy reads it so


class Keyed:
    """Has a number of its own."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)


def make_engine(url: str) -> Engine:
    """An engine on which foreign keys hold and readers see one state of the data."""
    sqlite = url.startswith("sqlite")
    engine = create_engine(
        url,
        # What was bound is what people wrote: no message and no log quotes it.
        hide_parameters=True,
        pool_pre_ping=not sqlite,
        pool_timeout=10,
        connect_args={} if sqlite or "connect_timeout" in url else {"connect_timeout": 5},
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkout", _leave_a_file_that_is_gone)
    else:
        event.listen(engine, "connect", _prepare_postgres)
    return engine


def writing(engine: Engine) -> Engine:
    """The same pool, for transactions that will write."""
    return engine.execution_options(writes=True)


def reading(engine: Engine) -> Engine:
    """The same pool, for transactions that only read: one consistent state from first to last."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(writes=False)


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: it would begin them too late to write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else REPLACE takes rows away without asking their triggers
        "busy_timeout=10000",
        "temp_store=MEMORY",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("PRAGMA database_list")
    _number, _name, path = cursor.fetchone() or (0, "", "")
    record.info["file"] = (path, _identity(path)) if path else None
    cursor.close()


def _leave_a_file_that_is_gone(
    _connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """A file that was deleted or replaced is written to all the same by whoever has it open, and
    what was acknowledged would be gone with the process. The pool opens what is there now."""
    known = record.info["file"]
    if known is not None and _identity(known[0]) != known[1]:
        raise DisconnectionError("the database file is another")


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - on every checkout: a Path would take longer
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_postgres(connection: DBAPIConnection, _record: object) -> None:
    # Compiling a query takes seconds, and pays for reports; our pages are answered in less.
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("SET jit = off")
    # As long as SQLite waits; else whoever holds a row would hold every thread of the site. Where
    # DATABASE_URL says something else, that holds.
    cursor.execute(
        "SELECT set_config('lock_timeout', '10s', false) "
        "WHERE current_setting('lock_timeout') IN ('0', '')"
    )
    cursor.close()
    connection.autocommit = False


def _begin_sqlite(connection: Connection) -> None:
    # BEGIN IMMEDIATE takes the write lock at once; upgrading later can fail under load.
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class ReadOnlySession(Session):
    """A session for pages: a change that slips into it is a mistake, not a lost write."""


@event.listens_for(ReadOnlySession, "before_flush")
def _refuse_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a page tried to write; writing belongs to an action")


@event.listens_for(ReadOnlySession, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError("a page tried to write; writing belongs to an action")
