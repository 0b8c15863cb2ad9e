"""What speaks for a candidate, and on what a standing rests."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Spanned
from app.decisions.models import Decision
from app.members.models import Member, MemberStanding
from app.membership.rules import AdmissionCriterion, Finding
from app.sources.models import Sourced


class CriterionFinding(Base, Keyed, Spanned, Sourced):
    """Whether a candidate meets a criterion, from a day on. No row at all: not known. Whatever was
    found before stays."""

    __tablename__ = "criterion_findings"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    criterion: Mapped[AdmissionCriterion] = mapped_column(words(AdmissionCriterion))
    finding: Mapped[Finding] = mapped_column(words(Finding))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    member: Mapped[Member] = relationship(lazy="raise")


class StandingGround(Base):
    """The decision that a standing rests on."""

    __tablename__ = "standing_grounds"

    standing_id: Mapped[int] = mapped_column(ForeignKey("member_standings.id"), primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    standing: Mapped[MemberStanding] = relationship(lazy="raise")
    decision: Mapped[Decision] = relationship(lazy="raise")
