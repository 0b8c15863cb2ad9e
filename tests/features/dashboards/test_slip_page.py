"""How far dates moved, per deadline, priority and member, against a count by hand."""

from datetime import timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import Deliverable

TODAY = make.NOW.date()


def move(session: Session, cast: Cast, of: Deliverable, due: Due) -> None:
    session.flush()
    reschedule(
        session,
        cast.coordinator.actor,
        of,
        due,
        effective_on=TODAY,
        reason="Later",
        seen_version=of.version,
        now=make.NOW,
    )


@pytest.fixture
def network(session: Session, cast: Cast) -> None:
    """Two move by 30 and 5 days, one stays; both that move are Kenya's, one is Britain's, too."""
    first = make.priority(session, title="First")
    second = make.priority(session, title="Second")
    summit = make.deadline(session, TODAY + timedelta(40), by=cast.coordinator, title="Summit")
    due = Due(own_due_on=TODAY + timedelta(10))
    moved = make.deliverable(session, by=cast.coordinator, due=due, priority=first)
    little = make.deliverable(session, by=cast.coordinator, due=due, priority=second)
    still = make.deliverable(session, by=cast.coordinator, due=due, priority=second)
    for of in (moved, little):
        make.assignment(session, of, cast.kenya, by=cast.coordinator)
    make.assignment(session, little, cast.britain, by=cast.coordinator)
    make.assignment(session, still, cast.britain, by=cast.coordinator)
    move(session, cast, moved, Due(deadline_id=summit.id))
    move(session, cast, little, Due(own_due_on=TODAY + timedelta(15)))


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        (
            "deadline",
            {"Summit": ["1", "1", "30", "30"], "A day of its own, or none": ["2", "1", "5", "5"]},
        ),
        ("priority", {"First": ["1", "1", "30", "30"], "Second": ["2", "1", "5", "5"]}),
        ("member", {"Kenya": ["2", "2", "35", "30"], "United Kingdom": ["2", "1", "5", "5"]}),
    ],
)
def test_slips_are_counted_from_the_rows_that_moved_the_dates(
    client: Browser, cast: Cast, network: None, by: str, rows: dict[str, list[str]]
) -> None:
    page = client.sign_in(cast.observer).page(f"/slips?by={by}")
    shown = {
        str(row["data-slip-group"]): [cell.text for cell in row.find_all("td")]
        for row in page.select("[data-slip-group]")
    }
    assert shown == rows


def test_before_they_moved_nothing_had(client: Browser, cast: Cast, network: None) -> None:
    before = TODAY - timedelta(1)
    page = client.sign_in(cast.observer).page(f"/slips?as_of={before}")
    assert "No date has moved by this day." in page.text


def test_the_plot_is_a_file_as_well(client: Browser, cast: Cast, network: None) -> None:
    answer = client.sign_in(cast.observer).get("/slips?picture=slips.svg")
    assert answer.mimetype == "image/svg+xml"
