"""Where facts come from."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.core.db import Base, Keyed
from app.core.history import Dated, Noted


class Source(Base, Keyed, Dated, Noted):
    __tablename__ = "sources"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    publisher: Mapped[str] = mapped_column(String(300), default="")
    authors: Mapped[str] = mapped_column(String(500), default="")
    published_on: Mapped[date | None]
    """First day of the month or year where `precision` says that no more is known."""
    url: Mapped[str] = mapped_column(String(2000), default="")


class Sourced:
    """Can name the source that says so."""

    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"), index=True)

    @declared_attr
    def source(cls) -> Mapped[Source | None]:  # noqa: N805 - a declared attribute takes the class
        return relationship(Source, lazy="raise")
