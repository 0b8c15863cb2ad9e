"""What was logged wrongly is put right by another entry; nothing is edited away."""

from datetime import timedelta

import make
import pytest
from browser import Browser, shown_in
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.models import Deliverable, DeliverableState, StatusUpdate
from app.deliverables.rules.moves import Status

TODAY = make.NOW.date()


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    made = make.deliverable(session, by=cast.coordinator, key="tools", title="Tools")
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    make.assignment(session, made, cast.britain, by=cast.coordinator)
    return made


def log(client: Browser, **fields: str) -> int:
    """The number of the update that Kenya's liaison logs."""
    answer = client.fill("/deliverables/tools/updates", **{"status": "in_progress", **fields})
    assert answer.status_code == 303, answer.text
    return updates(client.session)[-1].id


def updates(session: Session) -> list[StatusUpdate]:
    session.rollback()
    return list(session.scalars(select(StatusUpdate).order_by(StatusUpdate.id)))


def correct(client: Browser, number: int, status: str = "in_progress", **fields: str) -> int:
    url = f"/deliverables/tools/updates/{number}/correction"
    opened = client.get(url)
    if opened.status_code != 200:
        refused = client.submit(url, status=status, effective_on=str(TODAY))
        assert refused.status_code == opened.status_code
        return opened.status_code
    return client.fill(url, status=status, **fields).status_code


def state_of(session: Session, of: Deliverable) -> DeliverableState:
    rows = select(DeliverableState).where(
        DeliverableState.deliverable_id == of.id, DeliverableState.holds_on(TODAY)
    )
    return session.scalars(rows).one()


def test_a_correction_counts_and_the_wrong_entry_stays(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison)
    wrong = log(client, status="in_progress", progress="90", note="Typed 90 for 9")
    assert correct(client, wrong, progress="9", note="It is 9") == 303
    first, second = updates(session)
    assert (first.progress, second.progress, second.corrects_id) == (90, 9, first.id)
    assert state_of(session, tools).progress == 9
    page = client.page("/deliverables/tools")
    shown = page.find(id=f"update-{first.id}")
    assert shown is not None
    assert "Typed 90 for 9" in shown.text
    assert shown.find("a", href=f"#update-{second.id}")
    correction = page.find(id=f"update-{second.id}")
    assert correction is not None
    assert correction.find("a", href=f"#update-{first.id}")


def test_a_status_logged_by_mistake_can_be_taken_back(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    """From in review a liaison could not go back; without the mistake it never was in review."""
    client.sign_in(cast.liaison)
    log(client)
    wrong = log(client, status="in_review")
    assert correct(client, wrong, status="in_progress") == 303
    assert state_of(session, tools).status is Status.IN_PROGRESS


def test_a_correction_obeys_the_moves_from_before_the_mistake(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison)
    wrong = log(client)
    assert correct(client, wrong, status="in_review") == 422
    assert len(updates(session)) == 1


def test_an_entry_is_corrected_once_and_then_its_correction(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison)
    wrong = log(client)
    assert correct(client, wrong, progress="10") == 303
    assert correct(client, wrong, progress="20") == 409
    assert correct(client, updates(session)[-1].id, progress="20") == 303
    assert state_of(session, tools).progress == 20


def test_the_second_of_two_who_correct_at_once_is_told_and_keeps_their_text(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison)
    wrong = log(client)
    url = f"/deliverables/tools/updates/{wrong}/correction"
    opened = shown_in(client.page(url), url)
    correct(client, wrong, progress="10")
    answer = client.submit(url, **{**opened, "note": "My own words"})
    assert answer.status_code == 409
    assert "My own words" in answer.text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("coordinator", 303),
        ("liaison", 303),
        ("other_liaison", 403),
        ("observer", 403),
        ("administrator", 403),
    ],
)
def test_the_member_that_logged_it_and_coordinators_correct_it(
    client: Browser, cast: Cast, tools: Deliverable, who: str, status: int
) -> None:
    client.sign_in(cast.liaison)
    wrong = log(client)
    client.sign_in(getattr(cast, who))
    page = client.page("/deliverables/tools")
    offered = page.find("a", href=f"/deliverables/tools/updates/{wrong}/correction")
    assert (offered is not None) is (status == 303)
    assert correct(client, wrong, progress="10") == status


def test_an_entry_of_another_deliverable_or_out_of_sight_is_not_there(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    other = make.deliverable(session, by=cast.coordinator, marking=Marking.AMBER)
    hidden = make.update(session, other, by=cast.coordinator).id
    client.sign_in(cast.liaison)
    log(client)
    assert correct(client, hidden) == 404
    assert correct(client, 999) == 404


def test_the_form_shows_what_was_logged(client: Browser, cast: Cast, tools: Deliverable) -> None:
    client.sign_in(cast.liaison)
    yesterday = str(TODAY - timedelta(1))
    wrong = log(client, progress="42", note="As it was", effective_on=yesterday)
    page = client.page(f"/deliverables/tools/updates/{wrong}/correction")
    assert page.find("input", {"name": "progress"})["value"] == "42"
    assert page.find("input", {"name": "effective_on"})["value"] == yesterday
    assert page.find("textarea", {"name": "note"}).text.strip() == "As it was"


def test_on_an_earlier_day_a_corrected_entry_is_shown_as_corrected_too(
    client: Browser, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison)
    yesterday = str(TODAY - timedelta(1))
    wrong = log(client, effective_on=yesterday)
    correct(client, wrong, progress="5")
    shown = client.page(f"/deliverables/tools?as_of={yesterday}").find(id=f"update-{wrong}")
    assert shown is not None
    assert "Corrected by a later entry" in shown.text
