"""The trail: what was done, by whom, when. Rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Keyed


class AuditEntry(Base, Keyed):
    __tablename__ = "audit_entries"
    __table_args__ = (
        # When was each thing last changed: answered from the index alone.
        Index("ix_audit_entries_subject", "subject_kind", "subject_key", "verb", "at"),
    )

    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    verb: Mapped[str] = mapped_column(String(60), index=True)
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_key: Mapped[str] = mapped_column(String(200))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    """{field: [before, after]}, without secrets."""
    address: Mapped[str] = mapped_column(String(64), default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
