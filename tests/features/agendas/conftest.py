"""A network with something to talk about, and a meeting to do it in."""

from datetime import date

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.actions.schedule import Due
from app.deliverables.models import Deliverable
from app.meetings.models import Meeting, MeetingStatus

NEXT = date(2026, 12, 2)


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """The plenary of 2 December 2026, eight hours long, at key `m`."""
    series = make.series(session, key="plenary", title="Plenary")
    made: Meeting = make.meeting(
        session,
        NEXT,
        key="m",
        title="Plenary",
        series_id=series.id,
        status=MeetingStatus.PLANNED,
        exists_from=date(2026, 10, 1),
    )
    return made


@pytest.fixture
def overdue(session: Session, cast: Cast) -> Deliverable:
    """Open to every account, and long overdue."""
    past = make.deadline(session, date(2025, 2, 10), by=cast.coordinator, title="Past summit")
    return make.deliverable(
        session, by=cast.coordinator, key="open", title="Open work", due=Due(past.id)
    )


@pytest.fixture
def narrow(session: Session, cast: Cast) -> Deliverable:
    """AMBER, of Kenya alone."""
    made = make.deliverable(
        session,
        by=cast.coordinator,
        key="narrow",
        title="Narrow work",
        due=Due(own_due_on=date(2026, 1, 1)),
        marking=Marking.AMBER,
    )
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    return made


@pytest.fixture
def carla(client: Browser, cast: Cast, meeting: Meeting) -> Browser:
    return client.sign_in(cast.coordinator)


@pytest.fixture
def proposed(carla: Browser, overdue: Deliverable, narrow: Deliverable) -> Browser:
    """The coordinator's browser, after an agenda was proposed."""
    assert carla.submit("/agendas/m/propose").status_code == 303
    return carla
