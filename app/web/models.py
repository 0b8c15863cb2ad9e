"""What the edge keeps of its own: answers that can be asked for again."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Keyed


class KeptAnswer(Base, Keyed):
    """What a POST that wrote something was answered, by the key that its sender gave it."""

    __tablename__ = "kept_answers"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was sent, and where to."""
    created_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int] = mapped_column(default=0)
    """0 only within the transaction that answers for the first time."""
    location: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    """A receipt: the number or key of what was made, and nothing of its content."""
