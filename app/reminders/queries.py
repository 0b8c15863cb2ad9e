"""What the network chose about reminders."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.members.models import Network
from app.reminders.rules import BadSettings, Settings

SETTING = "reminders"


def settings(session: Session) -> Settings:
    """What cannot be understood counts as not chosen."""
    kept = (session.scalars(select(Network.settings)).first() or {}).get(SETTING, {})
    try:
        return Settings.from_mapping(kept)
    except BadSettings:
        return Settings()
