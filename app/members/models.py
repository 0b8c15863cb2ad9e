"""The network itself, its members and what they bring."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Dated, Exists, Noted, Spanned
from app.members.rules.hours import USUAL, WorkingWeek, weekend_of, weekend_text
from app.members.rules.standings import MemberStatus as MemberStatus  # noqa: PLC0414 - its place
from app.sources.models import Sourced


class Level(StrEnum):
    """How far a member is in a function. No row at all means unknown, which is not `none`."""

    NONE = "none"
    LIKELY = "likely"
    STATED = "stated"
    OPERATIONAL = "operational"


class DecisionRule(StrEnum):
    CONSENSUS = "consensus"
    OPT_IN = "opt-in"


class Network(Base, Keyed, Sourced, Noted):
    """The one network of this installation."""

    __tablename__ = "networks"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    founding_document: Mapped[str] = mapped_column(String(500), default="")
    founded_on: Mapped[date]
    planned_on: Mapped[date]
    """The day of the plan; what has no day of its own exists from here."""
    decision_rule: Mapped[DecisionRule] = mapped_column(words(DecisionRule))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Only what differs from the defaults, such as the thresholds of attention."""
    names: Mapped[list["NetworkName"]] = relationship(
        order_by="NetworkName.from_on", lazy="raise", back_populates="network"
    )


class NetworkName(Base, Keyed, Spanned, Dated, Sourced, Noted):
    __tablename__ = "network_names"
    __table_args__ = (UniqueConstraint("network_id", "from_on"),)

    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"))
    name: Mapped[str] = mapped_column(String(300))
    short_name: Mapped[str] = mapped_column(String(80))
    network: Mapped[Network] = relationship(back_populates="names", lazy="raise")


class Mechanism(Base, Keyed, Exists, Sourced):
    """A way in which members can work together."""

    __tablename__ = "mechanisms"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")


class Member(Base, Keyed, Exists, Sourced):
    __tablename__ = "members"

    code: Mapped[str] = mapped_column(String(2), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    """As the plan names it; screens show the territory's name in the reader's language."""
    zone: Mapped[str] = mapped_column(String(60))
    holiday_calendar: Mapped[str] = mapped_column(String(20), default="")
    works_from: Mapped[time] = mapped_column(default=USUAL.begins, server_default="09:00:00")
    works_until: Mapped[time] = mapped_column(default=USUAL.ends, server_default="17:00:00")
    """By the clock at its seat, and later on the same day."""
    weekend: Mapped[str] = mapped_column(
        String(7), default=weekend_text(USUAL.weekend), server_default="56"
    )
    """As `hours.weekend_text` writes it."""
    version: Mapped[int] = mapped_column(default=1)
    statuses: Mapped[list["MemberStanding"]] = relationship(
        order_by="MemberStanding.from_on", lazy="raise", back_populates="member"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so

    @property
    def week(self) -> WorkingWeek:
        return WorkingWeek(self.works_from, self.works_until, weekend_of(self.weekend))


class MemberStanding(Base, Keyed, Spanned, Dated, Sourced):
    """A member's status over time."""

    __tablename__ = "member_standings"
    __table_args__ = (UniqueConstraint("member_id", "from_on"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    status: Mapped[MemberStatus] = mapped_column(words(MemberStatus))
    note: Mapped[str] = mapped_column(Text, default="")
    member: Mapped[Member] = relationship(back_populates="statuses", lazy="raise")


class Institute(Base, Keyed, Spanned, Dated, Sourced):
    """What is known of a member's institute over a span of days. Empty text: not public."""

    __tablename__ = "institutes"
    __table_args__ = (UniqueConstraint("member_id", "from_on"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    name: Mapped[str] = mapped_column(String(300), default="")
    host: Mapped[str] = mapped_column(String(300), default="")
    established: Mapped[str] = mapped_column(String(10), default="")
    """ISO 8601 with as much as is known: 2024, 2024-02 or 2024-02-14."""
    announced_only: Mapped[bool] = mapped_column(default=False)
    staff: Mapped[str] = mapped_column(String(300), default="")
    funding: Mapped[str] = mapped_column(String(500), default="")
    funding_usd_per_year: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    note: Mapped[str] = mapped_column(Text, default="")
    member: Mapped[Member] = relationship(lazy="raise")


class Function(Base, Keyed, Exists, Sourced, Noted):
    """One of the areas in which institutes work."""

    __tablename__ = "functions"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0)


class MemberFunction(Base, Keyed, Spanned, Sourced, Noted):
    __tablename__ = "member_functions"
    __table_args__ = (UniqueConstraint("member_id", "function_id", "from_on"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    function_id: Mapped[int] = mapped_column(ForeignKey("functions.id"))
    level: Mapped[Level] = mapped_column(words(Level))
    evidence: Mapped[str] = mapped_column(Text, default="")
    member: Mapped[Member] = relationship(lazy="raise")
    function: Mapped[Function] = relationship(lazy="raise")


class LeadershipTerm(Base, Keyed, Spanned, Dated, Sourced, Noted):
    """Chair, coordinator, lead of a track."""

    __tablename__ = "leadership_terms"
    __table_args__ = (UniqueConstraint("member_id", "title", "from_on"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    title: Mapped[str] = mapped_column(String(200))
    member: Mapped[Member] = relationship(lazy="raise")
    end: Mapped["TermEnd | None"] = relationship(lazy="raise", back_populates="term")


class TermEnd(Base, Dated, Sourced, Noted):
    """How it is known that a term ended, on the day that the term has as its end. A term without
    one has no end on record, which is not to say that it goes on."""

    __tablename__ = "term_ends"

    term_id: Mapped[int] = mapped_column(ForeignKey("leadership_terms.id"), primary_key=True)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    term: Mapped[LeadershipTerm] = relationship(back_populates="end", lazy="raise")
