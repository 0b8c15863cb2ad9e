"""Proposals put to the members, and the positions they took."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Exists
from app.decisions.rules import DecisionState, Stance
from app.members.models import DecisionRule, Member
from app.sharing.models import Marked
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
    settlement: Mapped["Settlement | None"] = relationship(lazy="raise", back_populates="decision")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


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
    decision: Mapped[Decision] = relationship(lazy="raise", back_populates="settlement")
