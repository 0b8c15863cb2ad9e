"""Proposals put to the members, and the positions they took."""

from datetime import datetime

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
from app.decisions.rules import DecisionState, Stance
from app.deliverables.models import Deliverable
from app.members.models import DecisionRule, Member
from app.sharing.models import Marked, VisibleParents
from app.sources.models import Sourced


class Decision(Base, Keyed, Exists, Marked, Sourced):
    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("quorum >= 0", name="quorum_not_negative"),
    )

    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    proposal: Mapped[str] = mapped_column(Text, default="")
    rule: Mapped[DecisionRule] = mapped_column(words(DecisionRule))
    quorum: Mapped[int] = mapped_column(default=0)
    """Members that must have answered."""
    silence_is_assent: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    state: Mapped[DecisionState] = mapped_column(words(DecisionState))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    deliverable_id: Mapped[int | None] = mapped_column(ForeignKey("deliverables.id"), index=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so

    @classmethod
    def within(cls, visible_parents: VisibleParents) -> ColumnElement[bool] | None:
        """Hidden where the deliverable that it is about is hidden."""
        shown = select(Deliverable.id).where(visible_parents.of(Deliverable))
        return or_(cls.deliverable_id.is_(None), cls.deliverable_id.in_(shown))


class Position(Base, Keyed):
    """Every change of a member's position is a row; the last before the close counts."""

    __tablename__ = "positions"
    __table_args__ = (Index("ix_positions_decision_id", "decision_id", "member_id", "id"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    stance: Mapped[Stance] = mapped_column(words(Stance))
    statement: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    member: Mapped[Member] = relationship(lazy="raise")


class Settlement(Base):
    """How a decision ended, frozen as it was recorded. Never changed."""

    __tablename__ = "settlements"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    settled_at: Mapped[datetime]
    """For a proposal that was withdrawn, when it was."""
    settled_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was withdrawn."""
    content: Mapped[str] = mapped_column(Text, default="")
    """The certificate as canonical JSON: the same content is the same text. Empty for what was
    withdrawn."""
    content_hash: Mapped[str] = mapped_column(String(64), default="")
