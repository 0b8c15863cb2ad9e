"""Files that are evidence, as far as the reader may see what they show."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.permissions import Actor
from app.deliverables.models import Evidence, StatusUpdate
from app.sharing.queries import visible


def find(session: Session, reader: Actor, evidence_id: int) -> Evidence | None:
    """With its file. Hidden where the evidence, its update or its deliverable is."""
    updates = select(StatusUpdate.id).where(visible(reader, StatusUpdate))
    return session.scalars(
        select(Evidence)
        .where(
            Evidence.id == evidence_id,
            visible(reader, Evidence),
            or_(Evidence.update_id.is_(None), Evidence.update_id.in_(updates)),
        )
        .options(joinedload(Evidence.file))
    ).first()
