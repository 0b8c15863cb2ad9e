"""What members put in, what was stated of its worth elsewhere, and what stopped to count."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Numeric,
    String,
    Text,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.days import Precision
from app.core.db import Base, Keyed, words
from app.core.history import Noted
from app.deliverables.models import Deliverable
from app.members.models import Member
from app.sharing.models import Marked, VisibleParents
from app.sources.models import Sourced


class ContributionKind(StrEnum):
    STAFF_TIME = "staff_time"
    MONEY = "money"
    COMPUTE = "compute"
    EXPERTISE = "expertise"
    HOSTING = "hosting"


class Contribution(Base, Keyed, Marked, Sourced, Noted):
    __tablename__ = "contributions"
    __table_args__ = (
        CheckConstraint("amount IS NULL OR amount >= 0", name="amount_not_negative"),
        CheckConstraint("kind <> 'money' OR currency <> ''", name="money_has_currency"),
        CheckConstraint("period_ends_on >= period_starts_on", name="period_in_order"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    given_on: Mapped[date]
    precision: Mapped[Precision] = mapped_column(
        words(Precision), default=Precision.DAY, server_default=Precision.DAY.value
    )
    kind: Mapped[ContributionKind] = mapped_column(words(ContributionKind))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    unit: Mapped[str] = mapped_column(String(60), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    """ISO 4217, as given; never converted."""
    period_starts_on: Mapped[date | None]
    period_ends_on: Mapped[date | None]
    about: Mapped[str] = mapped_column(Text, default="")
    deliverable_id: Mapped[int | None] = mapped_column(ForeignKey("deliverables.id"), index=True)
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priorities.id"), index=True)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    member: Mapped[Member] = relationship(lazy="raise")
    conversion: Mapped["Conversion | None"] = relationship(
        lazy="raise", back_populates="contribution"
    )
    end: Mapped["ContributionEnd | None"] = relationship(
        lazy="raise", foreign_keys="ContributionEnd.contribution_id"
    )

    @classmethod
    def shared_by_role(cls, member_id: int) -> ColumnElement[bool]:
        return cls.member_id == member_id

    @classmethod
    def within(cls, visible_parents: VisibleParents) -> ColumnElement[bool] | None:
        """Hidden where the deliverable that it was made for is hidden."""
        shown = select(Deliverable.id).where(visible_parents.of(Deliverable))
        return or_(cls.deliverable_id.is_(None), cls.deliverable_id.in_(shown))


class Conversion(Base):
    """What somebody stated an amount of money to be in another currency. Nothing is worked out from
    it, and nothing is summed."""

    __tablename__ = "contribution_conversions"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("rate > 0", name="rate_positive"),
    )

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    currency: Mapped[str] = mapped_column(String(3))
    rate: Mapped[Decimal] = mapped_column(Numeric(18, 8))
    """So much of this currency for one of the currency that was given."""
    rate_on: Mapped[date]
    rate_source: Mapped[str] = mapped_column(Text)
    contribution: Mapped[Contribution] = relationship(lazy="raise", back_populates="conversion")


class ContributionEnd(Base):
    """From `from_on` an entry counts no more. What was put right (`replaced_by_id`) never counted,
    so for it that is the day on which it was given."""

    __tablename__ = "contribution_ends"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    from_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("contributions.id"), unique=True)
    ended_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime]
