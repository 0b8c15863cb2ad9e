"""Cadences and the sittings that were held or are planned."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Dated, Exists, Noted
from app.deadlines.models import Deadline
from app.meetings.rules.adherence import Amendment
from app.meetings.rules.attendance import Availability, Presence
from app.members.models import Member
from app.priorities.models import Basis
from app.sources.models import Sourced


class SeriesKind(StrEnum):
    PLENARY = "plenary"
    TRACK = "track"
    BILATERAL = "bilateral"
    WORKING_CALL = "working_call"


class Hosting(StrEnum):
    """Who hosts the next meeting: always the same member, or each in turn."""

    FIXED = "fixed"
    ROTATING = "rotating"


class MeetingStatus(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class MeetingSeries(Base, Keyed, Exists, Sourced):
    """A cadence: an RFC 5545 rule in a named zone."""

    __tablename__ = "meeting_series"
    __table_args__ = (
        CheckConstraint("duration_minutes > 0", name="duration_positive"),
        CheckConstraint("days > 0", name="days_positive"),
        CheckConstraint("tolerance_days >= 0", name="tolerance_not_negative"),
    )

    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[SeriesKind] = mapped_column(words(SeriesKind), default=SeriesKind.PLENARY)
    recurrence: Mapped[str] = mapped_column(String(500))
    starts_on: Mapped[date]
    starts_at: Mapped[time | None]
    """Wall time in `zone`; none while nobody has said at what hour it meets."""
    zone: Mapped[str] = mapped_column(String(60))
    zone_stated: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False: nobody has said in which zone, and `zone` only stands in for it."""
    is_flexible: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The rule says about how often; each next meeting counts from the last that was held."""
    hosting: Mapped[Hosting] = mapped_column(
        words(Hosting), default=Hosting.FIXED, server_default=Hosting.FIXED.value
    )
    host_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """Who hosts while hosting is fixed."""
    duration_minutes: Mapped[int]
    days: Mapped[int] = mapped_column(default=1)
    tolerance_days: Mapped[int | None]
    """None: a quarter of the interval."""
    basis: Mapped[Basis] = mapped_column(words(Basis))
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class SeriesMember(Base):
    """A member that meets in the series. `position` is its turn to host, from 0."""

    __tablename__ = "series_members"

    series_id: Mapped[int] = mapped_column(ForeignKey("meeting_series.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    position: Mapped[int]
    member: Mapped[Member] = relationship(lazy="raise")


class SeriesAmendment(Base, Keyed, Exists):
    """One occurrence moved, skipped or added. It holds from `exists_from` until it is undone."""

    __tablename__ = "series_amendments"
    __table_args__ = (
        CheckConstraint("(kind = 'moved') = (moved_to IS NOT NULL)", name="moved_to_a_day"),
        Index(
            "uq_series_amendments_series_id",
            "series_id",
            "day",
            unique=True,
            sqlite_where=text("undone_on IS NULL"),
            postgresql_where=text("undone_on IS NULL"),
        ),
    )

    series_id: Mapped[int] = mapped_column(ForeignKey("meeting_series.id"))
    kind: Mapped[Amendment] = mapped_column(words(Amendment))
    day: Mapped[date]
    moved_to: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    undone_on: Mapped[date | None]


class Meeting(Base, Keyed, Exists, Dated, Sourced, Noted):
    """One sitting. `exists_from` is the day on which it was planned or became known."""

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("duration_minutes > 0", name="duration_positive"),
        # A meeting that was called off leaves its day to another.
        Index(
            "uq_meetings_series_id",
            "series_id",
            "starts_on",
            unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
    )

    key: Mapped[str] = mapped_column(String(120), unique=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_series.id"))
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"), index=True)
    """The convening or summit of which this is the meeting."""
    title: Mapped[str] = mapped_column(String(300))
    status: Mapped[MeetingStatus] = mapped_column(words(MeetingStatus))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(60))
    """The zone in which it was set, in which `starts_on` is a day."""
    duration_minutes: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(2000), default="")
    host_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    cancelled_on: Mapped[date | None]
    cancelled_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    series: Mapped[MeetingSeries | None] = relationship(lazy="raise")
    deadline: Mapped[Deadline | None] = relationship(lazy="raise")
    host: Mapped[Member | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class MeetingFigures(Base):
    """What the deliverables looked like to those who met, frozen when the meeting was recorded as
    held. Never changed."""

    __tablename__ = "meeting_figures"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    as_of: Mapped[date]
    """The day whose state it is."""
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    content: Mapped[str] = mapped_column(Text)
    """Canonical JSON of `figures.Pictures`: the same content is the same text."""
    content_hash: Mapped[str] = mapped_column(String(64))


class Attendance(Base):
    __tablename__ = "attendances"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    presence: Mapped[Presence] = mapped_column(words(Presence))
    note: Mapped[str] = mapped_column(Text, default="")


class MeetingSlot(Base, Keyed):
    """A time that is put to the members for a meeting that is planned."""

    __tablename__ = "meeting_slots"
    __table_args__ = (UniqueConstraint("meeting_id", "starts_at"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    starts_at: Mapped[datetime]
    put_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    put_at: Mapped[datetime]


class SlotAnswer(Base):
    """Whether a member can come at that time."""

    __tablename__ = "slot_answers"

    slot_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_slots.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    answer: Mapped[Availability] = mapped_column(words(Availability))
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime]
