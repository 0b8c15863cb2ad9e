"""Files that show what an update says; their bytes lie in the instance folder under their hash."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, words
from app.deliverables.rules.files import FileKind


class EvidenceFile(Base):
    """The evidence is this file, and its `url` is empty. It is read through its evidence, whose
    marking it has."""

    __tablename__ = "evidence_files"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[FileKind] = mapped_column(words(FileKind))
    size: Mapped[int]
    """Bytes."""
