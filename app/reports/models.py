"""What the leads are asked for before a meeting, and what coordinators said of what came."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.deliverables.models import Deliverable
from app.meetings.models import Meeting
from app.members.models import Member


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"


class ReportRound(Base, Keyed):
    """The asking before one meeting. It closes so many days before the first day of the meeting,
    wherever that day moves."""

    __tablename__ = "report_rounds"
    __table_args__ = (
        CheckConstraint("closes_days_before BETWEEN 0 AND 365", name="closes_within_a_year"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), unique=True)
    closes_days_before: Mapped[int]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    meeting: Mapped[Meeting] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class ReportRequest(Base, Keyed):
    """One lead asked for an update of one deliverable. Whether it came follows from the updates."""

    __tablename__ = "report_requests"
    __table_args__ = (
        UniqueConstraint("round_id", "deliverable_id", "member_id"),
        Index("ix_report_requests_member_id", "member_id", "deliverable_id"),
        Index("ix_report_requests_deliverable_id", "deliverable_id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("report_rounds.id"))
    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    deliverable: Mapped[Deliverable] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise")


class ReportVerdict(Base, Keyed):
    """What a coordinator said of a report, of which the newest update was `update_id`. Every one
    is kept."""

    __tablename__ = "report_verdicts"
    __table_args__ = (
        CheckConstraint("verdict <> 'sent_back' OR note <> ''", name="sent_back_with_a_note"),
        Index("ix_report_verdicts_round_id", "round_id", "deliverable_id", "id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("report_rounds.id"))
    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"))
    update_id: Mapped[int] = mapped_column(ForeignKey("status_updates.id"))
    verdict: Mapped[Verdict] = mapped_column(words(Verdict))
    note: Mapped[str] = mapped_column(Text, default="")
    given_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    given_at: Mapped[datetime]
