"""The bytes of evidence go out beside plan and record, and come in again."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import make
import pytest
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import make_engine, writing
from app.core.filestore import FileStore, sha256
from app.core.markings import Marking
from app.deliverables.actions.entries import EvidenceLink, StoredFile
from app.deliverables.models import Deliverable, Evidence, EvidenceFile
from app.deliverables.rules.files import FileKind
from app.extensions import db
from app.sharing.rules import Sharing
from app.web.database import Tracker

PLAN = Path(__file__).parents[3] / "data" / "plan.yaml"
OPEN = b"%PDF-1.7 what shows it"


def told(app: Tracker, *words: str | Path) -> dict[str, Any]:
    result = app.test_cli_runner().invoke(args=["plan", *map(str, words), "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def log(session: Session, of: Deliverable, cast: Cast, content: bytes, marking: Marking) -> None:
    file = StoredFile(sha256=sha256(content), name="it.pdf", kind=FileKind.PDF, size=len(content))
    link = EvidenceLink(title="It", file=file, sharing=Sharing(marking))
    make.update(session, of, by=cast.coordinator, effective_on=date(2025, 1, 5), evidence=(link,))


@pytest.fixture
def exported(app: Tracker, session: Session, cast: Cast, tmp_path: Path) -> Path:
    session.rollback()
    told(app, "import", PLAN)
    store = FileStore(Path(app.instance_path) / "evidence")
    of = session.scalars(select(Deliverable).where(Deliverable.key == "vocabulary")).one()
    log(session, of, cast, OPEN, Marking.GREEN)
    store.put(OPEN)
    session.commit()
    file = session.scalars(select(EvidenceFile)).one()
    assert file.sha256 == sha256(OPEN)
    folder = tmp_path / "out"
    session.commit()
    assert told(app, "export", "-o", folder)["evidence"] == 1
    return folder


def elsewhere(
    app: Tracker, monkeypatch: pytest.MonkeyPatch, sqlite_file: Any, tmp_path: Path
) -> FileStore:
    """The same application on an empty database, in another folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.setattr(db, "engine", make_engine(sqlite_file.fresh(folder)))
    monkeypatch.setattr(app, "instance_path", str(folder))
    return FileStore(folder / "evidence")


def test_they_come_back_whole_and_once(
    app: Tracker,
    exported: Path,
    monkeypatch: pytest.MonkeyPatch,
    sqlite_file: Any,
    tmp_path: Path,
) -> None:
    files = [path for path in (exported / "evidence").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [OPEN]
    store = elsewhere(app, monkeypatch, sqlite_file, tmp_path)
    both = (exported / "plan.yaml", exported / "record.yaml")
    assert told(app, "import", *both, "--dry-run")["evidence"]["files"] == 1
    assert store.get(sha256(OPEN)) is None
    assert told(app, "import", *both)["evidence"] == {"files": 1, "missing": []}
    assert store.get(sha256(OPEN)) == OPEN
    with Session(writing(db.engine)) as session:
        assert session.scalars(select(EvidenceFile.sha256)).all() == [sha256(OPEN)]
    assert told(app, "import", *both)["evidence"] == {"files": 0, "missing": []}


def test_what_is_not_there_or_not_what_it_says_is_named_and_can_come_later(
    app: Tracker,
    exported: Path,
    monkeypatch: pytest.MonkeyPatch,
    sqlite_file: Any,
    tmp_path: Path,
) -> None:
    store = elsewhere(app, monkeypatch, sqlite_file, tmp_path)
    name = sha256(OPEN)
    path = exported / "evidence" / name[:2] / name
    path.write_bytes(b"<script>")
    both = (exported / "plan.yaml", exported / "record.yaml")
    assert told(app, "import", *both)["evidence"] == {"files": 0, "missing": [name]}
    assert store.get(name) is None
    path.write_bytes(OPEN)
    assert told(app, "import", *both)["evidence"] == {"files": 1, "missing": []}
    assert store.get(name) == OPEN


def test_what_is_marked_red_stays_in_the_store(
    app: Tracker, session: Session, cast: Cast, exported: Path, tmp_path: Path
) -> None:
    file = session.scalars(select(EvidenceFile)).one()
    session.get_one(Evidence, file.evidence_id).marking = Marking.RED
    session.commit()
    again = tmp_path / "again"
    assert told(app, "export", "-o", again)["evidence"] == 0
    assert not (again / "evidence").exists()
