"""What the dashboards say, to whom, and on days when there is little to say."""

import re
from datetime import date

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.core.days import Precision
from app.core.markings import Marking
from app.deadlines.actions import When, move
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import AssignmentRole, AssignmentState
from app.deliverables.rules.moves import Status
from app.members.models import Function, Level, MemberFunction

LISTS = ("/", "/attention", "/priorities", "/deadlines", "/members")
EACH = ("/priorities/agenda", "/deadlines/geneva", "/members/KE")


def words(page: object) -> str:
    return " ".join(page.get_text(" ").split())  # type: ignore[attr-defined]


def test_each_of_the_cast_reads_every_dashboard(
    client: Browser, session: Session, cast: Cast
) -> None:
    make.priority(session, key="agenda")
    make.deadline(session, by=cast.coordinator, key="geneva")
    for account in cast.accounts:
        client.sign_in(account)
        for path in (*LISTS, *EACH):
            client.page(path)
    client.sign_in(cast.stranger)
    for path in (*LISTS, *EACH):
        assert client.get(path).status_code == 302


def test_what_is_not_there_is_not_found(client: Browser, cast: Cast) -> None:
    client.sign_in(cast.coordinator)
    for path in ("/priorities/none", "/deadlines/none", "/members/XX", "/members/ke"):
        client.page(path, status=404)


@pytest.mark.parametrize("text", ["yesterday", "2024-13-01", "20241121", "0001-01-01", "' OR 1"])
def test_a_day_that_is_none_is_refused_in_words(client: Browser, cast: Cast, text: str) -> None:
    client.sign_in(cast.observer)
    for path in (*LISTS, "/members/KE"):
        assert "is not a day" in words(client.page(f"{path}?as_of={text}", status=400))


def test_before_the_plan_there_are_members_and_a_way_to_the_plan(reading: Browser) -> None:
    overview = reading.page("/?as_of=2024-05-22")
    assert overview.h1.get_text() == "International Network of AI Safety Institutes"
    assert "The plan is of 30 October 2024." in words(overview)
    assert overview.select_one('main a[href="/?as_of=2024-10-30"]') is not None
    for path in ("/priorities", "/deadlines"):
        page = reading.page(f"{path}?as_of=2024-05-22")
        assert "known from 30 October 2024 on" in words(page)
        assert page.select_one(f'main a[href="{path}?as_of=2024-10-30"]') is not None
    members = {
        row["data-progress-of"]
        for row in reading.page("/members?as_of=2024-05-22").select("[data-progress-of]")
    }
    assert "member:US" in members
    assert members.isdisjoint({"member:KE", "member:DE"})


def test_before_the_network_every_page_says_when_it_begins(reading: Browser) -> None:
    assert "founded on 21 May 2024" in words(reading.page("/?as_of=1999-01-01"))
    assert "known from 21 May 2024 on" in words(reading.page("/members?as_of=1999-01-01"))
    for path in ("/attention", "/priorities", "/deadlines"):
        reading.page(f"{path}?as_of=1999-01-01")


def test_before_anything_was_imported_the_pages_say_so(client: Browser, session: Session) -> None:
    client.sign_in(make.account(session))
    for path in ("/", "/priorities", "/deadlines", "/members"):
        assert "Nothing has been planned yet." in words(client.page(path))


@pytest.mark.parametrize(
    ("path", "day", "from_on", "written"),
    [
        ("/priorities/synthetic", "2024-11-19", "2024-11-20", "20 November 2024"),
        ("/deadlines/geneva", "2025-01-01", "2026-02-19", "19 February 2026"),
        ("/members/KE", "2024-09-17", "2024-09-18", "18 September 2024"),
    ],
)
def test_what_is_not_known_yet_says_from_when_on(
    reading: Browser, path: str, day: str, from_on: str, written: str
) -> None:
    page = reading.page(f"{path}?as_of={day}", status=404)
    assert f"Not known before {written}." in words(page)
    assert page.select_one(f'main a[href="{path}?as_of={from_on}"]') is not None
    reading.page(f"{path}?as_of={from_on}")


def test_no_day_is_invented_where_a_month_or_a_year_is_known(reading: Browser) -> None:
    for path in ("/", "/deadlines", "/deadlines/geneva"):
        main = words(reading.page(path).main)
        assert "2027" in main
        assert "in 38 days at the earliest" in main
        assert "January" not in main
    for path in ("/deadlines", "/deadlines/san-diego"):
        main = words(reading.page(f"{path}?as_of=2025-11-20").main)
        assert "December 2025" in main
        assert "in 11 days at the earliest" in main
        assert "1 December" not in main


def test_days_left_run_to_the_first_day_of_the_next_deadline(reading: Browser) -> None:
    for day, expected in (("2024-11-19", "1 day left"), ("2024-11-20", "Now under way")):
        ahead = reading.page(f"/?as_of={day}").select_one(".until")
        assert words(ahead).startswith(expected)
        assert "San Francisco convening" in words(ahead)
    ahead = reading.page("/?as_of=2024-11-22").select_one(".until")
    assert words(ahead).startswith("80 days left AI Action Summit")


def test_the_network_and_who_leads_it_are_those_of_the_day(reading: Browser) -> None:
    before = words(reading.page("/?as_of=2024-11-19").select_one(".head"))
    chaired = words(reading.page("/?as_of=2025-12-09").select_one(".head"))
    renamed = words(reading.page("/?as_of=2025-12-10").select_one(".head"))
    assert before.startswith("International Network of AI Safety Institutes")
    assert "chair" not in before
    assert "Inaugural chair : United States" in chaired.replace("chair:", "chair :")
    assert "Coordinator" not in chaired
    assert renamed.startswith("International Network for Advanced AI Measurement")
    assert "Network Coordinator: United Kingdom" in renamed
    assert "until December 2025" in renamed


def test_an_institute_is_what_was_known_on_the_day(reading: Browser) -> None:
    before = words(reading.page("/members/CA?as_of=2024-11-11").main)
    after = words(reading.page("/members/CA?as_of=2024-11-12").main)
    assert "Canada AISI" in before
    assert "Announced only" in before
    assert "Canadian Artificial Intelligence Safety Institute" in after
    assert "CAD 50 million over five years" in after
    assert "Staff Not public" in after


def test_unknown_is_told_from_none(client: Browser, session: Session, cast: Cast) -> None:
    named: list[Function] = [make.function(session) for _ in range(2)]
    session.add(
        MemberFunction(
            member_id=cast.kenya.id,
            function_id=named[0].id,
            level=Level.NONE,
            from_on=make.PLANNED_ON,
        )
    )
    page = client.sign_in(cast.observer).page("/members/KE")
    levels = {
        words(row.th): words(row.td)
        for row in page.select("tr")
        if row.th and row.th.get_text().startswith("Function ")
    }
    assert levels == {named[0].name: "None stated", named[1].name: "Unknown"}


def test_the_question_behind_a_priority_comes_with_its_recommendation(reading: Browser) -> None:
    page = words(reading.page("/priorities/governance").main)
    assert "What leadership and voting structure?" in page
    assert "Open" in page
    assert re.search(r"Recommended at the start: \w+", page)
    assert "1 has no due day yet." in page


def test_every_date_that_a_deadline_had_is_kept_with_its_reason(
    client: Browser, session: Session, cast: Cast
) -> None:
    summit = make.deadline(session, date(2025, 2, 10), by=cast.coordinator, key="summit")
    for day, reason in ((date(2025, 4, 1), "Halls are full"), (date(2025, 6, 1), "Rail strike")):
        move(
            session,
            cast.coordinator.actor,
            summit,
            When(starts_on=day, precision=Precision.DAY),
            effective_on=date(2025, 1, day.month),
            reason=reason,
            seen_version=summit.version,
            now=make.NOW,
        )
    client.sign_in(cast.observer)
    on_first = words(client.page("/deadlines/summit?as_of=2025-01-05").main)
    assert "1 April 2025" in on_first
    assert "Rail strike" not in on_first
    later = words(client.page("/deadlines/summit?as_of=2025-01-06").main)
    assert "10 February 2025 First date" in later
    assert "Moved on 4 January 2025: Halls are full" in later
    assert "Moved on 6 January 2025: Rail strike" in later


def test_what_was_moved_elsewhere_is_told_at_the_deadline_it_left(
    client: Browser, session: Session, cast: Cast
) -> None:
    by = cast.coordinator
    summit = make.deadline(session, date(2025, 2, 10), by=by, key="summit")
    later = make.deadline(session, date(2025, 6, 1), by=by, title="Later")
    tool = make.deliverable(session, by=by, due=Due(deadline_id=summit.id), title="The tool")
    reschedule(
        session,
        by.actor,
        tool,
        Due(deadline_id=later.id),
        effective_on=date(2025, 1, 1),
        reason="More work than thought",
        seen_version=tool.version,
        now=make.NOW,
    )
    client.sign_in(cast.observer)
    assert "moved elsewhere" not in words(client.page("/deadlines/summit?as_of=2024-12-31"))
    page = client.page("/deadlines/summit?as_of=2025-01-01")
    assert "1 was moved elsewhere: The tool Later" in words(page.main)
    assert page.select("[data-deliverable]") == []


def test_attention_is_listed_for_who_can_act(client: Browser, session: Session, cast: Cast) -> None:
    by = cast.coordinator
    asked = make.deliverable(session, by=by, title="Asked")
    make.assignment(session, asked, cast.kenya, state=AssignmentState.PROPOSED, by=by)
    make.deliverable(session, by=by, title="Without a lead")
    client.sign_in(cast.liaison)
    everything = client.page("/attention")
    assert len(everything.select("[data-deliverable]")) == 2
    mine = client.page("/attention?who=KE").select("[data-deliverable]")
    assert [row["data-deliverable"] for row in mine] == [asked.key]
    assert "lead_not_accepted" in str(mine[0]["data-flags"])
    assert "It can act on 1 now" in words(client.page("/members/KE"))
    assert client.page("/attention?who=XX").select("[data-deliverable]") == []


def test_dropped_work_is_not_counted_but_still_shown(
    client: Browser, session: Session, cast: Cast
) -> None:
    by = cast.coordinator
    of = make.priority(session, key="agenda")
    dropped = make.deliverable(session, by=by, priority=of)
    make.deliverable(session, by=by, priority=of)
    make.update(session, dropped, Status.DROPPED, by=by, note="Overtaken")
    page = client.sign_in(cast.observer).page("/priorities/agenda")
    assert page.select_one("[data-progress-of]")["data-total"] == "1"
    assert len(page.select("[data-deliverable]")) == 2
    assert "Dropped, not counted" in words(page)


@pytest.mark.parametrize(
    ("marking", "seers"),
    [
        (Marking.GREEN, {"carla", "wanjiru", "graham", "otto", "ada"}),
        (Marking.AMBER, {"carla", "wanjiru", "ada"}),
        (Marking.AMBER_STRICT, {"carla", "wanjiru", "ada"}),
        (Marking.RED, {"carla"}),
    ],
)
def test_nothing_on_a_dashboard_tells_of_what_its_reader_may_not_see(
    client: Browser, session: Session, cast: Cast, marking: Marking, seers: set[str]
) -> None:
    by = cast.coordinator
    of = make.priority(session, key="agenda")
    due = make.deadline(session, by=by, key="convening")
    secret = make.deliverable(
        session,
        by=by,
        priority=of,
        due=Due(deadline_id=due.id),
        title="Quiet talks",
        marking=marking,
    )
    make.assignment(session, secret, cast.kenya, AssignmentRole.LEAD, by=by)
    make.update(session, secret, by=by, note="They began")
    for account in cast.accounts:
        client.sign_in(account)
        sees = account.email.partition("@")[0] in seers
        for path in ("/", "/attention", "/priorities/agenda", "/deadlines/convening"):
            page = client.page(path)
            assert ("Quiet talks" in words(page)) is sees, (account.email, path)
        member = client.page("/members/KE")
        assert ("They began" in words(member)) is sees, account.email
        for path in ("/", "/priorities", "/deadlines", "/members"):
            for shown in client.page(path).select("[data-progress-of]"):
                counted = int(str(shown["data-total"]))
                expected = int(sees and shown["data-progress-of"] != "member:GB")
                assert counted == expected, (account.email, path, shown["data-progress-of"])
