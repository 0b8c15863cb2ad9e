"""The areas that the network decided to work on."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Exists
from app.members.models import Function
from app.priorities.models.questions import Question, Theme
from app.sources.models import Sourced


class Horizon(StrEnum):
    NEAR = "near"
    MEDIUM = "medium"
    LONG = "long"


class Basis(StrEnum):
    """Whether the source says it, or it is a reading for the members to accept or change."""

    STATED = "stated"
    PROPOSED = "proposed"


class Priority(Base, Keyed, Exists, Sourced):
    __tablename__ = "priorities"
    __table_args__ = (
        CheckConstraint("impact BETWEEN 1 AND 5", name="impact_1_to_5"),
        CheckConstraint("feasibility BETWEEN 1 AND 5", name="feasibility_1_to_5"),
    )

    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    theme: Mapped[Theme] = mapped_column(words(Theme))
    horizon: Mapped[Horizon] = mapped_column(words(Horizon))
    basis: Mapped[Basis] = mapped_column(words(Basis))
    impact: Mapped[int | None]
    feasibility: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    question: Mapped[Question | None] = relationship(lazy="raise")
    functions: Mapped[list[Function]] = relationship(
        secondary="priority_functions", order_by=Function.position, lazy="raise"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class PriorityFunction(Base):
    __tablename__ = "priority_functions"

    priority_id: Mapped[int] = mapped_column(ForeignKey("priorities.id"), primary_key=True)
    function_id: Mapped[int] = mapped_column(ForeignKey("functions.id"), primary_key=True)
