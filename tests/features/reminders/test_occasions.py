"""On which occasions who is told, and on which nobody is."""

from datetime import date, datetime, timedelta

import make
import pytest
from cast import Cast
from post_office import PostOffice, Remind, text_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Action, Agenda, PublishedAgenda
from app.audit.actions import Subject
from app.core.markings import Marking
from app.decisions.actions.proposing import ProposalEntry, draft, put
from app.deliverables.actions.questions import ask, withdraw
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import AssignmentState, Deliverable
from app.meetings.models import MeetingStatus
from app.members.models import DecisionRule
from app.notices.actions import choose
from app.notices.models import Notice, Occurrence
from app.notices.rules import Cadence, Happening, Topic
from app.people import actions as people
from app.sharing.rules import Sharing

NOW = make.NOW
TODAY = NOW.date()
KENYA, BRITAIN = "wanjiru@example.org", "graham@example.org"


def lead(session: Session, cast: Cast, due_in: int | None = 7, **values: object) -> Deliverable:
    """Kenya leads it, and has just said how it stands."""
    due = Due(own_due_on=TODAY + timedelta(days=due_in)) if due_in is not None else Due()
    made = make.deliverable(session, by=cast.coordinator, due=due, **values)
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    make.update(session, made, by=cast.liaison, effective_on=TODAY)
    return made


def at(days: int) -> datetime:
    return NOW + timedelta(days=days)


def test_missed_runs_are_made_up_for_by_one_mail(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    lead(session, cast, 40, title="Tools")
    never = {Topic.DIGEST: Cadence.NEVER}
    choose(session, cast.liaison.id, Subject("account", KENYA), never, NOW)
    for day in (0, 11, 27, 33, 34, 39, 40):
        remind(at(day))
    texts = [text_of(mail) for mail in office.took]
    # 30 (eleven days in: 29 left), 14 (13 left), 7, then 1 and 0; 34 repeats nothing.
    left = [t.split("- Due ")[1].split(":")[0] for t in texts if "- Due " in t]
    assert left == ["in 29 days", "in 13 days", "in 7 days", "in 1 day", "today"]


def test_several_things_come_in_one_mail(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    for n in (3, 5, 7):
        lead(session, cast, n, title=f"Thing {n}")
    remind()
    (mail,) = office.took
    assert "What falls due" in mail["Subject"]
    assert all(f"Thing {n}" in text_of(mail) for n in (3, 5, 7))


def test_a_date_that_moves_is_another_occasion(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    tools = lead(session, cast, 7)
    remind()
    reschedule(
        session,
        cast.coordinator.actor,
        tools,
        Due(own_due_on=TODAY + timedelta(days=12)),
        effective_on=TODAY,
        reason="Later",
        seen_version=tools.version,
        now=NOW,
    )
    remind()
    assert len(office.took) == 2
    assert "Due in 12 days" in office.took[1]["Subject"]


def test_nobody_is_on_the_hook_before_accepting(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    made = make.deliverable(
        session, by=cast.coordinator, due=Due(own_due_on=TODAY + timedelta(days=7))
    )
    make.assignment(
        session,
        made,
        cast.kenya,
        state=AssignmentState.PROPOSED,
        by=cast.coordinator,
        from_on=TODAY,
    )
    remind()
    (mail,) = office.took
    assert "You are asked to take a part (Lead)" in mail["Subject"]


def test_what_is_long_past_is_no_news(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    """Parts, tasks and agendas of years ago, as an import brings them."""
    made = make.deliverable(session, by=cast.coordinator)
    make.assignment(
        session, made, cast.britain, state=AssignmentState.PROPOSED, by=cast.coordinator
    )
    session.add(
        Action(
            member_id=cast.britain.id,
            task="Old",
            created_by_id=cast.coordinator.id,
            exists_from=make.PLANNED_ON,
        )
    )
    remind()
    assert office.took == []
    assert session.scalars(select(Occurrence)).all() == []


def test_a_question_goes_to_those_who_lead_unless_it_was_taken_back(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    tools = lead(session, cast, None, title="Tools")
    by = cast.coordinator.actor
    gone = ask(session, by, tools, "Never mind", NOW)
    ask(session, by, tools, "When is it ready?", NOW)
    withdraw(session, by, tools, gone, NOW)
    remind()
    (mail,) = office.took
    assert mail["X-Rcpt"] == KENYA
    assert "When is it ready?" in text_of(mail)
    assert "Never mind" not in text_of(mail)
    told = [each.happening for each in session.scalars(select(Occurrence))]
    assert told.count(Happening.QUESTION_ASKED) == 2


def decision(session: Session, cast: Cast, *, is_put: bool) -> None:
    entry = ProposalEntry(
        title="To meet in May",
        proposal="That we meet.",
        rule=DecisionRule.CONSENSUS,
        quorum=1,
        silence_is_assent=False,
        opens_at=None,
        closes_at=at(10),
        sharing=Sharing(Marking.GREEN),
    )
    made = draft(session, cast.coordinator.actor, entry, NOW)
    if is_put:
        put(session, cast.coordinator.actor, made, made.version, NOW)


def test_a_draft_mails_nobody(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    decision(session, cast, is_put=False)
    remind()
    assert office.took == []


def test_an_open_decision_goes_to_the_members_and_again_before_it_closes(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    decision(session, cast, is_put=True)
    remind()
    assert {m["X-Rcpt"] for m in office.took} == {KENYA, BRITAIN}
    # In the reader's zone, which is named.
    assert "15:00 (Africa/Nairobi)" in text_of(office.to(KENYA)[0])
    remind(at(5))
    remind(at(8))
    # In one mail with the digest of that day, which counts it among what waits.
    closing = [m for m in office.took if "has no answer of yours" in text_of(m)]
    assert {m["X-Rcpt"] for m in closing} == {KENYA, BRITAIN}


def test_a_published_agenda_goes_to_all_but_who_published_it(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    meeting = make.meeting(
        session,
        TODAY + timedelta(days=9),
        title="The sitting",
        status=MeetingStatus.PLANNED,
        exists_from=TODAY,
    )
    by = cast.coordinator.id
    agenda = Agenda(meeting_id=meeting.id, created_by_id=by, created_at=NOW, proposed_as_of=TODAY)
    session.add(agenda)
    session.flush()
    session.add(
        PublishedAgenda(
            agenda_id=agenda.id,
            number=1,
            published_at=NOW,
            published_by_id=by,
            content="{}",
            content_hash="",
        )
    )
    remind()
    assert {m["X-Rcpt"] for m in office.took} == {KENYA, BRITAIN, "otto@example.org"}


def test_silence_is_told_and_not_for_ever(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    made = make.deliverable(session, by=cast.coordinator, title="Quiet", due=Due())
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    make.update(session, made, by=cast.liaison, effective_on=TODAY)
    every = {Topic.STALE: Cadence.IMMEDIATELY, Topic.DIGEST: Cadence.NEVER}
    choose(session, cast.liaison.id, Subject("account", KENYA), every, NOW)
    for day in range(0, 120, 5):
        remind(at(day))
    told = [m["Subject"] for m in office.to(KENYA) if "No update since" in m["Subject"]]
    assert len(told) == 3


def test_a_closed_account_gets_nothing_not_even_what_was_queued(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    lead(session, cast, 7)
    office.data = lambda _: "451 later"
    remind()
    people.deactivate(session, cast.administrator.actor, cast.liaison, NOW)
    office.data = lambda _: "250 OK"
    assert remind(NOW + timedelta(minutes=3))["dropped"] == 1
    assert office.took == []


@pytest.mark.parametrize(
    ("cadence", "hours", "arrives"),
    [
        (Cadence.DAILY, 12, False),
        (Cadence.DAILY, 17, True),
        (Cadence.WEEKLY, 48, False),
        (Cadence.WEEKLY, 24 * 6, True),
        (Cadence.NEVER, 24 * 7, False),
    ],
)
def test_each_account_chooses_how_often(
    remind: Remind,
    office: PostOffice,
    session: Session,
    cast: Cast,
    cadence: Cadence,
    hours: int,
    arrives: bool,
) -> None:
    """Kenya's morning is at 04:00 in UTC; 24 November 2026 is a Tuesday."""
    lead(session, cast, 7)
    wanted = {Topic.DUE: cadence, Topic.DIGEST: Cadence.NEVER, Topic.STALE: Cadence.NEVER}
    choose(session, cast.liaison.id, Subject("account", KENYA), wanted, NOW)
    remind()
    assert office.took == []
    remind(NOW + timedelta(hours=hours))
    assert bool(office.to(KENYA)) is arrives


def test_the_week_in_one_mail_comes_once_a_week_whichever_day_a_run_gets_to_it(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    tools = lead(session, cast, None, title="Tools")
    make.update(session, tools, by=cast.coordinator, effective_on=TODAY, note="Said")
    for day in (0, 6, 8, 9):  # the week of the 24th is the one in which the accounts were made
        remind(at(day))
    weekly = [text for text in map(text_of, office.to(KENYA)) if "The week" in text]
    assert len(weekly) == 1
    assert "Carla logged an update: Tools" in weekly[0]


def test_names_and_titles_put_nothing_into_headers(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    cast.liaison.name = "Wanjiru\r\nBcc: everybody@example.org"
    lead(session, cast, 7, title="Tools\r\nX-Injected: yes")
    remind()
    (mail,) = office.took
    assert mail["Bcc"] is None
    assert mail["X-Injected"] is None
    assert "X-Injected" in mail["Subject"]


def test_an_import_tells_of_today_and_not_of_the_past(session: Session, cast: Cast) -> None:
    tools = make.deliverable(session, by=cast.coordinator)
    for day in (date(2025, 1, 1), TODAY):
        make.assignment(session, tools, cast.kenya, by=cast.coordinator, from_on=day)
    assert len(session.scalars(select(Occurrence)).all()) == 1


def test_the_log_keeps_no_words(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    lead(session, cast, 7, title="Zebra")
    remind()
    kept = [(n.occasion, n.thing, n.facts) for n in session.scalars(select(Notice))]
    assert kept
    assert "Zebra" not in repr(kept)
