"""Bodies and events around the network."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Dated, Exists, Noted
from app.sources.models import Sourced


class Relation(StrEnum):
    SUPPLIES_EXPERTISE_TO = "supplies expertise to"
    AVOIDS_DUPLICATING = "avoids duplicating"
    CANDIDATE_PARTNER = "candidate partner"


class Body(Base, Keyed, Exists, Sourced, Noted):
    __tablename__ = "bodies"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    engagements: Mapped[list["Engagement"]] = relationship(lazy="raise", back_populates="body")


class Engagement(Base, Keyed, Exists, Sourced):
    __tablename__ = "engagements"

    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    relation: Mapped[Relation] = mapped_column(words(Relation))
    about: Mapped[str] = mapped_column(Text, default="")
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priorities.id"))
    deliverable_id: Mapped[int | None] = mapped_column(ForeignKey("deliverables.id"))
    body: Mapped[Body] = relationship(back_populates="engagements", lazy="raise")


class OutsideEvent(Base, Keyed, Exists, Dated, Sourced, Noted):
    """What happened, or will, around the network."""

    __tablename__ = "outside_events"
    __table_args__ = (
        UniqueConstraint("starts_on", "title"),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
    )

    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    title: Mapped[str] = mapped_column(String(300))
