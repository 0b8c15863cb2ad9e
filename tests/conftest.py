"""Fixtures: a real migrated database (SQLite and PostgreSQL), the application, the cast."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import cast as the_cast
import make
import pytest
from browser import Browser
from cast import Cast
from databases import PostgresSchema, SqliteFile, postgres_url
from sqlalchemy.orm import Session

from app import create_app
from app.core.db import writing
from app.extensions import db
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


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        secret_key="only for tests",
        secret_key_fallbacks=(),
        database_url=database_url,
        instance=tmp_path,
        served_over_tls=False,
        trusted_hosts=(),
        public_url="",
        proxies=0,
        demo=False,
    )


@pytest.fixture
def now() -> datetime:
    """24 November 2026, noon UTC: what every request takes for the present."""
    return make.NOW


@pytest.fixture
def app(settings: Settings, now: datetime) -> Iterator[Tracker]:
    app = create_app(settings)
    app.config.update(TESTING=True, NOW=lambda: now)
    app.test_client_class = Browser
    yield app
    db.engine.dispose()


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
