"""The open questions before the network."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Exists, Noted, Spanned
from app.sources.models import Sourced


class Theme(StrEnum):
    GOALS = "goals"
    MECHANISMS = "mechanisms"
    STRATEGY = "strategy"


class QuestionStatus(StrEnum):
    OPEN = "open"
    UNDER_DISCUSSION = "under discussion"
    DECIDED = "decided"


class Question(Base, Keyed, Exists, Sourced, Noted):
    __tablename__ = "questions"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    theme: Mapped[Theme] = mapped_column(words(Theme))
    recommendation: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    states: Mapped[list["QuestionState"]] = relationship(
        order_by="QuestionState.from_on", lazy="raise", back_populates="question"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class QuestionState(Base, Keyed, Spanned, Sourced):
    __tablename__ = "question_states"

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    status: Mapped[QuestionStatus] = mapped_column(words(QuestionStatus))
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    question: Mapped[Question] = relationship(back_populates="states", lazy="raise")
