"""Agendas, their items and published versions, and the actions that meetings asked for."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agendas.rules.outcomes import ActionState, Outcome, ProposedItemState
from app.agendas.rules.schedule import ItemKind
from app.core.db import Base, Keyed, words
from app.core.history import Exists
from app.decisions.models import Decision
from app.deliverables.models import Deliverable
from app.deliverables.models.deliverables import has_part
from app.meetings.models import Meeting
from app.members.models import Member
from app.sharing.models import Marked, VisibleParents


class Agenda(Base, Keyed):
    """The working agenda of a meeting; what was published stands in its versions."""

    __tablename__ = "agendas"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), unique=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    proposed_as_of: Mapped[date]
    """The day whose state the proposal was made from."""
    opened_at: Mapped[datetime | None]
    """When the meeting began to be run from it."""
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    """Rises with every change to the agenda or one of its items."""
    meeting: Mapped[Meeting] = relationship(lazy="raise")
    items: Mapped[list["AgendaItem"]] = relationship(
        order_by="AgendaItem.position, AgendaItem.id", lazy="raise", back_populates="agenda"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class AgendaItem(Base, Keyed, Marked):
    """`in_writing`: did not fit into the meeting and is dealt with by written procedure."""

    __tablename__ = "agenda_items"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_of_a_day"),
        CheckConstraint("spent_seconds >= 0", name="spent_not_negative"),
    )

    agenda_id: Mapped[int] = mapped_column(ForeignKey("agendas.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind))
    title: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """Why it was proposed; empty for what somebody added."""
    minutes: Mapped[int] = mapped_column(default=0)
    in_writing: Mapped[bool] = mapped_column(default=False)
    presenter: Mapped[str] = mapped_column(String(200), default="")
    presenting_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    deliverable_id: Mapped[int | None] = mapped_column(ForeignKey("deliverables.id"))
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id"))
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalations.id"))
    proposed_item_id: Mapped[int | None] = mapped_column(ForeignKey("proposed_items.id"))
    """What a liaison proposed and a coordinator took up."""
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_items.id"))
    """The item of an earlier meeting that this one goes on with."""
    is_recurring: Mapped[bool] = mapped_column(default=False, server_default=false())
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    outcome_text: Mapped[str] = mapped_column(Text, default="")
    """What the minutes say of it, in Markdown."""
    begun_at: Mapped[datetime | None]
    """Since when it is the current one; none for all others."""
    spent_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    """While it was the current one, until it was left."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    agenda: Mapped[Agenda] = relationship(back_populates="items", lazy="raise")
    presenting_member: Mapped[Member | None] = relationship(lazy="raise")
    links: Mapped[list["ItemLink"]] = relationship(
        order_by="ItemLink.position, ItemLink.id", lazy="raise", passive_deletes="all"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so

    @property
    def was_reached(self) -> bool:
        """In the meeting: it was the current one, or something came of it."""
        return self.begun_at is not None or self.spent_seconds > 0 or self.outcome is not None

    @classmethod
    def shared_by_role(cls, member_id: int) -> ColumnElement[bool]:
        return has_part(cls.__table__.c.deliverable_id, member_id)

    @classmethod
    def within(cls, visible_parents: VisibleParents) -> ColumnElement[bool] | None:
        """Hidden where what it is about is hidden."""
        about = (
            (cls.deliverable_id, Deliverable),
            (cls.decision_id, Decision),
            (cls.action_id, Action),
        )
        return and_(
            *(
                or_(column.is_(None), column.in_(select(of.id).where(visible_parents.of(of))))
                for column, of in about
            )
        )


class ItemLink(Base, Keyed):
    """What is attached to an item. As narrow as the item."""

    __tablename__ = "agenda_item_links"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("agenda_items.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(2000))


class ProposedItem(Base, Keyed, Marked):
    """What a member would have on the agenda of a meeting, and the coordinator's answer."""

    __tablename__ = "proposed_items"
    __table_args__ = (CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_of_a_day"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind))
    title: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int] = mapped_column(default=0)
    state: Mapped[ProposedItemState] = mapped_column(
        words(ProposedItemState), default=ProposedItemState.OPEN
    )
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    member: Mapped[Member] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Published(Keyed):
    """A numbered version, frozen as it was published. Never changed."""

    agenda_id: Mapped[int] = mapped_column(ForeignKey("agendas.id"))
    number: Mapped[int]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    content: Mapped[str] = mapped_column(Text)
    """Canonical JSON: the same content is the same text."""
    content_hash: Mapped[str] = mapped_column(String(64))


class PublishedAgenda(Base, Published):
    __tablename__ = "published_agendas"
    __table_args__ = (
        UniqueConstraint("agenda_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )


class PublishedMinutes(Base, Published):
    __tablename__ = "published_minutes"
    __table_args__ = (
        UniqueConstraint("agenda_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )


class Action(Base, Keyed, Exists, Marked):
    """What a meeting asked a member to do."""

    __tablename__ = "actions"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed_on_a_day"),
    )

    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    task: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    deliverable_id: Mapped[int | None] = mapped_column(ForeignKey("deliverables.id"), index=True)
    state: Mapped[ActionState] = mapped_column(words(ActionState), default=ActionState.OPEN)
    closed_on: Mapped[date | None]
    closed_note: Mapped[str] = mapped_column(Text, default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)
    member: Mapped[Member] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so

    @classmethod
    def shared_by_role(cls, member_id: int) -> ColumnElement[bool]:
        return or_(cls.member_id == member_id, has_part(cls.__table__.c.deliverable_id, member_id))

    @classmethod
    def within(cls, visible_parents: VisibleParents) -> ColumnElement[bool] | None:
        shown = select(Deliverable.id).where(visible_parents.of(Deliverable))
        return or_(cls.deliverable_id.is_(None), cls.deliverable_id.in_(shown))


class ItemAction(Base):
    """The item from which an action came."""

    __tablename__ = "item_actions"

    action_id: Mapped[int] = mapped_column(
        ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        ForeignKey("agenda_items.id", ondelete="CASCADE"), index=True
    )
