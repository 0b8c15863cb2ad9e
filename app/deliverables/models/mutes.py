"""Flags that a coordinator keeps from counting, and why."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Text, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.deliverables.models.updates import OfDeliverable
from app.deliverables.rules.attention import Flag
from app.people.models import Account


class FlagMute(Base, Keyed, OfDeliverable):
    """Holds from `from_on` up to, not including, `until_on`, unless it was lifted by hand before.
    Marked like what raised the flag: whoever may not see that does not see the mute."""

    __tablename__ = "flag_mutes"
    __table_args__ = (
        CheckConstraint("until_on > from_on", name="days_in_order"),
        CheckConstraint("(ended_on IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index("ix_flag_mutes_deliverable_id", "deliverable_id", "from_on"),
    )

    flag: Mapped[Flag] = mapped_column(words(Flag))
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    recorded_by: Mapped[Account] = relationship(lazy="raise", foreign_keys=[recorded_by_id])

    @classmethod
    def holds_on(cls, day: date) -> ColumnElement[bool]:
        return and_(
            cls.from_on <= day,
            cls.until_on > day,
            or_(cls.ended_on.is_(None), cls.ended_on > day),
        )
