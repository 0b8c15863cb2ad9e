"""Settings of the network that more than one feature asks for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.members.models import Network

PUBLIC_PAGE = "public_page"


def has_public_page(session: Session) -> bool:
    """Whether outside readers are shown what is CLEAR. Off until somebody turns it on."""
    settings = session.scalars(select(Network.settings)).first() or {}
    return settings.get(PUBLIC_PAGE) is True
