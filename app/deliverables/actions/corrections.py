"""Putting an update right: by another one that names it. The wrong one stays."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, Conflict, Forbidden, Missing
from app.core.permissions import Actor, Role
from app.deliverables.models import Deliverable, StatusUpdate
from app.sharing.queries import visible

NO_UPDATE = N_("There is no such update to correct.")
NOT_THEIRS = N_("Only the member that logged an update, or a coordinator, corrects it.")
ALREADY = N_("This update was corrected already. Correct the later one, if it is wrong, too.")


def may_correct(actor: Actor, update: StatusUpdate) -> bool:
    """Whoever logs for the member that logged it, and coordinators."""
    return actor.role is not Role.LIAISON or update.member_id == actor.member_id


def check_correction(
    session: Session, actor: Actor, deliverable: Deliverable, corrects_id: int
) -> None:
    """Raises Missing for no update of this deliverable, Forbidden for one that is not the actor's
    to correct, Conflict for one that was corrected already."""
    update = session.scalars(
        select(StatusUpdate).where(
            StatusUpdate.id == corrects_id,
            StatusUpdate.deliverable_id == deliverable.id,
            visible(actor, StatusUpdate),
        )
    ).first()
    if update is None:
        raise Missing(NO_UPDATE)
    if not may_correct(actor, update):
        raise Forbidden(NOT_THEIRS)
    already = select(StatusUpdate.id).where(
        StatusUpdate.corrects_id == corrects_id, visible(actor, StatusUpdate)
    )
    if session.scalars(already).first() is not None:
        raise Conflict(ALREADY)
