"""Which member has which part in which deliverable, and since when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Dated, Spanned
from app.members.models import Member
from app.sources.models import Sourced


class AssignmentRole(StrEnum):
    LEAD = "lead"
    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"


class AssignmentState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


class Assignment(Base, Keyed):
    """One member's part in one deliverable. What it is on a day stands in its spans."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("deliverable_id", "member_id"),
        Index("ix_assignments_member_id", "member_id", "deliverable_id"),
    )

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    version: Mapped[int] = mapped_column(default=1)
    member: Mapped[Member] = relationship(lazy="raise")
    spans: Mapped[list["AssignmentSpan"]] = relationship(
        order_by="AssignmentSpan.id", lazy="raise", back_populates="assignment"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class AssignmentSpan(Base, Keyed, Spanned, Dated, Sourced):
    """Role and state over a span of days, with the reason given when it began."""

    __tablename__ = "assignment_spans"
    __table_args__ = (
        Index("ix_assignment_spans_assignment_id", "assignment_id", "until_on", "from_on"),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    role: Mapped[AssignmentRole] = mapped_column(words(AssignmentRole))
    state: Mapped[AssignmentState] = mapped_column(words(AssignmentState))
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    assignment: Mapped[Assignment] = relationship(back_populates="spans", lazy="raise")
