"""Changing the settings of the network."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.writing import Line, change
from app.core.permissions import Actor
from app.members.actions.network import NETWORK
from app.members.actions.rights import check_planner
from app.members.models import Network
from app.members.queries.settings import PUBLIC_PAGE


def show_public_page(
    session: Session, actor: Actor, network: Network, *, shown: bool, now: datetime
) -> bool:
    """False when it is so already."""
    check_planner(actor)
    others = {name: value for name, value in network.settings.items() if name != PUBLIC_PAGE}
    settings = {**others, PUBLIC_PAGE: True} if shown else others
    return change(
        session,
        network,
        {"settings": settings},
        Line(actor.account_id, "public.show", NETWORK, now),
    )
