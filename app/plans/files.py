"""The bytes of evidence beside plan and record: a folder of files that are named by their hash."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.filestore import FileStore
from app.deliverables.models import EvidenceFile
from app.deliverables.rules.files import kind_of

FOLDER = "evidence"


@dataclass(frozen=True, slots=True)
class Carried:
    files: int
    missing: tuple[str, ...]
    """Hashes of what was nowhere, or is not what its name or its row says."""


def carry_out(store: FileStore, folder: Path, hashes: Iterable[str]) -> Carried:
    """Copy these files beside what is written into the folder. Raises OSError."""
    beside, count = FileStore(folder / FOLDER), 0
    missing = []
    for name in hashes:
        content = store.get(name)
        if content is None:
            missing.append(name)
        else:
            beside.put(content)
            count += 1
    return Carried(count, tuple(missing))


def carry_in(session: Session, store: FileStore, paths: Sequence[Path], *, keep: bool) -> Carried:
    """Take over what lies beside the files that were brought in and what the database names and the
    store does not have: nothing else of the folder is read. Only what the row says it is."""
    beside = [FileStore(folder / FOLDER) for folder in dict.fromkeys(p.parent for p in paths)]
    count, missing = 0, []
    for row in session.scalars(select(EvidenceFile).order_by(EvidenceFile.evidence_id)):
        if store.get(row.sha256) is not None:
            continue
        content = next((found for each in beside if (found := each.get(row.sha256))), None)
        if content is None or len(content) != row.size or kind_of(content, row.name) != row.kind:
            missing.append(row.sha256)
            continue
        count += 1
        if keep:
            store.put(content)
    return Carried(count, tuple(dict.fromkeys(missing)))
