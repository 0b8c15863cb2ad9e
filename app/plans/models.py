"""Tables that were uploaded, what they would do, and what they did."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Keyed, words


class SheetKind(StrEnum):
    DELIVERABLES = "deliverables"
    ASSIGNMENTS = "assignments"
    UPDATES = "updates"
    CONTRIBUTIONS = "contributions"


class SheetImport(Base, Keyed):
    """A table on its way in. Its file is kept until it is confirmed, or for a day."""

    __tablename__ = "sheet_imports"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[SheetKind] = mapped_column(words(SheetKind))
    name: Mapped[str] = mapped_column(String(200))
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    preview: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """What would come of each row: line, key, outcome, reason."""
    confirmed_at: Mapped[datetime | None]
    done: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """What was done, as undoing needs to know it."""
    undone_at: Mapped[datetime | None]
    told: Mapped[str] = mapped_column(Text, default="")
    """What undoing did not put back, a line each."""
