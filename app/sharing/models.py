"""Who a marked thing is shared with, beyond those that its marking admits."""

from sqlalchemy import ColumnElement, ForeignKey, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from app.core.db import Base, Keyed, words
from app.core.markings import Marking


class Audience(Base, Keyed):
    """The members (AMBER) and the accounts (RED) that a thing names."""

    __tablename__ = "audiences"


class AudienceMember(Base):
    __tablename__ = "audience_members"

    audience_id: Mapped[int] = mapped_column(
        ForeignKey("audiences.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)


class AudienceAccount(Base):
    __tablename__ = "audience_accounts"

    audience_id: Mapped[int] = mapped_column(
        ForeignKey("audiences.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)


class Marked:
    """Carries a TLP marking. Select it only through `sharing.queries.visible`."""

    marking: Mapped[Marking] = mapped_column(words(Marking), default=Marking.GREEN)
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("audiences.id"))

    @classmethod
    def shared_by_role(cls, member_id: int) -> ColumnElement[bool]:
        """Whether the member has a part in the thing that lets it see AMBER."""
        return false()

    @classmethod
    def within(cls, visible_parents: "VisibleParents") -> ColumnElement[bool] | None:
        """The condition that the thing it belongs to is visible, for things that have one."""
        return None


class VisibleParents:
    """Gives the condition that a row of the parent class is visible to the reader at hand."""

    def of(self, parent: type[Marked]) -> ColumnElement[bool]:
        raise NotImplementedError


Parent = tuple[InstrumentedAttribute[int | None], InstrumentedAttribute[int], type[Marked]]
_PARENTS: dict[type[Marked], list[Parent]] = {}


def belongs(
    kind: type[Marked],
    column: InstrumentedAttribute[int | None],
    parent_id: InstrumentedAttribute[int],
    parent: type[Marked],
) -> None:
    """Rows of `kind` belong to the row of `parent` that `column` names. For a parent that ranks
    above the kind, which therefore cannot name it in `within`."""
    _PARENTS.setdefault(kind, []).append((column, parent_id, parent))


def belonging(kind: type[Marked], visible_parents: VisibleParents) -> list[ColumnElement[bool]]:
    return [
        or_(column.is_(None), _is_among(column, parent_id, visible_parents.of(parent), kind))
        for column, parent_id, parent in _PARENTS.get(kind, [])
    ]


def _is_among(
    column: InstrumentedAttribute[int | None],
    parent_id: InstrumentedAttribute[int],
    visible: ColumnElement[bool],
    kind: type[Marked],
) -> ColumnElement[bool]:
    # Asked row by row: most questions are about few rows of the many there are.
    found = select(1).where(parent_id == column, visible)
    return found.correlate(kind.__table__).exists()  # type: ignore[attr-defined]
