"""Letters to and from bodies outside the network, where each stood when, and what came with it."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Exists
from app.correspondence.rules import Direction, LetterState, Purpose
from app.deliverables.models import Deliverable
from app.deliverables.rules.files import FileKind
from app.members.models import Member
from app.priorities.models import Body, Priority
from app.sharing.models import Marked, VisibleParents


class Letter(Base, Keyed, Exists, Marked):
    """Exists from the day on which it came in, or on which it was drafted."""

    __tablename__ = "letters"
    __table_args__ = (CheckConstraint("answers_id <> id", name="answers_another"),)

    key: Mapped[str] = mapped_column(String(80), unique=True)
    direction: Mapped[Direction] = mapped_column(words(Direction))
    title: Mapped[str] = mapped_column(String(300))
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    correspondent: Mapped[str] = mapped_column(String(300), default="")
    """Who at the body wrote it, or is written to."""
    text: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    """Who answers it, or writes it; None: the coordinators."""
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priorities.id"), index=True)
    deliverable_id: Mapped[int | None] = mapped_column(ForeignKey("deliverables.id"), index=True)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), index=True)
    """The earlier letter that this one answers."""
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    body: Mapped[Body] = relationship(lazy="raise")
    member: Mapped[Member | None] = relationship(lazy="raise")
    priority: Mapped[Priority | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so

    @classmethod
    def shared_by_role(cls, member_id: int) -> ColumnElement[bool]:
        return cls.member_id == member_id

    @classmethod
    def within(cls, visible_parents: VisibleParents) -> ColumnElement[bool] | None:
        """Hidden where the deliverable that it is about is hidden."""
        shown = select(Deliverable.id).where(visible_parents.of(Deliverable))
        return or_(cls.deliverable_id.is_(None), cls.deliverable_id.in_(shown))


class LetterStep(Base, Keyed):
    """The state from a day on. Only added to."""

    __tablename__ = "letter_steps"
    __table_args__ = (Index("ix_letter_steps_letter_id", "letter_id", "from_on", "id"),)

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    state: Mapped[LetterState] = mapped_column(words(LetterState))
    from_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]


class LetterFile(Base, Keyed):
    """Its bytes lie with the evidence, under their hash. It has the marking of its letter."""

    __tablename__ = "letter_files"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[FileKind] = mapped_column(words(FileKind))
    size: Mapped[int]
    """Bytes."""
    added_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    added_at: Mapped[datetime]
