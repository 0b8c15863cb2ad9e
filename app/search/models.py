"""The texts that can be searched, in the words of their authors."""

from datetime import date

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class SearchEntry(Base):
    """What one thing is found by. Its words stand in `search_index`, a table that SQLite and
    PostgreSQL each make in their own way. Who may see it is not here: that is asked of the thing
    itself."""

    __tablename__ = "search_entries"
    __table_args__ = (Index("ix_search_entries_kind", "kind", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Made of the kind's number and the thing's, so that it is the same each time."""
    kind: Mapped[str] = mapped_column(String(30))
    item_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    happened_on: Mapped[date | None]
