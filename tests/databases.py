"""The databases on which the tests run: an SQLite file and a PostgreSQL schema for each worker.

Both are migrated once by the real migrations. A test gets a copy of the file, or the schema
with every row of the test before it gone.
"""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from app.core.db import make_engine
from app.core.migrating import upgrade
from app.models import Base

LOCAL_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"

GUARDED = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
"""
"""The tables with triggers of their own."""


class SqliteFile:
    """A migrated file, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite3"
        engine = make_engine(f"sqlite:///{self.template}")
        upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        engine.dispose()  # the last connection folds the write-ahead log into the file

    def fresh(self, folder: Path) -> str:
        path = folder / "network.sqlite3"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"


class PostgresSchema:
    """A migrated schema of this worker's own, emptied for each test."""

    def __init__(self, url: str, worker: str) -> None:
        name = f"test_{worker}_{os.getpid()}"
        # The trail's lock is one for the whole database, and other schemas are tested there too.
        options = f"-csearch_path={name} -csynchronous_commit=off -clock_timeout=300s"
        self.url = make_url(url).update_query_dict({"options": options})
        self.name = name
        self.engine = create_engine(self.url)
        self._run(f"DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")
        self.migrate()
        with self.engine.connect() as connection:
            self.guarded = list(connection.scalars(text(GUARDED)))

    def migrate(self) -> None:
        engine = make_engine(self.text)
        upgrade(engine)
        engine.dispose()

    @property
    def text(self) -> str:
        return self.url.render_as_string(hide_password=False)

    def fresh(self) -> str:
        """Empty what is filled, row by row: TRUNCATE makes new files for every table that refers
        to one of them, which takes a hundred times as long."""
        filled = self._filled()
        # Some tables refuse to lose a row; their triggers rest meanwhile.
        guarded = [name for name in filled if name in self.guarded]
        rest = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in guarded]
        wake = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in guarded]
        empty = [f"DELETE FROM {name}" for name in filled]  # noqa: S608 - our own names
        counted = [name for name in filled if "id" in Base.metadata.tables[name].columns]
        restart = [
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in counted
        ]
        if filled:
            self._run(";".join([*rest, *empty, *wake, *restart]))
        return self.text

    def drop(self) -> None:
        self._run(f"DROP SCHEMA {self.name} CASCADE")
        self.engine.dispose()

    def _filled(self) -> list[str]:
        """The tables that hold rows, asked in one go; those that refer to others first."""
        asked = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})"  # noqa: S608 - our own names
            for name in Base.metadata.tables
        )
        with self.engine.connect() as connection:
            found = set(connection.scalars(text(asked)))
        tables = reversed(Base.metadata.sorted_tables)
        return [table.name for table in tables if table.name in found]

    def _run(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))


def postgres_url() -> str:
    """TEST_POSTGRES_URL, else a server on this machine; skips or fails where there is none."""
    url = os.environ.get("TEST_POSTGRES_URL") or LOCAL_POSTGRES
    engine: Engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as error:
        word = f"no PostgreSQL at {engine.url!r}: name one in TEST_POSTGRES_URL"
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(f"{word} ({error.orig})", pytrace=False)
        pytest.skip(word)
    finally:
        engine.dispose()
    return url
