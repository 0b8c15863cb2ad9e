"""The program and its database are not of one release: it is said on every way in."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from browser import Browser
from sqlalchemy import make_url, text

from app import create_app
from app.core import migrating
from app.core.db import writing
from app.extensions import db
from app.web.access import public
from app.web.database import Tracker
from config import Settings

pytestmark = pytest.mark.own_app


@pytest.fixture
def bare(settings: Settings) -> Iterator[Tracker]:
    """The site on a database in which nothing was made yet."""
    if settings.database_url.startswith("sqlite"):
        url = f"sqlite:///{settings.instance / 'bare.sqlite3'}"
    else:
        nowhere = make_url(settings.database_url).update_query_dict(
            {"options": "-csearch_path=nothing_is_here"}
        )
        url = nowhere.render_as_string(hide_password=False)
    yield create_app(replace(settings, database_url=url))
    db.engine.dispose()


@pytest.mark.parametrize("path", ["/public", "/api/v1/deliverables"])
def test_before_the_first_migration_every_way_in_says_to_come_back(
    bare: Tracker, path: str
) -> None:
    headers = {"Authorization": "Bearer nobody"} if path.startswith("/api") else {}
    answer = bare.test_client().get(path, headers=headers, follow_redirects=True)
    assert answer.status_code == 503, answer.text[-500:]
    assert "brought up to date" in answer.text
    assert answer.headers["Retry-After"]
    assert bare.test_client().get("/readyz").json["migrations"] == "not current"


def test_a_command_says_what_is_missing(bare: Tracker) -> None:
    result = bare.test_cli_runner().invoke(args=["user", "list"])
    assert result.exit_code == 1
    assert "flask db upgrade" in result.output
    assert "Traceback" not in result.output


def test_a_table_that_is_missing_though_all_is_migrated_is_a_fault_of_ours(
    app: Tracker, client: Browser
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @public
    def fail() -> str:
        db.session.execute(text("SELECT 1 FROM nowhere"))
        return ""

    app.add_url_rule("/try", "try", fail)
    assert client.get("/try").status_code == 500


def test_a_database_of_a_newer_release_is_left_alone_and_said(
    app: Tracker, client: Browser
) -> None:
    with writing(db.engine).begin() as connection:
        before = migrating.revision_of(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        ready = client.get("/readyz")
        runner = app.test_cli_runner()
        upgraded = runner.invoke(args=["db", "upgrade"])
        examined = runner.invoke(args=["doctor"])
    finally:
        with writing(db.engine).begin() as connection:
            put = text("UPDATE alembic_version SET version_num = :before")
            connection.execute(put, {"before": before})
    assert (ready.status_code, ready.json["migrations"]) == (503, "of a newer release")
    assert upgraded.exit_code == 1
    assert "does not know" in upgraded.output
    assert "database-newer" in examined.output


def test_a_database_that_is_away_is_a_sentence_for_commands(settings: Settings) -> None:
    nowhere = replace(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/x")
    for arguments in (["db", "upgrade"], ["user", "list"], ["remind"]):
        result = create_app(nowhere).test_cli_runner().invoke(args=arguments)
        assert result.exit_code == 1, result.output
        assert "The database cannot do this now" in result.output
        assert isinstance(result.exception, SystemExit), result.exception
    db.engine.dispose()
