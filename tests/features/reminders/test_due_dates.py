"""Reminders of due dates, by `flask remind` and a real mail server."""

from datetime import timedelta

import make
import pytest
from cast import Cast
from post_office import PostOffice, Remind, html_of, text_of
from sqlalchemy.orm import Session

from app.deliverables.actions.schedule import Due
from app.deliverables.models import Deliverable

LEAD = "wanjiru@example.org"
TODAY = make.NOW.date()


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    """Kenya leads it, and it is due in a week."""
    made = make.deliverable(
        session,
        by=cast.coordinator,
        key="tools",
        title="Testing tools",
        due=Due(own_due_on=TODAY + timedelta(days=7)),
    )
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    make.update(session, made, by=cast.liaison, effective_on=TODAY)
    return made


def test_the_lead_is_told_before_the_due_day(
    remind: Remind, office: PostOffice, tools: Deliverable
) -> None:
    said = remind()
    assert said["sent"] == 1
    (mail,) = office.took
    assert mail["X-Rcpt"] == LEAD
    assert mail["Subject"] == (
        "[TLP:GREEN] AISI Network: Due in 7 days: Testing tools, on 1 December 2026"
    )
    text = text_of(mail)
    assert text.splitlines()[1] == "TLP:GREEN"
    assert "https://tracker.example.org/mail/open/" in text
    assert "Testing tools" in html_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://tracker.example.org/mail/unsubscribe/")


def test_a_second_run_repeats_nothing(
    remind: Remind, office: PostOffice, tools: Deliverable
) -> None:
    remind()
    assert remind() == {
        "queued": 0,
        "sent": 0,
        "dropped": 0,
        "failed": 0,
        "given_up": 0,
        "errors": [],
    }
    assert len(office.took) == 1
