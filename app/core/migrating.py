"""Alembic on one connection: the whole move is one transaction on both databases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from app.core.db import Instant, writing
from app.core.errors import N_, Refused

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
LOCK = 7_246_510_001
"""The advisory lock on PostgreSQL under which one process at a time migrates."""


def _render(kind: str, thing: Any, context: Any) -> str | bool:
    if kind == "type" and isinstance(thing, Instant):
        context.imports.add("from app.core.db import Instant")
        return "Instant()"
    return False


def _is_compared(name: str | None, kind: str, _parents: Any) -> bool:
    """Each database has its own kind of index of words, which no model describes."""
    return kind != "table" or not (name or "").startswith("search_index")


NEWER = N_(
    "The database is at %(at)s, which this release does not know: it is of a newer one. Run that "
    "release, or restore the backup that was made before the upgrade."
)

compare_options: dict[str, Any] = {
    "render_as_batch": True,
    "compare_type": True,
    "compare_server_default": True,
    "render_item": _render,
    "include_name": _is_compared,
}


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Raises Refused for a database of a newer release."""
    at = current(engine)
    if is_newer(at):
        raise Refused(NEWER, at=at)
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    _run(engine, lambda config: command.downgrade(config, revision))


def write_migration(engine: Engine, message: str) -> None:
    """Write a migration file from what the models and the database differ in."""
    _run(engine, lambda config: command.revision(config, message=message, autogenerate=True))


def current(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    return ScriptDirectory(str(FOLDER)).get_current_head()


def is_newer(at: str | None) -> bool:
    """Whether a database at that state was made by a later release than this."""
    return at is not None and at not in known()


def known() -> frozenset[str]:
    """Every state of the structure that these migrations lead through."""
    walked = ScriptDirectory(str(FOLDER)).walk_revisions()
    return frozenset(script.revision for script in walked)


def _run(engine: Engine, work: Callable[[Config], object]) -> None:
    with _alone(writing(engine)) as connection:
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        work(config)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # Tables are rebuilt by copying; references must hold again at the end, not between.
            _outside_transaction(connection, "PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SET LOCAL lock_timeout = 0"))  # one after the other
                    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
                yield connection
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the migration leaves references to rows that are gone")
        finally:
            if sqlite:
                _outside_transaction(connection, "PRAGMA foreign_keys=ON")


def _outside_transaction(connection: Connection, pragma: str) -> None:
    driver = connection.connection.dbapi_connection
    assert driver is not None  # noqa: S101 - an open connection has one
    driver.execute(pragma)
