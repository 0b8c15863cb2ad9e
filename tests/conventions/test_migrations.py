"""The migrations make what the models say, and lose nothing on the way down and up."""

import make
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from browser import Browser
from cast import Cast
from sqlalchemy import CheckConstraint, Engine, inspect

from app.core import migrating
from app.extensions import db
from app.models import Base
from app.web.database import Tracker

SCRIPTS = ScriptDirectory(str(migrating.FOLDER))


@pytest.fixture
def engine(app: Tracker) -> Engine:
    return db.engine


@pytest.fixture
def populated(client: Browser, cast: Cast) -> None:
    """A row in everything that a short life of the network fills."""
    session = client.session
    due = make.deadline(session, by=cast.coordinator)
    first = make.deliverable(session, by=cast.coordinator)
    make.assignment(session, first, cast.kenya, by=cast.coordinator)
    make.update(session, first, by=cast.coordinator)
    make.meeting(session, series_id=make.series(session).id, deadline_id=due.id)
    make.function(session)
    make.source(session)
    client.sign_in(cast.liaison)


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_models_and_migrations_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=migrating.compare_options)
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_of_the_models_is_in_the_database(engine: Engine) -> None:
    """Alembic does not compare them."""
    expected = {
        (table.name, str(check.name).removeprefix(f"ck_{table.name}_"))
        for table in Base.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint) and check.name
    }
    inspector = inspect(engine)
    found = {
        (table, str(check["name"]).removeprefix(f"ck_{table}_"))
        for table in Base.metadata.tables
        for check in inspector.get_check_constraints(table)
    }
    assert found == expected


def test_the_history_of_migrations_is_one_line() -> None:
    assert len(SCRIPTS.get_heads()) == 1


def test_the_newest_migration_goes_down_and_up_without_losing_a_row(
    engine: Engine, populated: None
) -> None:
    before = rows(engine)
    assert sum(bool(found) for found in before.values()) > 15
    newest = SCRIPTS.get_revision("head")
    migrating.downgrade(engine, str(newest.down_revision))
    assert migrating.current(engine) == newest.down_revision
    migrating.upgrade(engine)
    assert rows(engine) == before
