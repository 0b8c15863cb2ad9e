"""Cadences and the sittings that were held or are planned."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Dated, Exists, Noted
from app.deadlines.models import Deadline
from app.members.models import Member
from app.priorities.models import Basis
from app.sources.models import Sourced


class SeriesKind(StrEnum):
    PLENARY = "plenary"
    TRACK = "track"
    BILATERAL = "bilateral"
    WORKING_CALL = "working_call"


class MeetingStatus(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Presence(StrEnum):
    ATTENDED = "attended"
    REMOTE = "remote"
    ABSENT = "absent"


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
    duration_minutes: Mapped[int]
    days: Mapped[int] = mapped_column(default=1)
    tolerance_days: Mapped[int | None]
    """None: a quarter of the interval."""
    basis: Mapped[Basis] = mapped_column(words(Basis))
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Meeting(Base, Keyed, Exists, Dated, Sourced, Noted):
    """One sitting. `exists_from` is the day on which it was planned or became known."""

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("duration_minutes > 0", name="duration_positive"),
        UniqueConstraint("series_id", "starts_on"),
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
