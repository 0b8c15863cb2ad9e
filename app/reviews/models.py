"""A coordinator's pass over everything due at a deadline."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.deadlines.models import Deadline
from app.deliverables.models import AskedQuestion, Deliverable
from app.people.models import Account
from app.reviews.rules.choices import Choice

_OPEN = text("closed_at IS NULL")


class DeadlineReview(Base, Keyed):
    """Open, it shows the state of its day anew each time; closed, it shows what it saw."""

    __tablename__ = "deadline_reviews"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        CheckConstraint("(closed_at IS NULL) = (saw = '')", name="saw_when_closed"),
        Index(
            "uq_deadline_reviews_open",
            "deadline_id",
            "held_on",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    held_on: Mapped[date]
    """The day whose state it looks at."""
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_at: Mapped[datetime | None]
    effective_on: Mapped[date | None]
    """The day from which its choices hold, once it is closed."""
    saw: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """What it saw of the deadline, as canonical JSON; its deliverables stand in the entries."""
    deadline: Mapped[Deadline] = relationship(lazy="raise")
    opened_by: Mapped[Account] = relationship(foreign_keys=opened_by_id, lazy="raise")
    closed_by: Mapped[Account | None] = relationship(foreign_keys=closed_by_id, lazy="raise")


class ReviewChoice(Base, Keyed):
    """What was chosen for one deliverable. Changing one's mind is another row with the next
    version; the database sees to it that two people cannot both write the same one."""

    __tablename__ = "review_choices"
    __table_args__ = (
        UniqueConstraint("review_id", "deliverable_id", "version"),
        CheckConstraint(
            "choice = 'move' OR (new_due_on IS NULL AND new_deadline_id IS NULL)",
            name="only_a_move_has_a_date",
        ),
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("deadline_reviews.id"))
    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"), index=True)
    version: Mapped[int]
    choice: Mapped[Choice] = mapped_column(words(Choice))
    reason: Mapped[str] = mapped_column(Text, default="")
    new_due_on: Mapped[date | None]
    new_deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"))
    evidence_title: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    evidence_url: Mapped[str] = mapped_column(String(2000), default="", server_default=text("''"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("asked_questions.id"))
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    chosen_at: Mapped[datetime]
    deliverable: Mapped[Deliverable] = relationship(lazy="raise")
    new_deadline: Mapped[Deadline | None] = relationship(lazy="raise")
    chosen_by: Mapped[Account] = relationship(lazy="raise")
    question: Mapped[AskedQuestion | None] = relationship(lazy="raise")


class ReviewEntry(Base, Keyed):
    """One deliverable as a closed review saw it. Never changed."""

    __tablename__ = "review_entries"
    __table_args__ = (UniqueConstraint("review_id", "deliverable_id"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("deadline_reviews.id"))
    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"), index=True)
    position: Mapped[int]
    saw: Mapped[str] = mapped_column(Text)
    """Canonical JSON."""
    deliverable: Mapped[Deliverable] = relationship(lazy="raise")
