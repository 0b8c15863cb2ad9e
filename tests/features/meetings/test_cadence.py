"""The page of the cadences, on the real data and on made-up ones."""

from datetime import date, timedelta
from itertools import pairwise

import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from dateutil.relativedelta import relativedelta
from hand_count import FILES, PLAN, RECORD
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.clock import as_of
from app.core.permissions import Role
from app.extensions import db
from app.meetings.models import MeetingStatus
from app.meetings.queries.cadences import cadence_panel
from app.plans.actions import import_files


@pytest.fixture
def real(client: Browser, session: Session) -> Browser:
    carla = make.account(session, Role.COORDINATOR, name="Carla")
    import_files(session, carla.actor, FILES, make.NOW)
    return client.sign_in(carla)


def strip(page: BeautifulSoup) -> list[tuple[str, str]]:
    return [
        (str(slot["data-expected"]), str(slot["data-adherence"]))
        for slot in page.select("[data-expected]")
    ]


def words(page: BeautifulSoup) -> list[str]:
    return [" ".join(slot.get_text(" ").split()) for slot in page.select("[data-expected]")]


def test_the_plenary_is_told_as_of_late_november_2026(real: Browser) -> None:
    page = real.page("/cadence?as_of=2026-11-24")
    assert strip(page) == [
        ("2024-11-20", "met"),
        ("2025-05-20", "none_recorded"),
        ("2025-11-20", "met"),
        ("2026-05-20", "none_recorded"),
        ("2026-11-20", "due"),
        ("2027-05-20", "ahead"),
    ]
    told = words(page)
    assert told[0] == "November 2024 Met 20 November 2024, San Francisco"
    assert told[2] == "November 2025 Met, 11 to 41 days late December 2025, San Diego"
    assert told[4] == "November 2026 Due"
    assert "Every 6 months, on day 20 of the month" in page.get_text()


def by_hand(day: date) -> list[tuple[str, str]]:
    """The strip counted over the files: a quarter of the interval to either side counts."""
    series = PLAN["meeting_series"][0]
    starts = [series["starts_on"] + relativedelta(months=6 * n) for n in range(20)]
    held = [m["starts_on"] for m in RECORD["meetings"] if m["starts_on"] <= day]
    expected = []
    for start, following in pairwise(starts):
        around = timedelta(days=(following - start).days // 4)
        if any(start - around <= meeting <= start + around for meeting in held):
            state = "met"
        elif day > start + around:
            state = "none_recorded"
        else:
            state = "due" if day >= start - around else "ahead"
        expected.append((start.isoformat(), state))
        if start > day:
            break
    return expected


def test_it_agrees_with_a_count_by_hand_on_any_day(real: Browser) -> None:
    days = [date(2024, 11, 1) + timedelta(days=47 * n) for n in range(20)]
    assert {day: strip(real.page(f"/cadence?as_of={day}")) for day in days} == {
        day: by_hand(day) for day in days
    }


def test_a_meeting_does_not_count_before_it_was_held(real: Browser) -> None:
    assert strip(real.page("/cadence?as_of=2025-11-30"))[2] == ("2025-11-20", "due")
    assert strip(real.page("/cadence?as_of=2025-12-01"))[2] == ("2025-11-20", "met")


def test_before_the_plan_there_is_no_cadence(real: Browser) -> None:
    page = real.page("/cadence?as_of=2024-01-01")
    assert strip(page) == []
    assert "No cadence was agreed by this day." in page.get_text()


def test_each_year_tells_what_was_expected_met_and_held(real: Browser) -> None:
    page = real.page("/cadence?as_of=2026-11-24")
    table = page.find("caption", string="Expected and held, by year").find_parent("table")
    rows = [
        [cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")
    ]
    assert rows == [["2026", "2", "0", "0"], ["2025", "2", "1", "1"], ["2024", "1", "1", "1"]]


def test_a_meeting_known_to_the_month_is_never_shown_with_a_day(real: Browser) -> None:
    text = real.page("/cadence").select_one("main").get_text(" ")
    assert "December 2025" in text
    assert "1 December 2025" not in text


def test_the_gap_counts_from_the_end_of_the_last_meeting(session: Session, cast: Cast) -> None:
    series = make.series(session)
    make.meeting(session, date(2026, 11, 2), ends_on=date(2026, 11, 4), series_id=series.id)
    shown = cadence_panel(session, cast.observer.actor, as_of(date(2026, 11, 10), make.NOW))
    assert [view.gap for view in shown] == [(6, 6)]


def test_a_planned_meeting_is_the_next_and_a_cancelled_one_is_not(
    session: Session, cast: Cast
) -> None:
    series = make.series(session)
    known = {"series_id": series.id, "exists_from": date(2026, 10, 1)}
    make.meeting(session, date(2026, 12, 1), status=MeetingStatus.PLANNED, key="next", **known)
    make.meeting(
        session,
        date(2026, 11, 25),
        status=MeetingStatus.CANCELLED,
        cancelled_on=date(2026, 11, 20),
        cancelled_reason="No room",
        key="off",
        **known,
    )
    (today,) = cadence_panel(session, cast.observer.actor, as_of(None, make.NOW))
    (earlier,) = cadence_panel(session, cast.observer.actor, as_of(date(2026, 11, 1), make.NOW))
    assert today.next_planned is not None
    assert today.next_planned.key == "next"
    assert earlier.next_planned is not None
    assert earlier.next_planned.key == "off"


def test_the_number_of_queries_does_not_grow_with_series_and_meetings(
    session: Session, cast: Cast
) -> None:
    def asked(n: int) -> int:
        for _ in range(n):
            series = make.series(session)
            for month in range(1, 10):
                make.meeting(session, date(2025, month, 1), series_id=series.id)
        session.commit()
        statements: list[str] = []
        listener = lambda *args: statements.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        cadence_panel(session, cast.observer.actor, as_of(None, make.NOW))
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(statements)

    assert asked(1) == asked(12) > 0


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("FREQ=MONTHLY;INTERVAL=6;BYDAY=3WE", "Every 6 months, on the third Wednesday"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=MO;BYSETPOS=1", "Every 3 months, on the first Monday"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "Every week, on Tuesday and Thursday"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "Every month, on the last day of the month"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=10", "Every year, on day 10 of the month of February"),
        ("FREQ=DAILY;INTERVAL=14", "Every 14 days"),
        ("FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYWEEKNO=20"),
    ],
)
def test_a_rule_is_told_in_words(
    session: Session, client: Browser, cast: Cast, rule: str, says: str
) -> None:
    make.series(session, recurrence=rule)
    page = client.sign_in(cast.observer).page("/cadence")
    assert says in page.select_one(".lead").get_text()
