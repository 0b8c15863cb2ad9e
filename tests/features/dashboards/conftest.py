"""The real plan and record, imported."""

import make
import pytest
from browser import Browser
from hand_count import FILES
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.people.models import Account
from app.plans.actions import import_files


@pytest.fixture
def coordinator(session: Session) -> Account:
    """Carla, with the network's real plan and record before her."""
    carla = make.account(session, Role.COORDINATOR, name="Carla")
    import_files(session, carla.actor, FILES, make.NOW)
    session.commit()
    return carla


@pytest.fixture
def reading(client: Browser, coordinator: Account) -> Browser:
    """A coordinator's browser on the real network."""
    return client.sign_in(coordinator)
