"""Leads are asked before a meeting; what comes answers; what the meeting saw stays."""

from datetime import date, datetime, timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.clock import as_of
from app.core.markings import Marking
from app.deliverables.actions.updates import UpdateEntry, log_update
from app.deliverables.models import AssignmentState, Deliverable, StatusUpdate
from app.deliverables.rules.moves import Status
from app.meetings.actions.meetings import Shown, hold_meeting
from app.meetings.figures import figures_of
from app.meetings.models import Meeting, MeetingStatus
from app.reports.models import ReportRequest
from app.reports.queries.rounds import report_states, round_view
from app.reports.rules import ReportState

NOW = make.NOW
TODAY = NOW.date()
MEETS_ON = TODAY + timedelta(14)


@pytest.fixture
def meeting(session: Session, cast: Cast) -> Meeting:
    series = make.series(session)
    make.meeting(session, TODAY - timedelta(180), series_id=series.id)
    return make.meeting(
        session,
        MEETS_ON,
        key="next",
        series_id=series.id,
        status=MeetingStatus.PLANNED,
        exists_from=TODAY - timedelta(30),
    )


@pytest.fixture
def tools(session: Session, cast: Cast) -> Deliverable:
    made = make.deliverable(session, by=cast.coordinator, key="tools", title="Tools")
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    return made


def ask(client: Browser, cast: Cast, days: str = "7", seen: str = "0") -> int:
    client.sign_in(cast.coordinator)
    return client.submit("/meetings/next/reports", days_before=days, seen=seen).status_code


def log(client: Browser, **fields: str) -> int:
    sent = {"status": "in_progress", **fields}
    return client.fill("/deliverables/tools/updates", **sent).status_code


def state_shown(client: Browser, key: str = "tools") -> str:
    row = client.page("/meetings/next/reports").find(attrs={"data-report": key})
    assert row is not None
    return str(row["data-state"])


def judge(client: Browser, verdict: str, note: str = "") -> int:
    row = client.page("/meetings/next/reports").find(attrs={"data-report": "tools"})
    assert row is not None
    form = row.find("form")
    assert form is not None
    hidden = {
        name: str(form.find("input", {"name": name})["value"])
        for name in ("seen_update", "seen_verdict")
    }
    sent = {"verdict": verdict, "note": note, **hidden}
    return client.submit("/meetings/next/reports/tools", **sent).status_code


def test_the_accepted_lead_of_each_active_deliverable_is_asked(
    client: Browser, session: Session, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    done = make.deliverable(session, by=cast.coordinator)
    make.assignment(session, done, cast.kenya, by=cast.coordinator)
    make.update(session, done, Status.DELIVERED, by=cast.coordinator)
    unanswered = make.deliverable(session, by=cast.coordinator)
    make.assignment(
        session, unanswered, cast.britain, state=AssignmentState.PROPOSED, by=cast.coordinator
    )
    assert ask(client, cast) == 303
    session.rollback()
    asked = session.scalars(select(ReportRequest)).all()
    assert [(r.deliverable_id, r.member_id) for r in asked] == [(tools.id, cast.kenya.id)]
    page = client.page("/meetings/next/reports")
    assert "1 without an accepted lead" in page.text


def test_the_request_shows_on_the_desk_and_answers_itself_when_an_update_comes(
    client: Browser, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.liaison)
    desk = client.page("/desk")
    asked = desk.find(attrs={"data-ask": "report"})
    assert asked is not None
    assert (asked["data-report"], asked["data-state"]) == ("tools", "due")
    assert log(client) == 303
    assert client.page("/desk").find(attrs={"data-ask": "report"}) is None
    assert state_shown(client) == "in"


def test_whether_a_report_came_is_told_apart_from_how_the_work_goes(
    client: Browser, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.liaison)
    log(client, health="off_track", note="Bad, but reported")
    row = client.page("/meetings/next/reports").find(attrs={"data-report": "tools"})
    assert row is not None
    assert "Report in" in row.text
    assert "Off track" in row.text


def test_a_report_is_sent_back_with_a_note_sent_again_and_accepted(
    client: Browser, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.liaison)
    log(client)
    client.sign_in(cast.coordinator)
    assert judge(client, "sent_back") == 422
    assert judge(client, "sent_back", "Say when") == 303
    assert state_shown(client) == "sent_back"
    client.sign_in(cast.liaison)
    assert "Say when" in client.page("/desk").text
    log(client, note="In May")
    assert state_shown(client) == "in"
    client.sign_in(cast.coordinator)
    assert judge(client, "accepted") == 303
    assert state_shown(client) == "accepted"


def test_two_coordinators_never_judge_past_each_other(
    client: Browser, session: Session, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.liaison)
    log(client)
    update = session.scalars(select(StatusUpdate.id)).one()
    client.sign_in(cast.coordinator)
    sent = {"verdict": "sent_back", "seen_update": str(update), "seen_verdict": "0"}
    url = "/meetings/next/reports/tools"
    assert client.submit(url, **sent, note="First").status_code == 303
    answer = client.submit(url, **sent, note="Second words")
    assert answer.status_code == 409
    assert "Second words" in answer.text


def test_work_that_a_coordinator_accepts_or_sends_back_takes_its_report_along(
    client: Browser, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    client.sign_in(cast.liaison)
    log(client)
    ask(client, cast)
    client.sign_in(cast.liaison)
    log(client, status="in_review")
    client.sign_in(cast.coordinator)
    log(client, status="in_progress", note="Not yet")
    assert state_shown(client) == "sent_back"
    client.sign_in(cast.liaison)
    log(client, status="in_review")
    client.sign_in(cast.coordinator)
    log(client, status="delivered", evidence_url="https://example.org/it")
    assert state_shown(client) == "accepted"


@pytest.mark.parametrize(
    ("days_from_now", "state"),
    [(7, ReportState.DUE), (8, ReportState.OVERDUE)],
)
def test_a_report_is_late_after_the_day_on_which_the_asking_closes(
    client: Browser,
    session: Session,
    cast: Cast,
    meeting: Meeting,
    tools: Deliverable,
    days_from_now: int,
    state: ReportState,
) -> None:
    ask(client, cast, days="7")
    session.rollback()
    shown = as_of(TODAY + timedelta(days_from_now), NOW)
    view = round_view(session, cast.coordinator.actor, meeting, shown)
    assert view is not None
    assert view.closes_on == TODAY + timedelta(7)
    assert [row.state for row in view.rows] == [state]


def test_an_update_belongs_to_the_window_between_two_meetings(
    client: Browser, session: Session, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.liaison)
    before_the_last_one = TODAY - timedelta(180)
    assert log(client, effective_on=str(before_the_last_one)) == 303
    assert state_shown(client) == "due"
    assert log(client, effective_on=str(before_the_last_one + timedelta(1))) == 303
    assert state_shown(client) == "in"


def test_asking_again_asks_only_those_who_were_not_asked(
    client: Browser, session: Session, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    assert ask(client, cast) == 303
    late = make.deliverable(session, by=cast.coordinator)
    make.assignment(session, late, cast.britain, by=cast.coordinator)
    assert ask(client, cast, seen="0") == 409
    version = client.page("/meetings/next/reports").find("input", {"name": "seen"})["value"]
    assert ask(client, cast, days="3", seen=str(version)) == 303
    session.rollback()
    asked = session.scalars(select(ReportRequest.deliverable_id)).all()
    assert sorted(asked) == sorted([tools.id, late.id])
    page = client.page("/meetings/next/reports")
    assert page.find("input", {"name": "days_before"})["value"] == "3"


def test_the_network_has_a_usual_number_of_days_and_each_meeting_may_have_its_own(
    client: Browser, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    def shown() -> str:
        field = client.page("/meetings/next/reports").find("input", {"name": "days_before"})
        return str(field["value"])

    client.sign_in(cast.coordinator)
    assert shown() == "7"
    refused = client.fill("/attention/rules", report_days="366")
    assert refused.status_code == 422
    assert "from 0 to 365" in refused.text
    assert client.fill("/attention/rules", report_days="12").status_code == 303
    assert shown() == "12"
    assert ask(client, cast, days="3") == 303
    assert shown() == "3"
    assert "so many days before" in client.page("/attention/rules").text


@pytest.mark.parametrize("days", ["", "x", "-1", "366"])
def test_the_number_of_days_is_checked(
    client: Browser, cast: Cast, meeting: Meeting, tools: Deliverable, days: str
) -> None:
    assert ask(client, cast, days=days) == 422


def test_only_coordinators_ask_and_judge(
    client: Browser, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    ask(client, cast)
    for account in (cast.liaison, cast.observer, cast.administrator):
        client.sign_in(account)
        sent = {"verdict": "accepted", "seen_update": "1", "seen_verdict": "0"}
        assert client.submit("/meetings/next/reports", days_before="7").status_code == 403
        assert client.submit("/meetings/next/reports/tools", **sent).status_code == 403
        assert (
            client.page("/meetings/next/reports").find(
                "form", method="post", action="/meetings/next/reports"
            )
            is None
        )


def test_what_a_reader_may_not_see_is_not_in_the_round(
    client: Browser, session: Session, cast: Cast, meeting: Meeting
) -> None:
    hidden = make.deliverable(session, by=cast.coordinator, key="hidden", marking=Marking.AMBER)
    make.assignment(session, hidden, cast.kenya, by=cast.coordinator)
    ask(client, cast)
    assert state_shown(client, "hidden") == "due"
    for account in (cast.other_liaison, cast.observer):
        client.sign_in(account)
        assert "hidden" not in client.page("/meetings/next/reports").text
        assert report_states(session, account.actor, as_of(None, NOW)) == {}


def test_asking_and_judging_are_in_the_trail(
    client: Browser, session: Session, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    ask(client, cast)
    client.sign_in(cast.liaison)
    log(client)
    client.sign_in(cast.coordinator)
    judge(client, "accepted")
    session.rollback()
    verbs = session.scalars(select(AuditEntry.verb)).all()
    assert {"report.ask", "report.judge"} <= set(verbs)


def held(session: Session, cast: Cast, meeting: Meeting, now: datetime) -> None:
    shown = Shown(title="Minutes", url="https://example.org/minutes")
    hold_meeting(session, cast.coordinator.actor, meeting, shown, meeting.version, now)


def log_later(session: Session, cast: Cast, of: Deliverable, status: Status, now: datetime) -> None:
    entry = UpdateEntry(status=status, effective_on=now.date())
    log_update(session, cast.coordinator.actor, of, entry, now)


def test_the_figures_that_a_meeting_saw_stay_when_the_work_goes_on(
    client: Browser, session: Session, cast: Cast, meeting: Meeting, tools: Deliverable
) -> None:
    meeting.starts_on = TODAY
    log_later(session, cast, tools, Status.IN_PROGRESS, NOW)
    held(session, cast, meeting, NOW)
    log_later(session, cast, tools, Status.IN_REVIEW, NOW + timedelta(hours=1))
    later = make.deliverable(session, by=cast.coordinator, key="later")
    seen = figures_of(session, cast.observer.actor, meeting)
    assert seen is not None
    assert [(f.key, f.status) for f in seen.rows] == [("tools", Status.IN_PROGRESS)]
    client.sign_in(cast.observer)
    page = client.page("/meetings/next/figures")
    row = page.find(attrs={"data-then": "tools"})
    assert row is not None
    assert (row["data-then-status"], row["data-now-status"]) == ("in_progress", "in_review")
    assert page.find(attrs={"data-added": later.key}) is not None


def test_frozen_figures_show_each_reader_what_its_side_of_the_table_saw(
    session: Session, cast: Cast, meeting: Meeting
) -> None:
    meeting.starts_on = TODAY
    narrow = make.deliverable(session, by=cast.coordinator, key="narrow", marking=Marking.AMBER)
    make.assignment(session, narrow, cast.kenya, by=cast.coordinator)
    make.deliverable(session, by=cast.coordinator, key="red", marking=Marking.RED)
    make.deliverable(session, by=cast.coordinator, key="wide")
    held(session, cast, meeting, NOW)
    seen = {}
    for account in cast.accounts:
        figures = figures_of(session, account.actor, meeting)
        assert figures is not None
        seen[account.name] = {figure.key for figure in figures.rows}
    assert seen == {
        "Carla": {"narrow", "wide"},
        "Ada": {"narrow", "wide"},
        "Wanjiru": {"narrow", "wide"},
        "Graham": {"wide"},
        "Otto": {"wide"},
    }


def test_a_meeting_of_which_a_record_tells_has_no_frozen_figures_and_says_so(
    client: Browser, session: Session, cast: Cast
) -> None:
    make.meeting(session, date(2025, 12, 1), key="past", series_id=make.series(session).id)
    client.sign_in(cast.observer)
    assert "No figures were frozen" in client.page("/meetings/past/figures").text


def test_the_page_of_what_a_meeting_saw_is_marked_as_high_as_what_it_shows(
    client: Browser, session: Session, cast: Cast, meeting: Meeting
) -> None:
    meeting.starts_on = TODAY
    narrow = make.deliverable(session, by=cast.coordinator, key="narrow", marking=Marking.AMBER)
    make.assignment(session, narrow, cast.kenya, by=cast.coordinator)
    held(session, cast, meeting, NOW)
    for account, marked in ((cast.coordinator, "TLP:AMBER"), (cast.observer, "TLP:GREEN")):
        footer = client.sign_in(account).page("/meetings/next/figures").find("footer")
        assert footer is not None
        assert marked in footer.text, account.name
