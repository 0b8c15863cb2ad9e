"""End products, what they depend on, and when they are due."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    exists,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import FOREVER, Exists
from app.deadlines.models import Deadline
from app.deliverables.models.assignments import Assignment, AssignmentSpan, AssignmentState
from app.priorities.models import Basis, Priority
from app.sharing.models import Marked
from app.sources.models import Sourced


class DeliverableKind(StrEnum):
    STATEMENT = "statement"
    AGENDA = "agenda"
    CATALOGUE = "catalogue"
    METHOD = "method"
    TOOL = "tool"
    GUIDELINE = "guideline"
    EVENT = "event"
    ARRANGEMENT = "arrangement"


class Deliverable(Base, Keyed, Exists, Marked, Sourced):
    __tablename__ = "deliverables"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[DeliverableKind] = mapped_column(words(DeliverableKind))
    priority_id: Mapped[int] = mapped_column(ForeignKey("priorities.id"), index=True)
    basis: Mapped[Basis] = mapped_column(words(Basis))
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    """Rises with every change to the deliverable or its history, so that two editors meet."""
    priority: Mapped[Priority] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so

    @classmethod
    def shared_by_role(cls, member_id: int) -> ColumnElement[bool]:
        return has_part(cls.id, member_id)


def has_part(
    deliverable_id: ColumnElement[int] | InstrumentedAttribute[int], member_id: int
) -> ColumnElement[bool]:
    """Whether the member is assigned, today, and has neither declined nor ended its part."""
    return exists(
        select(1)
        .select_from(Assignment)
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .where(
            Assignment.deliverable_id == deliverable_id,
            Assignment.member_id == member_id,
            AssignmentSpan.until_on == FOREVER,
            AssignmentSpan.state.in_([AssignmentState.PROPOSED, AssignmentState.ACCEPTED]),
        )
        .correlate_except(Assignment, AssignmentSpan)
    )


class Dependency(Base):
    """`deliverable` can be done only when `needs` is. Never a cycle."""

    __tablename__ = "dependencies"
    __table_args__ = (
        CheckConstraint("deliverable_id <> needs_id", name="not_itself"),
        Index("ix_dependencies_needs_id", "needs_id"),
    )

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"), primary_key=True)
    needs_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"), primary_key=True)


class ScheduleChange(Base, Keyed, Sourced):
    """From `effective_on` on the deliverable is due at this deadline, or on this day of its own,
    or (neither) is unscheduled. The first row is the first date; all rows are kept."""

    __tablename__ = "schedule_changes"
    __table_args__ = (
        CheckConstraint("deadline_id IS NULL OR due_on IS NULL", name="deadline_or_own_day"),
        Index("ix_schedule_changes_deliverable_id", "deliverable_id", "effective_on", "id"),
    )

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"))
    effective_on: Mapped[date]
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"))
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    deadline: Mapped[Deadline | None] = relationship(lazy="raise")
