"""What every question about deliverables starts from: their state on a day, as a reader sees it."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.core.clock import AsOf
from app.core.markings import CARRIED_AFAR, Channel, Marking, may_go
from app.core.permissions import Actor
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.models import Deliverable, DeliverableState, StatusUpdate
from app.deliverables.models.deliverables import has_part
from app.deliverables.rules.moves import ACTIVE
from app.sharing.queries import visible

DUE_ON = func.coalesce(DeliverableState.own_due_on, DeadlineDate.due_on)
"""The last day: the deliverable's own, else its deadline's as that stood on the day."""


MARKINGS = (Deliverable.marking, DeliverableState.marking)
"""To be selected along by whoever shows deliverables by name: a page is marked by what it reads."""


def states(reader: Actor | None, as_of: AsOf, *columns: Any) -> Select[Any]:
    """One row per deliverable that exists on the day and that the reader may see."""
    return (
        select(*columns)
        .select_from(DeliverableState)
        .join(Deliverable, Deliverable.id == DeliverableState.deliverable_id)
        .outerjoin(Deadline, Deadline.id == DeliverableState.deadline_id)
        .outerjoin(
            DeadlineDate,
            and_(
                DeadlineDate.deadline_id == DeliverableState.deadline_id,
                DeadlineDate.holds_on(as_of.day),
            ),
        )
        .where(
            DeliverableState.holds_on(as_of.day),
            seen_by(reader),
            visible(reader, Deliverable),
        )
    )


def seen_by(reader: Actor | None) -> ColumnElement[bool]:
    """The one of `rules.pictures` that this reader has of each deliverable that it sees, by its
    channel: whoever selects states selects by this."""
    if reader is None:
        return DeliverableState.for_public.is_(True)
    general = DeliverableState.account_id.is_(None)
    if not may_go(Marking.RED, reader.channel):
        return and_(general, _by_sharing(reader))
    own = DeliverableState.account_id == reader.account_id
    has_none = DeliverableState.deliverable_id.not_in(
        _with_own_picture(_OTHER.account_id == reader.account_id)
    )
    return and_(or_(own, and_(general, has_none)), _by_sharing(reader))


_OTHER = aliased(DeliverableState)


def _with_own_picture(condition: ColumnElement[bool]) -> Select[int]:
    return select(_OTHER.deliverable_id).where(condition)


def _by_sharing(reader: Actor) -> ColumnElement[bool]:
    """Coordinators share everything; a member what it has a part in, or is named on."""
    state = DeliverableState
    shared, plain = _viewers(reader.channel)
    general = state.member_id.is_(None)
    if reader.coordinates and reader.channel is not Channel.TEXT:
        return and_(general, shared)
    if reader.member_id is None or reader.channel is Channel.TEXT:
        return and_(general, plain)
    shares = has_part(state.deliverable_id, reader.member_id)
    has_own = and_(_OTHER.member_id == reader.member_id, getattr(_OTHER, shared.key))
    has_none = state.deliverable_id.not_in(_with_own_picture(has_own))
    return or_(
        and_(general, shared, plain),  # first, for it is asked of most rows and answers for them
        and_(general, shared, shares),
        and_(state.member_id == reader.member_id, shared, not_(shares)),
        and_(general, plain, not_(shares), has_none),
    )


def _viewers(channel: Channel) -> tuple[InstrumentedAttribute[bool], InstrumentedAttribute[bool]]:
    """The marks of the pictures for those who share, and for everybody else."""
    if channel in CARRIED_AFAR:
        return DeliverableState.for_sharing_carried, DeliverableState.for_all_carried
    return DeliverableState.for_sharing, DeliverableState.for_all


def is_overdue(as_of: AsOf) -> ColumnElement[bool]:
    """`rules.progress.is_overdue`, asked of the database."""
    return and_(DeliverableState.status.in_(ACTIVE), as_of.dueness > DUE_ON)


def corrected(reader: Actor | None) -> Select[Any]:
    """Numbers of updates that a later one puts right, as far as the reader sees that one."""
    puts_right = StatusUpdate.corrects_id > 0  # not NULL, said so that the index answers it
    query = select(StatusUpdate.corrects_id).where(puts_right, visible(reader, StatusUpdate))
    return query.correlate(None)
