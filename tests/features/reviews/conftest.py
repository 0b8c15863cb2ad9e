"""A deadline with one deliverable in each stage of work."""

from datetime import timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from review_cast import Summit
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.deliverables.actions.schedule import Due
from app.deliverables.models import Dependency
from app.deliverables.rules.moves import Status
from app.people.models import Account
from app.reviews.models import DeadlineReview

TODAY = make.NOW.date()


@pytest.fixture
def summit(session: Session, cast: Cast) -> Summit:
    carla = cast.coordinator
    deadline = make.deadline(
        session, TODAY + timedelta(20), by=carla, key="summit", title="The summit"
    )
    later = make.deadline(session, TODAY + timedelta(90), by=carla, key="later", title="Later")
    due = Due(deadline_id=deadline.id)
    made = {
        key: make.deliverable(session, by=carla, key=key, title=key.title(), due=due)
        for key in ("terms", "draft", "ready", "done")
    }
    session.add(Dependency(deliverable_id=made["draft"].id, needs_id=made["terms"].id))
    make.assignment(session, made["terms"], cast.kenya, by=carla)
    for key, status in (
        ("draft", Status.IN_PROGRESS),
        ("ready", Status.IN_REVIEW),
        ("done", Status.DELIVERED),
    ):
        make.update(session, made[key], status, TODAY - timedelta(3), by=carla)
    session.commit()
    return Summit(deadline, later, **made)


@pytest.fixture
def other_coordinator(session: Session, cast: Cast) -> Account:
    """Colin, who coordinates as Carla does."""
    colin = make.account(session, Role.COORDINATOR, name="Colin")
    session.commit()
    return colin


@pytest.fixture
def reviewing(client: Browser, cast: Cast, summit: Summit) -> Browser:
    """Carla, with the review of today open."""
    client.sign_in(cast.coordinator)
    assert client.submit("/deadlines/summit/review", day=TODAY.isoformat()).status_code == 303
    return client


@pytest.fixture
def review(session: Session, reviewing: Browser) -> DeadlineReview:
    return session.scalars(select(DeadlineReview)).one()
