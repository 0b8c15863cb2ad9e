"""From one database to another, with every row checked."""

from collections.abc import Callable, Mapping
from itertools import count

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.orm import Session

from app.core import migrating
from app.core.db import reading, writing
from app.core.errors import N_, Refused
from app.core.progress import Progress, unseen
from app.operations import rows
from app.operations.rows import Digest
from app.search import indexing

NOT_EMPTY = N_("There is something in it already: %(tables)s. Only an empty database is filled.")
NOT_THE_SAME = N_("What arrived in %(table)s is not what was sent. Nothing was kept.")
NOT_MIGRATED = N_("It is at %(at)s, not at %(newest)s: bring it up to date first.")

Fill = Callable[[Connection, Table], Digest]


def copy(source: Engine, target: Engine, progress: Progress = unseen) -> Mapping[str, int]:
    """Copy everything; gives how many rows each table has. One state of the source, whatever is
    written meanwhile; into the target all of it or nothing."""
    at, newest = migrating.current(source), migrating.newest()
    if at != newest:
        raise Refused(NOT_MIGRATED, at=at or "nothing", newest=newest)
    with reading(source).connect() as asked, asked.begin():
        sent = {table.name: table for table in rows.tables(asked)}

        done = count(1)

        def fill(connection: Connection, table: Table) -> Digest:
            digest = rows.put(connection, table, rows.lines(asked, sent[table.name]))
            progress(next(done), len(sent))
            return digest

        return fill_empty(target, str(newest), fill)


def fill_empty(target: Engine, revision: str, fill: Fill) -> Mapping[str, int]:
    """Make the tables as they were at the revision, fill each, read what arrived again and compare;
    then bring them up to date and make the index anew."""
    refuse_filled(target)
    migrating.upgrade(target, revision)
    with writing(target).begin() as connection:
        tables = rows.tables(connection)
        counts = {}
        for table in tables:
            sent = fill(connection, table)
            if rows.digest(connection, table) != sent:
                raise Refused(NOT_THE_SAME, table=table.name)
            counts[table.name] = sent.count
        rows.set_sequences(connection, tables)
    migrating.upgrade(target)
    with Session(writing(target)) as session, session.begin():
        indexing.rebuild(session)
    return counts


def refuse_filled(target: Engine) -> None:
    with reading(target).connect() as connection:
        found = rows.filled(connection)
    if found:
        raise Refused(NOT_EMPTY, tables=found)
