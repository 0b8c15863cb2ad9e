"""What an agenda is proposed from."""

from datetime import date

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Action, Agenda, AgendaItem
from app.agendas.queries.proposal import facts
from app.agendas.rules.schedule import ItemKind
from app.core.clock import as_of
from app.core.markings import Marking
from app.decisions.models import Decision, DecisionState
from app.deliverables.actions.schedule import Due
from app.deliverables.models import Deliverable
from app.deliverables.rules.moves import Status
from app.meetings.models import Meeting, MeetingStatus
from app.members.models import DecisionRule
from app.priorities.models import Question, QuestionState, QuestionStatus, Theme
from app.sharing.models import Audience, AudienceAccount


def items(session: Session) -> list[AgendaItem]:
    session.expire_all()
    query = select(AgendaItem).order_by(AgendaItem.in_writing, AgendaItem.position)
    return list(session.scalars(query))


def titles(session: Session) -> list[str]:
    return [item.title for item in items(session)]


def question(session: Session, cast: Cast, title: str, status: QuestionStatus) -> Question:
    made = Question(
        key=title, title=title, theme=Theme.GOALS, exists_from=make.PLANNED_ON, recommendation="Do"
    )
    session.add(made)
    session.flush()
    state = QuestionState(
        question_id=made.id,
        status=status,
        from_on=make.PLANNED_ON,
        recorded_by_id=cast.coordinator.id,
        recorded_at=make.NOW,
    )
    session.add(state)
    return made


def decision(
    session: Session, cast: Cast, title: str, state: DecisionState, marking: Marking
) -> Decision:
    made = Decision(
        key=title,
        title=title,
        rule=DecisionRule.CONSENSUS,
        state=state,
        marking=marking,
        exists_from=make.PLANNED_ON,
        created_by_id=cast.coordinator.id,
    )
    session.add(made)
    return made


def action(session: Session, cast: Cast, task: str, marking: Marking = Marking.GREEN) -> Action:
    made = Action(
        task=task,
        member_id=cast.kenya.id,
        marking=marking,
        exists_from=make.PLANNED_ON,
        due_on=date(2026, 11, 1),
        created_by_id=cast.coordinator.id,
    )
    session.add(made)
    return made


def test_an_agenda_follows_the_order_of_the_domain(
    carla: Browser, session: Session, cast: Cast, overdue: Deliverable
) -> None:
    ahead = make.deadline(session, date(2027, 3, 1), by=cast.coordinator, title="Next summit")
    make.deliverable(session, by=cast.coordinator, title="Due then", due=Due(ahead.id))
    action(session, cast, "Write it up")
    decision(session, cast, "Adopt the charter", DecisionState.OPEN, Marking.GREEN)
    decision(session, cast, "Not yet put", DecisionState.DRAFT, Marking.GREEN)
    question(session, cast, "Who may join?", QuestionStatus.OPEN)
    question(session, cast, "Settled?", QuestionStatus.DECIDED)
    assert carla.submit("/agendas/m/propose").status_code == 303
    assert titles(session) == [
        "Adoption of the agenda",
        "Open actions",
        "Next summit, 1 March 2027",
        "Overdue, undated and other work",
        "Adopt the charter",
        "Who may join?",
        "Round of the members",
        "Next meeting",
    ]


def test_each_item_says_why_and_all_of_the_time_is_shared_out(
    proposed: Browser, session: Session
) -> None:
    found = items(session)
    assert all(item.why for item in found)
    assert sum(item.minutes for item in found) <= 480
    assert [found[0].kind, found[-1].kind] == [ItemKind.OPENING, ItemKind.CLOSING]


def test_a_deliverable_is_listed_with_what_holds_and_who_can_act(
    proposed: Browser, session: Session
) -> None:
    note = next(item.note for item in items(session) if item.title.startswith("Overdue"))
    assert note.startswith("- [Open work](/deliverables/open) (Not started): Was due by 10 Feb")
    assert "No member leads it" in note
    assert "Can act: a coordinator." in note


def test_what_is_narrow_stands_for_itself_under_its_marking(
    proposed: Browser, session: Session, narrow: Deliverable
) -> None:
    found = items(session)
    (own,) = [item for item in found if item.deliverable_id == narrow.id]
    assert own.marking is Marking.AMBER
    assert [item.id for item in found if "Narrow work" in item.title + item.note] == [own.id]


def test_nothing_red_is_proposed_even_to_who_is_named_on_it(
    carla: Browser, session: Session, cast: Cast
) -> None:
    audience = Audience()
    session.add(audience)
    session.flush()
    session.add(AudienceAccount(audience_id=audience.id, account_id=cast.coordinator.id))
    red = make.deliverable(session, by=cast.coordinator, title="Red work", marking=Marking.RED)
    red.audience_id = audience.id
    action(session, cast, "Red task", Marking.RED).audience_id = audience.id
    decision(session, cast, "Red vote", DecisionState.OPEN, Marking.RED).audience_id = audience.id
    carla.submit("/agendas/m/propose")
    said = [item.title + item.note + item.why for item in items(session)]
    assert said
    assert not any(red in text for text in said for red in ("Red work", "Red task", "Red vote"))


def test_a_narrow_action_is_kept_out_of_the_list_of_actions(
    carla: Browser, session: Session, cast: Cast
) -> None:
    action(session, cast, "Common task")
    action(session, cast, "Quiet task", Marking.AMBER)
    carla.submit("/agendas/m/propose")
    found = {item.title: item for item in items(session)}
    assert "Common task" in found["Open actions"].note
    assert "Quiet task" not in found["Open actions"].note
    assert found["Open action: Kenya"].marking is Marking.AMBER


def test_the_round_tells_what_changed_since_the_last_meeting_of_the_series(
    session: Session, cast: Cast, meeting: Meeting
) -> None:
    make.meeting(session, date(2026, 5, 20), series_id=meeting.series_id)
    before, after, nobodys = (make.deliverable(session, by=cast.coordinator) for _ in range(3))
    for one in (before, after):
        make.assignment(session, one, cast.kenya, by=cast.coordinator)
    make.update(session, before, effective_on=date(2026, 5, 20), by=cast.coordinator)
    make.update(session, after, effective_on=date(2026, 5, 21), by=cast.coordinator)
    make.update(session, nobodys, Status.DELIVERED, date(2026, 6, 1), by=cast.coordinator)
    session.commit()
    session.refresh(meeting, ["series"])
    found = facts(session, cast.coordinator.actor, meeting, as_of(None, make.NOW)).round
    changes = {member.code: [c.key for c in member.changes] for member in found.members}
    assert changes == {"GB": [], "KE": [after.key]}
    assert [change.key for change in found.others] == [nobodys.key]


def test_the_next_meeting_is_the_planned_one_or_what_the_cadence_has(
    carla: Browser, session: Session, meeting: Meeting
) -> None:
    carla.submit("/agendas/m/propose")
    assert items(session)[-1].note == "The cadence has it about 20 May 2027."
    session.query(AgendaItem).delete()
    session.query(Agenda).delete()
    make.meeting(
        session,
        date(2027, 6, 1),
        title="Summer plenary",
        series_id=meeting.series_id,
        status=MeetingStatus.PLANNED,
        exists_from=date(2026, 11, 1),
    )
    carla.submit("/agendas/m/propose")
    assert items(session)[-1].note == "Planned: Summer plenary, 1 June 2027."


def test_a_meeting_gets_one_agenda(proposed: Browser, session: Session) -> None:
    before = titles(session)
    proposed.submit("/agendas/m/propose")
    assert "already has an agenda" in proposed.get("/agendas/m").text
    assert titles(session) == before


def test_a_cancelled_meeting_gets_none(carla: Browser, session: Session, meeting: Meeting) -> None:
    meeting.status = MeetingStatus.CANCELLED
    carla.submit("/agendas/m/propose")
    assert items(session) == []


def test_long_lists_are_cut_and_say_how_many_more_there_are(
    carla: Browser, session: Session, cast: Cast
) -> None:
    for _ in range(33):
        make.deliverable(session, by=cast.coordinator)
    carla.submit("/agendas/m/propose")
    note = next(item.note for item in items(session) if item.title.startswith("Overdue"))
    assert note.splitlines()[-1] == "- and 3 more"
    assert len(note.splitlines()) == 31


@pytest.mark.parametrize("who", ["liaison", "observer", "administrator"])
def test_only_a_coordinator_proposes(
    client: Browser, cast: Cast, session: Session, meeting: Meeting, who: str
) -> None:
    assert client.sign_in(getattr(cast, who)).submit("/agendas/m/propose").status_code == 403
    assert items(session) == []
