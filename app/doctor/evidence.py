"""Checks of the files that are evidence: whether each is there, and is what was handed in."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.db import reading
from app.core.filestore import FileStore
from app.correspondence.models import LetterFile
from app.deliverables.models import EvidenceFile
from app.doctor.weakness import Weakness

FIRST_FAULTS = 5


def weaknesses(engine: Engine, folder: Path) -> Iterator[Weakness]:
    """`folder`: where the files are kept. Silent where the database cannot be read: that is said
    elsewhere."""
    store = FileStore(folder)
    try:
        with Session(reading(engine)) as session:
            kept = select(EvidenceFile.sha256).union(select(LetterFile.sha256))
            hashes = session.scalars(kept).all()
    except SQLAlchemyError:
        return
    gone = [name for name in sorted(hashes) if store.get(name) is None]
    if gone:
        named = ", ".join(name[:12] for name in gone[:FIRST_FAULTS])
        yield Weakness(
            "evidence-damaged",
            f"{len(gone)} of {len(hashes)} evidence files are missing or not what was handed in: "
            f"{named}{' and more' if len(gone) > FIRST_FAULTS else ''}.",
            f"Bring {folder} back from the last backup that has them.",
        )
