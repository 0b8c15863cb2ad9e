"""The network's own thresholds of attention."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.deliverables.rules.thresholds import Thresholds
from app.members.models import Network

SETTING = "attention"


def thresholds(session: Session) -> Thresholds:
    settings = session.scalars(select(Network.settings)).first() or {}
    return Thresholds.from_mapping(settings.get(SETTING, {}))
