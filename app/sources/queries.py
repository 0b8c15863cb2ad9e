"""Sources that are there to be cited."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sources.models import Source

MOST_OFFERED = 300


def sources(session: Session) -> Sequence[Source]:
    """For a form: those added last first, as many as a list can be read with."""
    query = select(Source).order_by(Source.id.desc()).limit(MOST_OFFERED)
    return session.scalars(query).all()


def find(session: Session, key: str) -> Source | None:
    return session.scalars(select(Source).where(Source.key == key)).first()
