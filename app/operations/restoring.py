"""A backup into an empty place. What is there already is never replaced."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.orm import Session

from app.audit import queries as trail
from app.core import migrating
from app.core.db import make_engine, reading, writing
from app.core.errors import N_, Refused
from app.core.progress import Progress, unseen
from app.operations import backups, moving, rows
from app.operations.backups import EVIDENCE, SQLITE, TABLES, Manifest
from app.operations.rows import Digest
from app.search import indexing

FILES_THERE = N_("There are evidence files in %(folder)s already. Only an empty place is filled.")
TRAIL_BROKEN = N_("It was restored, but its trail does not hold together: look before you use it.")


def restore(file: Path, engine: Engine, instance: Path, progress: Progress = unseen) -> Manifest:
    """Check the backup, then fill the database and the folder; raises Refused, before anything is
    touched, for a damaged one and for a place that is not empty."""
    manifest = backups.verify(file, progress)
    evidence = instance / EVIDENCE
    if any(path.is_file() for path in evidence.rglob("*")):
        raise Refused(FILES_THERE, folder=str(evidence))
    moving.refuse_filled(engine)
    with zipfile.ZipFile(file) as packed:
        _restore_files(packed, manifest, evidence)
        if SQLITE in manifest.members:
            _restore_file(packed, engine, instance)
        else:
            _restore_rows(packed, manifest, engine)
    _check_trail(engine, manifest)
    return manifest


def _restore_files(packed: zipfile.ZipFile, manifest: Manifest, evidence: Path) -> None:
    """Beside, then all at once under their name."""
    names = [name for name in manifest.members if PurePosixPath(name).parts[0] == EVIDENCE]
    if not names:
        return
    shutil.rmtree(evidence, ignore_errors=True)
    with TemporaryDirectory(dir=evidence.parent, prefix=".restore-") as temporary:
        for name in names:
            path = Path(packed.extract(name, temporary))
            path.chmod(0o600)
        for folder in (path for path in Path(temporary).rglob("*") if path.is_dir()):
            folder.chmod(0o700)
        (Path(temporary) / EVIDENCE).replace(evidence)


def _restore_file(packed: zipfile.ZipFile, engine: Engine, instance: Path) -> None:
    with TemporaryDirectory(dir=instance, prefix=".restore-") as temporary:
        path = Path(packed.extract(SQLITE, temporary))
        path.chmod(0o600)
        if engine.dialect.name == "sqlite" and engine.url.database:
            _put_in_place(path, engine, Path(engine.url.database))
            return
        with _opened(path) as source:
            migrating.upgrade(source)
            moving.copy(source, engine)


def _put_in_place(path: Path, engine: Engine, target: Path) -> None:
    engine.dispose()
    for suffix in ("", "-wal", "-shm"):  # of a database that is empty
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    with path.open("rb") as content:
        os.fsync(content.fileno())
    shutil.move(path, target)
    migrating.upgrade(engine)
    with Session(writing(engine)) as session, session.begin():
        indexing.rebuild(session)


def _restore_rows(packed: zipfile.ZipFile, manifest: Manifest, engine: Engine) -> None:
    def fill(connection: Connection, table: Table) -> Digest:
        name = f"{TABLES}{table.name}.jsonl"
        if name not in manifest.members:
            return Digest()
        with packed.open(name) as member:
            return rows.put(connection, table, (line.rstrip(b"\n") for line in member))

    moving.fill_empty(engine, manifest.revision, fill)


def _check_trail(engine: Engine, manifest: Manifest) -> None:
    with Session(reading(engine)) as session:
        is_whole = next(iter(trail.faults(session)), None) is None
        if not is_whole or not trail.knows(session, manifest.head):
            raise Refused(TRAIL_BROKEN)


@contextmanager
def _opened(path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()
