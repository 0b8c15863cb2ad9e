"""Another date is asked for and agreed; nothing of the asking is lost."""

from datetime import date, timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.deadlines.models import Deadline
from app.deliverables.actions.schedule import Due
from app.deliverables.models import (
    AssignmentRole,
    DateProposal,
    Deliverable,
    Dependency,
    ProposalState,
    ScheduleChange,
)
from app.deliverables.rules.moves import Status

TODAY = make.NOW.date()
FIRST = TODAY + timedelta(10)
LATER = TODAY + timedelta(60)
LATEST = TODAY + timedelta(90)


@pytest.fixture
def summit(session: Session, cast: Cast) -> Deadline:
    return make.deadline(session, LATER, by=cast.coordinator, key="summit", title="Summit")


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    """Kenya leads it; what Britain leads waits for it."""
    tools = make.deliverable(
        session, by=cast.coordinator, key="tools", title="Tools", due=Due(own_due_on=FIRST)
    )
    make.assignment(session, tools, cast.kenya, by=cast.coordinator)
    guide = make.deliverable(
        session,
        by=cast.coordinator,
        key="guide",
        title="Guide",
        due=Due(own_due_on=FIRST + timedelta(20)),
    )
    make.assignment(session, guide, cast.britain, by=cast.coordinator)
    session.add(Dependency(deliverable_id=guide.id, needs_id=tools.id))
    session.flush()
    return tools


def proposals(session: Session) -> list[DateProposal]:
    session.rollback()
    return list(session.scalars(select(DateProposal).order_by(DateProposal.id)))


def due_days(session: Session, deliverable: Deliverable) -> list[date | None]:
    rows = select(ScheduleChange.due_on).where(ScheduleChange.deliverable_id == deliverable.id)
    return list(session.scalars(rows.order_by(ScheduleChange.id)))


def ask(client: Browser, cast: Cast, due_on: date = LATER, reason: str = "Staff left") -> int:
    client.sign_in(cast.liaison)
    answer = client.submit("/deliverables/tools/dates", due_on=str(due_on), reason=reason)
    return answer.status_code


def answering(client: Browser, verb: str, **fields: str) -> int:
    """With what the page at hand carries, as a browser would send it."""
    page = client.page("/deliverables/tools/dates")
    waiting = page.find(id="waiting")
    assert waiting is not None
    form = waiting.find("form")
    assert form is not None
    hidden = {
        str(field["name"]): str(field["value"])
        for field in form.find_all("input")
        if field["name"] in ("seen", "schedule")
    }
    number = proposals(client.session)[-1].id
    url = f"/deliverables/tools/dates/{number}/{verb}"
    return client.submit(url, **{**hidden, **fields}).status_code


def test_a_date_moves_only_when_a_coordinator_agrees(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    assert ask(client, cast) == 303
    assert due_days(session, tools) == [FIRST]
    client.sign_in(cast.coordinator)
    assert answering(client, "agree", answer="Understood") == 303
    agreed = proposals(session)[0]
    assert agreed.state is ProposalState.AGREED
    assert agreed.answered_by_id == cast.coordinator.id
    assert (agreed.reason, agreed.answer) == ("Staff left", "Understood")
    assert (agreed.from_due_on, agreed.due_on) == (FIRST, LATER)
    assert due_days(session, tools) == [FIRST, LATER]


def test_the_first_date_every_proposal_and_who_agreed_stay_on_the_page(
    client: Browser, cast: Cast, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.coordinator)
    answering(client, "refuse", answer="Try first")
    ask(client, cast, LATEST, "We tried")
    client.sign_in(cast.coordinator)
    answering(client, "agree")
    text = client.page("/deliverables/tools/dates").text
    for word in ("Staff left", "Try first", "We tried", "Refused", "Agreed", "First date", "Carla"):
        assert word in text, word


def test_what_a_yes_brings_about_is_shown_before_it(
    client: Browser, cast: Cast, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.coordinator)
    page = client.page("/deliverables/tools/dates")
    made = page.select('[data-clash="made"]')
    assert len(made) == 1
    assert "Guide" in made[0].text
    assert "Tools" in made[0].text


def test_what_a_date_would_bring_about_can_be_looked_at_without_proposing_it(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison)
    answer = client.submit(
        "/deliverables/tools/dates", due_on=str(LATER), reason="Perhaps", preview="yes"
    )
    assert answer.status_code == 200
    assert 'data-clash="made"' in answer.text
    assert "Perhaps" in answer.text
    assert proposals(session) == []


def test_a_coordinator_offers_another_date_and_the_member_agrees(
    client: Browser, session: Session, cast: Cast, tools: Deliverable, summit: Deadline
) -> None:
    ask(client, cast, LATEST)
    client.sign_in(cast.coordinator)
    assert answering(client, "counter", deadline=str(summit.id), reason="The summit") == 303
    first, offer = proposals(session)
    assert first.state is ProposalState.COUNTERED
    assert (offer.is_offer, offer.answers_id, offer.state) == (True, first.id, ProposalState.OPEN)
    client.sign_in(cast.liaison)
    assert answering(client, "agree") == 303
    changes = session.scalars(
        select(ScheduleChange).where(ScheduleChange.deliverable_id == tools.id)
    ).all()
    assert [change.deadline_id for change in changes] == [None, summit.id]
    assert changes[-1].recorded_by_id == cast.coordinator.id
    assert proposals(session)[-1].answered_by_id == cast.liaison.id


@pytest.mark.parametrize("verb", ["agree", "refuse", "counter"])
def test_nobody_answers_their_own_side_or_for_another_member(
    client: Browser, session: Session, cast: Cast, tools: Deliverable, verb: str
) -> None:
    ask(client, cast)
    number = proposals(session)[0].id
    fields = {"seen": "1", "schedule": "1", "answer": "x", "reason": "x", "due_on": str(LATEST)}
    for account in (cast.liaison, cast.other_liaison, cast.observer, cast.administrator):
        client.sign_in(account)
        answer = client.submit(f"/deliverables/tools/dates/{number}/{verb}", **fields)
        assert answer.status_code == 403, account.name
    assert proposals(session)[0].state is ProposalState.OPEN
    assert due_days(session, tools) == [FIRST]


def test_only_who_works_on_it_proposes(client: Browser, session: Session, cast: Cast) -> None:
    other = make.deliverable(session, by=cast.coordinator, key="tools")
    make.assignment(session, other, cast.kenya, AssignmentRole.REVIEWER, by=cast.coordinator)
    for account in cast.accounts:
        client.sign_in(account)
        fields = {"due_on": str(LATER), "reason": "x"}
        assert client.submit("/deliverables/tools/dates", **fields).status_code == 403
    assert proposals(session) == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"due_on": str(LATER)}, "Say in a few words why."),
        ({"reason": "x"}, "Give either a day or a deadline."),
        ({"due_on": str(FIRST), "reason": "x"}, "It is due then already."),
        ({"due_on": str(TODAY - timedelta(1)), "reason": "x"}, "This day is over"),
        ({"deadline": "999", "reason": "kept"}, "kept"),
    ],
)
def test_a_proposal_that_cannot_be_says_why_and_keeps_its_text(
    client: Browser,
    session: Session,
    cast: Cast,
    tools: Deliverable,
    fields: dict[str, str],
    says: str,
) -> None:
    client.sign_in(cast.liaison)
    answer = client.submit("/deliverables/tools/dates", **fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert proposals(session) == []


def test_there_is_one_open_proposal_at_a_time(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    assert ask(client, cast) == 303
    assert ask(client, cast, LATEST) == 422
    assert len(proposals(session)) == 1


def test_what_is_delivered_moves_no_more(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    make.update(session, tools, Status.DELIVERED, by=cast.coordinator)
    assert ask(client, cast) == 422
    assert proposals(session) == []


def test_of_two_coordinators_who_answer_at_once_the_second_is_told(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.coordinator)
    number = proposals(session)[0].id
    schedule = session.scalar(
        select(func.max(ScheduleChange.id)).where(ScheduleChange.deliverable_id == tools.id)
    )
    seen = {"seen": "1", "schedule": str(schedule), "answer": "My words"}
    base = f"/deliverables/tools/dates/{number}"
    assert client.submit(f"{base}/refuse", **seen).status_code == 303
    second = client.submit(f"{base}/agree", **seen)
    assert second.status_code == 409
    assert "Somebody answered this proposal meanwhile" in second.text
    assert due_days(session, tools) == [FIRST]


def test_a_yes_to_a_date_that_moved_meanwhile_is_not_taken(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.coordinator)
    assert answering(client, "agree", schedule="0") == 409
    assert due_days(session, tools) == [FIRST]


def test_a_proposal_can_be_taken_back_by_the_side_that_made_it(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.other_liaison)
    number = proposals(session)[0].id
    url = f"/deliverables/tools/dates/{number}/withdraw"
    assert client.submit(url, seen="1").status_code == 403
    client.sign_in(cast.liaison)
    assert answering(client, "withdraw") == 303
    assert proposals(session)[0].state is ProposalState.WITHDRAWN


def test_a_refusal_needs_a_reason(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.coordinator)
    assert answering(client, "refuse", answer=" ") == 422
    assert proposals(session)[0].state is ProposalState.OPEN


def test_every_step_is_in_the_trail(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.coordinator)
    answering(client, "counter", due_on=str(LATEST), reason="Better")
    client.sign_in(cast.liaison)
    answering(client, "agree")
    session.rollback()
    verbs = session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert [v for v in verbs if v.startswith(("date.", "deliverable.resch"))] == [
        "date.propose",
        "date.counter",
        "date.agree",
        "deliverable.reschedule",
    ]
