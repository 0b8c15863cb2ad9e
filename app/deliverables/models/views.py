"""Filters of deliverables that an account kept under a name."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed
from app.people.models import Account


class SavedView(Base, Keyed):
    """A filter, not what it finds: that is up to whoever opens it, and to the day."""

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("account_id", "name"),
        CheckConstraint("name <> ''", name="has_a_name"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(100), unique=True)
    """Its place in addresses."""
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2000))
    """As in the address of the list: names and keys only, in a fixed order."""
    is_shared: Mapped[bool] = mapped_column(default=False)
    """Others may open it by its address."""
    created_at: Mapped[datetime]
    account: Mapped[Account] = relationship(lazy="raise")
