"""Columns of things that exist from a day, and of rows that hold for a span of days."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Text, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.days import FOREVER, Precision
from app.core.db import words


class Exists:
    """Before `exists_from` no page knows the thing."""

    exists_from: Mapped[date] = mapped_column(index=True)

    @classmethod
    def exists_on(cls, day: date) -> ColumnElement[bool]:
        return cls.__table__.c.exists_from <= day  # type: ignore[attr-defined, no-any-return]


class Spanned:
    """Holds from `from_on` up to, not including, `until_on`. A row replaced on the day it began
    holds for no day at all and is kept for the record."""

    from_on: Mapped[date] = mapped_column()
    until_on: Mapped[date] = mapped_column(default=FOREVER)

    @classmethod
    def holds_on(cls, day: date) -> ColumnElement[bool]:
        columns = cls.__table__.c  # type: ignore[attr-defined]
        return and_(columns.from_on <= day, columns.until_on > day)


def make_room(spans: Iterable[Spanned], from_on: date) -> date:
    """End the span that holds on `from_on` there, and tell until when a new one holds: for good,
    or until the first that was entered for a later day."""
    until_on = FOREVER
    for span in spans:
        if span.from_on <= from_on < span.until_on:
            span.until_on = from_on
        elif from_on < span.from_on < min(until_on, span.until_on):
            until_on = span.from_on
    return until_on


class Dated:
    """How well `from_on` or another day of the row is known."""

    precision: Mapped[Precision] = mapped_column(words(Precision), default=Precision.DAY)


class Noted:
    """Carries a remark, as whoever wrote the entry left it."""

    note: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


__all__ = ["FOREVER", "Dated", "Exists", "Noted", "Spanned", "make_room"]
