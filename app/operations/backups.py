"""One file that holds everything: the database, the evidence files, and a hash of each part.

The database of SQLite goes in as a file, by its online backup; that of PostgreSQL as rows, read in
one transaction that sees one state (see docs/backup.md for the reasons). The evidence comes after:
a file is kept before the row that names it, and never changes.
"""

import hashlib
import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.audit import queries as trail
from app.core import migrating
from app.core.db import make_engine, reading
from app.core.errors import N_, Refused
from app.core.progress import Progress, unseen
from app.operations import rows

FORMAT = 1
MANIFEST, SQLITE, TABLES = "manifest.json", "network.sqlite3", "tables/"
EVIDENCE = "evidence"
BLOCK = 1 << 20

DAMAGED = N_("The backup is damaged: %(what)s. It is not restored.")
UNKNOWN = N_("The backup is of another release: %(what)s.")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `members` says the SHA-256 of each."""

    made_at: str
    database: str
    revision: str
    head: str
    members: dict[str, str]


def create(
    engine: Engine, instance: Path, file: Path, now: datetime, progress: Progress = unseen
) -> Manifest:
    """Write a backup, readable by its owner alone: whole, or not at all. The site may be serving.
    Raises FileExistsError rather than replace one."""
    if file.exists():
        raise FileExistsError(file)
    beside = file.with_name(f".{file.name}.part")
    beside.unlink(missing_ok=True)
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "w+b") as stream:
            count = Counted(progress, _expected(engine, instance))
            manifest = _write(engine, instance, stream, beside.parent, now, count)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(beside, file)  # unlike a renaming, it replaces nothing
    finally:
        beside.unlink(missing_ok=True)
    return manifest


def verify(file: Path, progress: Progress = unseen) -> Manifest:
    """Read all of it against its manifest; raises Refused where something is not as it was."""
    try:
        with zipfile.ZipFile(file) as packed:
            manifest = _manifest(packed)
            _compare(packed, manifest, progress)
            if SQLITE in manifest.members:
                _check_sqlite(packed, file.parent)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        NotImplementedError,
    ) as bad:
        raise Refused(DAMAGED, what=str(bad) or type(bad).__name__) from None
    if manifest.revision not in migrating.known():
        raise Refused(UNKNOWN, what=manifest.revision)
    return manifest


def _write(
    engine: Engine,
    instance: Path,
    stream: IO[bytes],
    folder: Path,
    now: datetime,
    count: "Counted",
) -> Manifest:
    members: dict[str, str] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
        write = _Writer(packed, members, count)
        if engine.dialect.name == "sqlite":
            revision, head = _write_sqlite(engine, folder, write)
        else:
            revision, head = _write_rows(engine, write)
        for path in sorted((instance / EVIDENCE).rglob("*")):
            if path.is_file() and path.suffix != ".part":
                with path.open("rb") as content:
                    write(path.relative_to(instance).as_posix(), _blocks(content))
        manifest = Manifest(now.isoformat(), engine.dialect.name, revision, head, members)
        told = {"format": FORMAT, **{name: getattr(manifest, name) for name in Manifest.__slots__}}
        packed.writestr(MANIFEST, json.dumps(told, indent=1))
    return manifest


class Counted:
    """Tells how many bytes were gone through; `total` may be an estimate."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, max(total, 1), 0

    def add(self, block: bytes) -> None:
        self._done += len(block)
        self._progress(min(self._done, self._total), self._total)


def _expected(engine: Engine, instance: Path) -> int:
    """About how many bytes are to be written."""
    files = (path for path in (instance / EVIDENCE).rglob("*") if path.is_file())
    size = _SIZE[engine.dialect.name]
    with engine.connect() as connection:
        return int(connection.scalar(text(size)) or 0) + sum(p.stat().st_size for p in files)


_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}


class _Writer:
    def __init__(self, packed: zipfile.ZipFile, members: dict[str, str], count: Counted) -> None:
        self.packed, self.members, self.count = packed, members, count

    def __call__(self, name: str, blocks: Iterable[bytes]) -> None:
        hashed = hashlib.sha256()
        with self.packed.open(name, "w", force_zip64=True) as member:
            for block in blocks:
                hashed.update(block)
                member.write(block)
                self.count.add(block)
        self.members[name] = hashed.hexdigest()


def _write_sqlite(engine: Engine, folder: Path, write: _Writer) -> tuple[str, str]:
    with TemporaryDirectory(dir=folder, prefix=".backup-") as temporary:
        path = Path(temporary) / SQLITE
        with closing(engine.raw_connection()) as source, closing(sqlite3.connect(path)) as copy:
            source.driver_connection.backup(copy)  # type: ignore[union-attr]
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        with path.open("rb") as content:
            write(SQLITE, _blocks(content))
        copied = make_engine(f"sqlite:///{path}")
        try:
            return str(migrating.current(copied)), _head(copied)
        finally:
            copied.dispose()


def _write_rows(engine: Engine, write: _Writer) -> tuple[str, str]:
    with reading(engine).connect() as connection, connection.begin():
        for table in rows.tables(connection):
            write(
                f"{TABLES}{table.name}.jsonl",
                (line + b"\n" for line in rows.lines(connection, table)),
            )
        with Session(connection) as session:
            return str(migrating.revision_of(connection)), trail.head(session)


def _head(engine: Engine) -> str:
    with Session(reading(engine)) as session:
        return trail.head(session)


def _blocks(content: IO[bytes]) -> Iterator[bytes]:
    while block := content.read(BLOCK):
        yield block


def _manifest(packed: zipfile.ZipFile) -> Manifest:
    told: dict[str, Any] = json.loads(packed.read(MANIFEST))
    if told.pop("format", None) != FORMAT:
        raise Refused(UNKNOWN, what=MANIFEST)
    return Manifest(**told)


def _compare(packed: zipfile.ZipFile, manifest: Manifest, progress: Progress) -> None:
    found = set(packed.namelist()) - {MANIFEST}
    if different := sorted(found ^ manifest.members.keys()):
        raise ValueError(different[0])
    count = Counted(progress, sum(each.file_size for each in packed.infolist()))
    for name, wanted in manifest.members.items():
        hashed = hashlib.sha256()
        with packed.open(name) as member:
            for block in _blocks(member):
                hashed.update(block)
                count.add(block)
        if hashed.hexdigest() != wanted:
            raise ValueError(name)


def _check_sqlite(packed: zipfile.ZipFile, folder: Path) -> None:
    with TemporaryDirectory(dir=folder, prefix=".verify-") as temporary:
        path = packed.extract(SQLITE, temporary)
        with closing(sqlite3.connect(path)) as connection:
            told = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if told != "ok":
        raise ValueError(f"{SQLITE}: {told}")
