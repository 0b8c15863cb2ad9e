"""What members logged, and the state that follows from it for every day."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    and_,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Dated, Spanned
from app.core.markings import Marking
from app.deliverables.models.deliverables import Deliverable, has_part
from app.deliverables.models.files import EvidenceFile
from app.deliverables.rules.moves import Health, Status
from app.members.models import Member
from app.people.models import Account
from app.sharing.models import Marked, VisibleParents
from app.sources.models import Sourced

PROGRESS_RANGE = "progress BETWEEN 0 AND 100"


class OfDeliverable(Marked):
    """Belongs to a deliverable: shared with those assigned to it, hidden where it is hidden."""

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"))

    @classmethod
    def shared_by_role(cls, member_id: int) -> ColumnElement[bool]:
        return has_part(cls.__table__.c.deliverable_id, member_id)  # type: ignore[attr-defined]

    @classmethod
    def within(cls, visible_parents: VisibleParents) -> ColumnElement[bool] | None:
        return cls.of_visible_deliverable(visible_parents)

    @classmethod
    def of_visible_deliverable(cls, visible_parents: VisibleParents) -> ColumnElement[bool]:
        # Asked row by row: most questions are about few rows of the many there are.
        table = cls.__table__  # type: ignore[attr-defined]
        own = table.c.deliverable_id
        of_it = select(1).where(Deliverable.id == own, visible_parents.of(Deliverable))
        return of_it.correlate(table).exists()


class StatusUpdate(Base, Keyed, OfDeliverable, Dated, Sourced):
    """Append-only: a mistake is put right by a later row that names it in `corrects_id`."""

    __tablename__ = "status_updates"
    __table_args__ = (
        CheckConstraint(PROGRESS_RANGE, name="progress_0_to_100"),
        Index("ix_status_updates_deliverable_id", "deliverable_id", "effective_on", "id"),
        Index("ix_status_updates_recorded_at", "recorded_at"),
    )

    effective_on: Mapped[date] = mapped_column(index=True)
    """The day it holds from. The last day of the month or year where no more is known."""
    recorded_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    """The member for which a liaison logged it."""
    status: Mapped[Status] = mapped_column(words(Status))
    health: Mapped[Health | None] = mapped_column(words(Health))
    progress: Mapped[int | None]
    """Per cent, or unknown."""
    note: Mapped[str] = mapped_column(Text, default="")
    blocker: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("status_updates.id"), index=True)
    """Whoever may not see a correction may log another one."""
    deliverable: Mapped[Deliverable] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")
    member: Mapped[Member | None] = relationship(lazy="raise")
    evidence: Mapped[list["Evidence"]] = relationship(lazy="raise", back_populates="update")


class Evidence(Base, Keyed, OfDeliverable, Sourced):
    """What shows that an update is true: a link, or a file and then no `url`."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_deliverable_id", "deliverable_id"),)

    update_id: Mapped[int | None] = mapped_column(ForeignKey("status_updates.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(2000))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    added_at: Mapped[datetime]
    update: Mapped[StatusUpdate | None] = relationship(lazy="raise", back_populates="evidence")
    file: Mapped[EvidenceFile | None] = relationship(lazy="raise")

    @classmethod
    def within(cls, visible_parents: VisibleParents) -> ColumnElement[bool] | None:
        shown = select(1).where(StatusUpdate.id == cls.update_id, visible_parents.of(StatusUpdate))
        return or_(
            shown.correlate(cls.__table__).exists(),
            and_(cls.update_id.is_(None), cls.of_visible_deliverable(visible_parents)),
        )


def _shown_to() -> Mapped[bool]:
    """One of the words of `rules.pictures.Viewers`."""
    return mapped_column(default=True, server_default=true())


def _of_few(column: str) -> Index:
    is_there = text(f"{column} IS NOT NULL")
    name = f"ix_deliverable_states_{column}"
    return Index(name, column, "deliverable_id", sqlite_where=is_there, postgresql_where=is_there)


class DeliverableState(Base, Spanned):
    """What `rules.history` makes of the updates and schedule changes: the state of a deliverable
    over a span of days. Written in the transaction that changes them, so that any day costs the
    same as today; can be rebuilt from them at any time.

    There is one history for each of the `rules.pictures` that readers have of the deliverable, and
    a reader sees exactly one: select them through `queries.states`."""

    __tablename__ = "deliverable_states"
    __table_args__ = (
        CheckConstraint(PROGRESS_RANGE, name="progress_0_to_100"),
        Index("ix_deliverable_states_until_on", "until_on", "from_on", "deliverable_id"),
        _of_few("member_id"),
        _of_few("account_id"),
    )

    deliverable_id: Mapped[int] = mapped_column(
        ForeignKey("deliverables.id", ondelete="CASCADE"), primary_key=True
    )
    picture: Mapped[int] = mapped_column(primary_key=True, default=0, server_default="0")
    """Numbers the pictures of one deliverable."""
    from_on: Mapped[date] = mapped_column(primary_key=True)
    status: Mapped[Status] = mapped_column(words(Status))
    status_since: Mapped[date]
    health: Mapped[Health | None] = mapped_column(words(Health))
    progress: Mapped[int | None]
    update_id: Mapped[int | None] = mapped_column(ForeignKey("status_updates.id"), index=True)
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedule_changes.id"), index=True)
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"), index=True)
    own_due_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    updated_on: Mapped[date | None]
    """The day from which the latest update holds."""
    is_blocked: Mapped[bool] = mapped_column(default=False)
    """The latest update names a blocker."""
    marking: Mapped[Marking] = mapped_column(
        words(Marking), default=Marking.CLEAR, server_default=Marking.CLEAR.value
    )
    """The highest of the updates that say so."""
    for_public: Mapped[bool] = _shown_to()
    for_all: Mapped[bool] = _shown_to()
    for_all_carried: Mapped[bool] = _shown_to()
    for_sharing: Mapped[bool] = _shown_to()
    for_sharing_carried: Mapped[bool] = _shown_to()
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
