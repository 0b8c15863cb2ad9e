"""Fixtures: a real migrated database (SQLite and PostgreSQL), the application, the cast."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import cast as the_cast
import make
import pytest
from browser import Browser
from cast import Cast
from databases import PostgresSchema, SqliteFile, postgres_url
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import create_app
from app.core.db import make_engine, writing
from app.extensions import db
from app.web.api.limits import Windows
from app.web.database import Tracker
from config import Settings


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> SqliteFile:
    return SqliteFile(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_schema() -> Iterator[PostgresSchema]:
    schema = PostgresSchema(postgres_url(), os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    yield schema
    schema.drop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database. A test that needs this runs once on each kind."""
    if request.param == "sqlite":
        template: SqliteFile = request.getfixturevalue("sqlite_file")
        return template.fresh(tmp_path)
    schema: PostgresSchema = request.getfixturevalue("postgres_schema")
    return schema.fresh()


USUAL = Settings(
    secret_key="only for tests",
    secret_key_fallbacks=(),
    database_url="",
    instance=Path(),
    served_over_tls=False,
    trusted_hosts=(),
    public_url="",
    proxies=0,
    demo=False,
)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return replace(USUAL, database_url=database_url, instance=tmp_path)


@pytest.fixture
def now() -> datetime:
    """24 November 2026, noon UTC: what every request takes for the present."""
    return make.NOW


@pytest.fixture
def app(request: pytest.FixtureRequest, settings: Settings, now: datetime) -> Iterator[Tracker]:
    """The application. Making one takes longer than most tests do: it is made once for each
    process and put on the database of the test, but for those that change it (`own_app`) or have
    settings of their own."""
    is_usual = replace(settings, database_url="", instance=Path()) == USUAL
    is_own = request.node.get_closest_marker("own_app") is not None
    app = _shared(settings) if is_usual and not is_own else create_app(settings)
    app.config.update(TESTING=True, NOW=lambda: now)
    app.test_client_class = Browser
    yield app
    db.engine.dispose()


_made: dict[str, Any] = {}


def _shared(settings: Settings) -> Tracker:
    """As it was made, on another database and in another folder."""
    if not _made:
        app = create_app(settings)
        _made.update(app=app, config=dict(app.config))
        return app
    app = _made["app"]
    app.config.clear()
    app.config.update(_made["config"])
    app.instance_path = str(settings.instance.resolve())
    app.extensions["api_windows"] = Windows()
    db.engine = _engine(settings.database_url)
    return app


_engines: dict[str, Engine] = {}


def _engine(url: str) -> Engine:
    """One for each kind of database, with the connections of this test: what was put together of a
    question once, which takes longer than asking it, is known to the tests that follow."""
    made = make_engine(url)
    engine = _engines.setdefault(made.dialect.name, made)
    engine.pool, engine.url = made.pool, made.url
    return engine


@pytest.fixture
def session(app: Tracker) -> Iterator[Session]:
    """For arranging and looking. The client commits it before each request; after one, what was
    loaded before is loaded anew."""
    with Session(writing(db.engine)) as session:
        yield session


@pytest.fixture
def client(app: Tracker, session: Session) -> Browser:
    """A browser that nobody has signed in with: `client.sign_in(cast.coordinator)`."""
    client = app.test_client()
    assert isinstance(client, Browser)
    client.session = session
    return client


@pytest.fixture
def cast(session: Session) -> Cast:
    made = the_cast.assemble(session)
    session.commit()
    return made
