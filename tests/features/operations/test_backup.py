"""A backup made under load is one state of everything, and comes back as it was."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import make
import pytest
from cast import Cast
from databases import PostgresSchema, SqliteFile, postgres_url
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.audit import queries as trail
from app.core.db import make_engine, reading, writing
from app.core.errors import Refused
from app.core.filestore import FileStore
from app.core.permissions import Role
from app.deliverables.models import Deliverable, StatusUpdate
from app.extensions import db
from app.operations import backups, moving, restoring, rows
from app.plans.actions import import_files
from app.web.database import Tracker
from config import Settings

DATA = Path(__file__).resolve().parents[3] / "data"


@pytest.fixture
def network(app: Tracker, session: Session, cast: Cast, tmp_path: Path) -> Tracker:
    """Something of everything, evidence files too."""
    made = make.deliverable(session, by=cast.coordinator)
    make.update(session, made, by=cast.coordinator)
    make.meeting(session, series_id=make.series(session).id)
    session.commit()
    for content in (b"one", b"two" * 10_000):
        FileStore(tmp_path / "evidence").put(content)
    return app


@pytest.fixture
def empty(settings: Settings, tmp_path: Path) -> Iterator[tuple[Engine, Path]]:
    """An empty place of the same kind."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with another(settings.database_url, folder) as engine:
        yield engine, folder


@contextmanager
def another(like: str, folder: Path) -> Iterator[Engine]:
    if like.startswith("sqlite"):
        engine = make_engine(f"sqlite:///{folder / 'restored.sqlite3'}")
        yield engine
        engine.dispose()
        return
    with empty_schema() as engine:
        yield engine


@contextmanager
def empty_schema() -> Iterator[Engine]:
    schema = PostgresSchema(postgres_url(), "another")
    engine = make_engine(schema.text)
    try:
        yield engine
    finally:
        engine.dispose()
        schema.drop()


def contents(engine: Engine) -> dict[str, rows.Digest]:
    with reading(engine).connect() as connection:
        return {t.name: rows.digest(connection, t) for t in rows.tables(connection)}


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in (folder / "evidence").rglob("*") if path.is_file())
    return {path.name: path.read_bytes() for path in found}


class Writer(Thread):
    """Logs updates until it is told to stop."""

    def __init__(self, engine: Engine, cast: Cast) -> None:
        super().__init__()
        self.engine = engine
        self.account = SimpleNamespace(id=cast.coordinator.id)
        self.enough, self.begun = Event(), Event()
        self.written: list[str] = []

    def run(self) -> None:
        while not self.enough.is_set() and len(self.written) < 400:
            note = f"update {len(self.written)}"
            with Session(writing(self.engine)) as session, session.begin():
                about = session.scalars(select(Deliverable)).first()
                assert about is not None
                make.update(session, about, by=self.account, note=note)
            self.written.append(note)
            if len(self.written) == 5:
                self.begun.set()


def notes(engine: Engine) -> list[str]:
    with Session(reading(engine)) as session:
        query = select(StatusUpdate.note).order_by(StatusUpdate.id)
        return [note for note in session.scalars(query) if note.startswith("update ")]


def test_what_is_backed_up_under_load_is_one_state_and_comes_back(
    network: Tracker, session: Session, cast: Cast, tmp_path: Path, empty: tuple[Engine, Path]
) -> None:
    engine, folder = empty
    file = tmp_path / "one.zip"
    writer = Writer(db.engine, cast)
    session.close()
    writer.start()
    assert writer.begun.wait(30)
    before = len(writer.written)
    manifest = backups.create(db.engine, tmp_path, file, make.NOW)
    after = len(writer.written)
    writer.enough.set()
    writer.join()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert backups.verify(file) == manifest
    restoring.restore(file, engine, folder)
    came_back = notes(engine)
    # One moment between the beginning and the end: a beginning of what was written, without gaps.
    assert came_back == writer.written[: len(came_back)]
    assert before <= len(came_back) <= after + 1
    assert files(folder) == files(tmp_path)
    with Session(reading(engine)) as session:
        assert list(trail.faults(session)) == []
        assert trail.head(session) == manifest.head


def test_what_was_restored_is_what_there_was_and_goes_on(
    network: Tracker, settings: Settings, cast: Cast, tmp_path: Path, empty: tuple[Engine, Path]
) -> None:
    engine, folder = empty
    backups.create(db.engine, tmp_path, tmp_path / "one.zip", make.NOW)
    author = SimpleNamespace(id=cast.coordinator.id, actor=cast.coordinator.actor)
    restoring.restore(tmp_path / "one.zip", engine, folder)
    assert contents(engine) == contents(db.engine)
    # New rows get new numbers, and their words are found.
    with Session(writing(engine)) as session, session.begin():
        made = make.deliverable(session, by=author)
        session.flush()
        highest = session.scalar(select(func.max(Deliverable.id)))
        assert made.id == highest
        assert session.scalar(text("SELECT count(*) FROM search_index")) > 0


def damaged(file: Path, how: str) -> None:
    content = bytearray(file.read_bytes())
    if how == "cut short":
        file.write_bytes(content[: len(content) // 2])
    elif how == "a byte changed":
        with zipfile.ZipFile(file) as packed:
            largest = max(packed.infolist(), key=lambda member: member.compress_size)
        content[largest.header_offset + 30 + largest.compress_size // 2] ^= 0xFF
        file.write_bytes(content)
    elif how == "a part more":
        with zipfile.ZipFile(file, "a") as packed:
            packed.writestr("evidence/../../escaped", "x")
    elif how == "not one at all":
        file.write_bytes(b"nothing")


@pytest.mark.parametrize("how", ["cut short", "a byte changed", "a part more", "not one at all"])
def test_a_damaged_one_is_refused_before_anything_is_touched(
    network: Tracker, tmp_path: Path, empty: tuple[Engine, Path], how: str
) -> None:
    engine, folder = empty
    file = tmp_path / "one.zip"
    backups.create(db.engine, tmp_path, file, make.NOW)
    damaged(file, how)
    with pytest.raises(Refused, match="damaged"):
        restoring.restore(file, engine, folder)
    assert not any(digest.count for digest in contents(engine).values())
    assert not (folder / "evidence").exists()


def test_nothing_that_is_there_is_replaced(network: Tracker, tmp_path: Path) -> None:
    file = tmp_path / "one.zip"
    backups.create(db.engine, tmp_path, file, make.NOW)
    before = contents(db.engine)
    with pytest.raises(FileExistsError):
        backups.create(db.engine, tmp_path, file, make.NOW)
    with pytest.raises(Refused, match="evidence files"):
        restoring.restore(file, db.engine, tmp_path)
    with pytest.raises(Refused, match="something in it"):
        restoring.restore(file, db.engine, tmp_path / "elsewhere")
    assert contents(db.engine) == before


def test_the_commands_say_what_they_did(
    network: Tracker, settings: Settings, tmp_path: Path
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = network.test_cli_runner().invoke(args=list(arguments))
        return result.exit_code, result.output

    folder = tmp_path / "backups"
    folder.mkdir()
    for _ in range(2):
        network.test_cli_runner().invoke(args=["backup", "create", "-o", str(folder)])
    code, said = run("backup", "create", "-o", str(tmp_path / "a.zip"))
    assert (code, "newest hash" in said) == (0, True)
    assert run("backup", "create", "-o", str(tmp_path / "a.zip"))[0] == 1
    code, said = run("backup", "verify", str(tmp_path / "a.zip"))
    assert (code, "Whole" in said) == (0, True)
    code, said = run("restore", str(tmp_path / "a.zip"))
    assert (code, "Only an empty" in said) == (1, True)
    damaged(tmp_path / "a.zip", "a byte changed")
    code, said = run("backup", "verify", str(tmp_path / "a.zip"))
    assert (code, "damaged" in said, "Traceback" in said) == (1, True, False), said


@pytest.fixture
def real(sqlite_file: SqliteFile, tmp_path: Path) -> Iterator[Engine]:
    """The plan and the record as they ship, in SQLite."""
    engine = make_engine(sqlite_file.fresh(tmp_path))
    with Session(writing(engine)) as session, session.begin():
        coordinator = make.account(session, Role.COORDINATOR)
        import_files(
            session, coordinator.actor, (DATA / "plan.yaml", DATA / "record.yaml"), make.NOW
        )
    yield engine
    engine.dispose()


@pytest.mark.postgres
def test_the_real_network_moves_to_postgresql_and_back(
    real: Engine, settings_of: Settings, tmp_path: Path
) -> None:
    sent = contents(real)
    back = make_engine(f"sqlite:///{tmp_path / 'back.sqlite3'}")
    with empty_schema() as there:
        counts = moving.copy(real, there)
        assert counts == {name: digest.count for name, digest in sent.items()}
        assert sum(counts.values()) > 500
        assert contents(there) == sent
        with pytest.raises(Refused, match="something in it"):
            moving.copy(real, there)
        with Session(reading(there)) as session:
            assert list(trail.faults(session)) == []
        pages = shown(replace(settings_of, database_url=there.url.render_as_string(False)))
        assert pages == shown(replace(settings_of, database_url=str(real.url)))
        moving.copy(there, back)
    assert contents(back) == sent
    back.dispose()


@pytest.fixture
def settings_of(tmp_path: Path) -> Settings:
    return Settings("only for tests", (), "", tmp_path, False, (), "", 0, False)


def shown(settings: Settings) -> list[int]:
    """What the public ways in answer on it, and how many words are found."""
    app = create_app(settings)
    try:
        with app.app_context(), db.glance() as session:
            found = session.scalar(text("SELECT count(*) FROM search_index"))
        return [app.test_client().get("/sign-in").status_code, int(found or 0)]
    finally:
        db.engine.dispose()
