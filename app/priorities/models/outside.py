"""Bodies and events around the network."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import FOREVER, Dated, Exists, Noted
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
    until_on: Mapped[date] = mapped_column(default=FOREVER, server_default=text("'9999-12-31'"))
    """The first day on which it does not hold any more."""
    ended_why: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    body: Mapped[Body] = relationship(back_populates="engagements", lazy="raise")


class Programme(Base, Keyed, Exists, Sourced):
    """Something that an outside body does. It can say which function of institutes it is like and
    which priority of the network it touches: by these, overlaps are found."""

    __tablename__ = "programmes"

    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    about: Mapped[str] = mapped_column(Text, default="")
    function_id: Mapped[int | None] = mapped_column(ForeignKey("functions.id"), index=True)
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priorities.id"), index=True)
    until_on: Mapped[date] = mapped_column(default=FOREVER)
    """The first day on which it is over."""


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
