"""Dates that were asked for, and what became of the asking. No row is ever taken away."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.deadlines.models import Deadline
from app.deliverables.models.deliverables import Deliverable
from app.members.models import Member
from app.people.models import Account

_OPEN = text("state = 'open'")


class ProposalState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    COUNTERED = "countered"
    """Answered with another date, which is a proposal of its own."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DateProposal(Base, Keyed):
    """A member asks for another date, or (`is_offer`) a coordinator offers one in answer. An open
    one waits for the other side; there is one at most for each deliverable."""

    __tablename__ = "date_proposals"
    __table_args__ = (
        CheckConstraint(
            "(deadline_id IS NULL) <> (due_on IS NULL)", name="one_deadline_or_one_day"
        ),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_when_not_open"),
        Index("ix_date_proposals_deliverable_id", "deliverable_id", "id"),
        Index(
            "uq_date_proposals_open",
            "deliverable_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    """The member that asks, or to which the offer is made."""
    is_offer: Mapped[bool] = mapped_column(default=False)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("date_proposals.id"), unique=True)
    """The proposal that this one was made in answer to."""
    from_due_on: Mapped[date | None]
    """What it was due by when this was proposed; none: unscheduled."""
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"))
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[ProposalState] = mapped_column(words(ProposalState), default=ProposalState.OPEN)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    deliverable: Mapped[Deliverable] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise")
    deadline: Mapped[Deadline | None] = relationship(lazy="raise")
    proposed_by: Mapped[Account] = relationship(foreign_keys=proposed_by_id, lazy="raise")
    answered_by: Mapped[Account | None] = relationship(foreign_keys=answered_by_id, lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so
