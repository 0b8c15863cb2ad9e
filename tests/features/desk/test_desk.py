"""The first page: who waits for whom, what is new, and how much of it there is."""

from datetime import timedelta

import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.agendas.actions.proposals import ProposalEntry as ItemEntry
from app.agendas.actions.proposals import propose_item
from app.agendas.models import Action
from app.agendas.rules.outcomes import ActionState
from app.agendas.rules.schedule import ItemKind
from app.core.clock import as_of
from app.core.markings import Marking
from app.decisions.actions import proposing
from app.decisions.actions.positions import take_position
from app.decisions.actions.proposing import ProposalEntry
from app.decisions.models import Decision
from app.decisions.rules import Stance
from app.deliverables.actions.proposals import counter, propose
from app.deliverables.actions.questions import ask
from app.deliverables.actions.schedule import Due
from app.deliverables.models import (
    Assignment,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    Dependency,
)
from app.deliverables.rules.moves import Status
from app.desk.actions import mark_all_seen, new_since, note_look
from app.desk.queries.asks import waiting_count
from app.desk.queries.changes import changes
from app.extensions import db
from app.meetings.actions.slots import answer_slot, put_slot
from app.meetings.models import Meeting, MeetingSlot, MeetingStatus
from app.meetings.rules.attendance import Availability
from app.members.models import DecisionRule
from app.reports.actions import open_round
from app.sharing.rules import Sharing

NOW = make.NOW
TODAY = NOW.date()
PRESENT = as_of(None, NOW)


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    made = make.deliverable(session, by=cast.coordinator, key="tools", title="Tools")
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    make.update(session, made, Status.IN_PROGRESS, TODAY, by=cast.coordinator)
    return made


@pytest.fixture
def busy(session: Session, cast: Cast, tools: Deliverable) -> None:
    """One of everything that waits for Kenya's answer."""
    asked = make.deliverable(session, by=cast.coordinator, key="asked", title="Asked")
    make.assignment(session, asked, cast.kenya, state=AssignmentState.PROPOSED, by=cast.coordinator)
    liaison, carla = cast.liaison.actor, cast.coordinator.actor
    day = Due(own_due_on=TODAY + timedelta(50))
    proposal = propose(session, liaison, tools, day, "Later", NOW)
    offer = Due(own_due_on=TODAY + timedelta(40))
    counter(session, carla, proposal, offer, "Rather", seen_version=proposal.version, now=NOW)
    ask(session, carla, tools, "How far is it?", NOW)
    session.add(
        Action(
            member_id=cast.kenya.id,
            task="Send the draft",
            created_by_id=cast.coordinator.id,
            exists_from=TODAY,
        )
    )
    meeting = make.meeting(
        session,
        TODAY + timedelta(30),
        key="next",
        title="Plenary",
        status=MeetingStatus.PLANNED,
        series_id=make.series(session).id,
        exists_from=TODAY,
    )
    # A moment later: an update of the same moment would already be the answer.
    asked_at = NOW + timedelta(seconds=1)
    open_round(session, carla, meeting, 7, seen_version=0, now=asked_at)
    to_decide = ProposalEntry(
        title="Meet twice a year",
        proposal="The network meets every six months.",
        rule=DecisionRule.CONSENSUS,
        quorum=2,
        silence_is_assent=False,
        opens_at=None,
        closes_at=NOW + timedelta(days=1),
        sharing=Sharing(Marking.GREEN),
    )
    draft = proposing.draft(session, carla, to_decide, NOW)
    proposing.put(session, carla, draft, draft.version, NOW)
    put_slot(session, carla, meeting, NOW + timedelta(days=40), NOW)


def lines(page: BeautifulSoup) -> dict[str, tuple[str, set[str]]]:
    return {
        str(line["data-deliverable"]): (
            str(line["data-turn"]),
            set(str(line["data-reasons"]).split()),
        )
        for line in page.select("[data-turn]")
    }


def counted(page: BeautifulSoup) -> int:
    """What stands beside “Desk” in the navigation."""
    entry = page.select_one('nav.side a[href="/desk"]')
    assert entry is not None
    count = entry.find("b")
    return int(count.text) if count else 0


def test_liaisons_and_coordinators_come_to_their_desk_after_signing_in(
    client: Browser, cast: Cast
) -> None:
    for account, home in ((cast.liaison, "/desk"), (cast.coordinator, "/desk")):
        assert client.sign_in(account).get("/home").headers["Location"] == home
    for account in (cast.observer, cast.administrator):
        assert client.sign_in(account).get("/home").headers["Location"] == "/"
        assert client.get("/desk").status_code == 403


def test_everything_that_waits_for_an_answer_is_there_and_counted(
    client: Browser, session: Session, cast: Cast, busy: None
) -> None:
    page = client.sign_in(cast.liaison).page("/desk")
    kinds = [str(line["data-ask"]) for line in page.select("[data-ask]")]
    assert sorted(kinds) == ["action", "decision", "offer", "part", "question", "report", "time"]
    assert counted(page) == len(kinds) == 7
    assert waiting_count(session, cast.liaison.actor, PRESENT, NOW).at(NOW) == 7
    assert "Plenary" in page.text
    assert counted(client.page("/deliverables")) == 7


def test_what_waits_until_an_hour_is_counted_until_then(
    session: Session, cast: Cast, busy: None
) -> None:
    waiting = waiting_count(session, cast.liaison.actor, PRESENT, NOW)
    assert waiting.at(NOW + timedelta(days=2)) == 6  # the decision has closed
    assert waiting.at(NOW + timedelta(days=41)) == 5  # the last of the times has begun


def test_an_action_is_done_from_the_desk(
    client: Browser, session: Session, cast: Cast, busy: None
) -> None:
    page = client.sign_in(cast.liaison).page("/desk")
    form = page.select_one("[data-ask=action] form")
    assert form is not None
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.select("input")}
    answer = client.submit(str(form["action"]), **{**sent, "state": "done", "note": "Sent today"})
    assert answer.headers["Location"] == "/desk"
    assert client.page("/desk").select("[data-ask=action]") == []
    session.rollback()
    action = session.scalars(select(Action)).one()
    assert (action.state, action.closed_note) == (ActionState.DONE, "Sent today")


def test_what_was_answered_waits_no_longer(
    client: Browser, session: Session, cast: Cast, busy: None
) -> None:
    decision, slot = (session.scalars(select(kind)).one() for kind in (Decision, MeetingSlot))
    take_position(session, cast.liaison.actor, decision, Stance.SUPPORT, "", NOW)
    meeting = session.get_one(Meeting, slot.meeting_id)
    answer_slot(session, cast.liaison.actor, meeting, slot, cast.kenya, Availability.NO, NOW)
    session.commit()
    kinds = [
        ask["data-ask"] for ask in client.sign_in(cast.liaison).page("/desk").select("[data-ask]")
    ]
    assert sorted(kinds) == ["action", "offer", "part", "question", "report"]


def test_the_other_member_has_a_desk_of_its_own(client: Browser, cast: Cast, busy: None) -> None:
    page = client.sign_in(cast.other_liaison).page("/desk")
    # What is put to all members waits for it, too.
    assert [ask["data-ask"] for ask in page.select("[data-ask]")] == ["decision", "time"]
    assert lines(page) == {}
    assert counted(page) == 2


def test_what_the_member_works_on_is_sorted_by_whose_turn_it_is(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    review = make.deliverable(session, by=cast.coordinator, key="review")
    make.assignment(session, review, cast.kenya, by=cast.coordinator)
    make.update(session, review, Status.IN_REVIEW, TODAY, by=cast.coordinator)
    late = make.deliverable(
        session, by=cast.coordinator, key="late", due=Due(own_due_on=TODAY - timedelta(9))
    )
    make.assignment(session, late, cast.kenya, by=cast.coordinator)
    make.update(session, late, Status.IN_PROGRESS, TODAY, by=cast.coordinator)
    theirs = make.deliverable(session, by=cast.coordinator, key="theirs")
    make.assignment(session, theirs, cast.britain, by=cast.coordinator)
    session.add(Dependency(deliverable_id=theirs.id, needs_id=late.id))
    waits = make.deliverable(
        session, by=cast.coordinator, key="waits", due=Due(own_due_on=TODAY + timedelta(90))
    )
    make.assignment(session, waits, cast.kenya, by=cast.coordinator)
    make.update(session, waits, Status.IN_PROGRESS, TODAY, by=cast.coordinator)
    session.add(Dependency(deliverable_id=waits.id, needs_id=theirs.id))
    done = make.deliverable(session, by=cast.coordinator, key="done")
    make.assignment(session, done, cast.kenya, by=cast.coordinator)
    make.update(session, done, Status.DELIVERED, TODAY, by=cast.coordinator)
    found = lines(client.sign_in(cast.liaison).page("/desk"))
    assert found == {
        "late": ("yours", {"act", "others_wait"}),
        "review": ("theirs", {"in_review"}),
        "waits": ("theirs", {"needs_others"}),
        "tools": ("nobodys", set()),
        "done": ("closed", set()),
    }
    assert next(iter(found)) == "late"
    assert list(found)[-1] == "done"


def test_a_part_is_accepted_or_declined_with_a_reason_from_the_desk(
    client: Browser, session: Session, cast: Cast, busy: None
) -> None:
    page = client.sign_in(cast.liaison).page("/desk")
    asked = page.find(attrs={"data-ask": "part"})
    assert asked is not None
    form = asked.find("form")
    assert form is not None
    sent = {"version": str(form.find("input", {"name": "version"})["value"])}
    without = client.submit(str(form["action"]), **sent, answer="decline", reason="")
    assert without.headers["Location"] == "/desk"
    assert "Say in a few words why the member declines" in client.page("/desk").text
    client.submit(str(form["action"]), **sent, answer="decline", reason="No staff")
    assert client.page("/desk").find(attrs={"data-ask": "part"}) is None
    session.rollback()
    newest = session.scalars(
        select(AssignmentSpan).join(Assignment).order_by(AssignmentSpan.id.desc())
    ).first()
    assert newest is not None
    assert (newest.state, newest.reason) == (AssignmentState.DECLINED, "No staff")


def test_only_what_others_did_since_the_last_look_is_new(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    page = client.sign_in(cast.liaison).page("/desk")
    before = [str(line["data-change"]) for line in page.select("[data-change]")]
    assert before.count("update") == 1
    assert client.submit("/desk/seen").status_code == 303
    assert client.page("/desk").select("[data-change]") == []


def test_a_look_is_remembered_per_account(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison).page("/desk")
    session.rollback()
    later = NOW + timedelta(days=1)
    assert new_since(session, cast.liaison.actor, later) == NOW
    assert new_since(session, cast.other_liaison.actor, later) == later - timedelta(days=14)


def test_looking_again_soon_keeps_what_was_new(session: Session, cast: Cast) -> None:
    reader = cast.liaison.actor
    mark_all_seen(session, reader, NOW)
    back = NOW + timedelta(days=1)
    note_look(session, reader.account_id, back)
    again = back + timedelta(minutes=10)
    assert new_since(session, reader, again) == NOW
    note_look(session, reader.account_id, again)
    assert new_since(session, reader, again + timedelta(days=1)) == again


def test_what_is_out_of_sight_is_no_news(session: Session, cast: Cast, tools: Deliverable) -> None:
    hidden = make.deliverable(session, by=cast.coordinator, key="red", marking=Marking.RED)
    make.assignment(session, hidden, cast.kenya, by=cast.coordinator)
    make.update(session, hidden, by=cast.coordinator)
    since = NOW - timedelta(days=1)
    news = changes(session, cast.liaison.actor, since)
    assert news
    assert {change.key for change in news} == {"tools"}


def test_ones_own_deeds_are_no_news(session: Session, cast: Cast, tools: Deliverable) -> None:
    since = NOW - timedelta(days=1)
    assert changes(session, cast.coordinator.actor, since) == ()


def test_a_coordinator_sees_what_waits_for_a_coordinator(
    client: Browser, session: Session, cast: Cast, tools: Deliverable
) -> None:
    review = make.deliverable(session, by=cast.coordinator, key="review", title="Reviewed")
    make.assignment(session, review, cast.kenya, by=cast.coordinator)
    make.update(session, review, Status.IN_REVIEW, TODAY, by=cast.coordinator)
    day = Due(own_due_on=TODAY + timedelta(50))
    propose(session, cast.liaison.actor, tools, day, "Later", NOW)
    meeting = make.meeting(session, TODAY, key="next", status=MeetingStatus.PLANNED)
    item = ItemEntry(kind=ItemKind.DISCUSSION, title="Shared tools", marking=Marking.AMBER)
    propose_item(session, cast.liaison.actor, meeting, item, NOW)
    page = client.sign_in(cast.coordinator).page("/desk")
    assert page.find(attrs={"data-deliverable": "review"}) is not None
    assert page.find(attrs={"data-ask": "date"}) is not None
    asked = page.find(attrs={"data-ask": "item"})
    assert asked is not None
    assert "Shared tools" in asked.text
    assert counted(page) == 3
    assert page.find(attrs={"data-asks": "3"}) is not None


def test_the_desk_asks_the_database_as_often_for_many_as_for_few(
    client: Browser, session: Session, cast: Cast, busy: None
) -> None:
    client.sign_in(cast.liaison)
    few = queries_of(client)
    for _ in range(30):
        more = make.deliverable(session, by=cast.coordinator)
        make.assignment(session, more, cast.kenya, by=cast.coordinator)
    assert queries_of(client) == few


def queries_of(client: Browser) -> list[int]:
    """How many statements each page of the desk runs, once it was looked at."""
    client.page("/desk")
    counts = []
    for url in ("/desk", "/desk/updates"):
        ran: list[object] = []

        def note(*facts: object, ran: list[object] = ran) -> None:
            ran.append(facts)

        event.listen(db.engine, "before_cursor_execute", note)
        client.page(url)
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(ran))
    return counts
