"""When people work at the seat of a member: who says so, and that a time is found by it."""

from datetime import datetime, time

import make
import pytest
from browser import Browser
from cast import Cast
from program import Program
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.members.models import Member
from app.members.rules.hours import WorkingWeek

HOURS = "/members/KE/hours"
SAID = {"works_from": "07:30", "works_until": "15:30", "weekend": ["4", "5"]}


def test_a_liaison_gives_its_member_hours_and_a_weekend_of_its_own(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.liaison)
    assert "09:00 to 17:00" in client.page("/members/KE").select_one("[data-hours]").text
    assert client.fill(HOURS, **SAID).status_code == 303
    shown = client.page("/members/KE").select_one("[data-hours]").text
    assert "07:30 to 15:30" in shown
    assert "Friday, Saturday" in shown
    member = session.scalars(select(Member).where(Member.code == "KE")).one()
    session.refresh(member)
    assert member.week == WorkingWeek(time(7, 30), time(15, 30), frozenset({4, 5}))
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "member.hours")).one()
    assert entry.changes["works_from"] == ["09:00:00", "07:30:00"]
    assert entry.changes["weekend"] == ["56", "45"]
    told = Program(client, session, cast.liaison).read("/members/KE")
    assert (told["works_from"], told["works_until"], told["weekend"]) == ("07:30", "15:30", [4, 5])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"works_until": "07:30"}, "ends after it begins"),
        ({"works_from": "9"}, "as 09:00"),
        ({"works_from": ""}, "Say when work begins"),
        ({"works_until": "25:00"}, "as 09:00"),
        ({"weekend": [str(day) for day in range(7)]}, "at least one day"),
        ({"weekend": ["7"]}, "valid"),
    ],
)
def test_hours_that_are_none_are_refused(
    client: Browser, cast: Cast, wrong: dict[str, str], says: str
) -> None:
    client.sign_in(cast.coordinator)
    answer = client.fill(HOURS, **{**SAID, **wrong})
    assert answer.status_code == 422
    assert says in answer.text


def test_only_its_own_liaison_and_coordinators_set_them(client: Browser, cast: Cast) -> None:
    may = {cast.coordinator: 303, cast.liaison: 303}
    for account in cast.accounts:
        client.sign_in(account)
        version = {cast.coordinator: "1", cast.liaison: "2"}.get(account, "1")
        sent = {**SAID, "seen": version}
        if account is cast.liaison:
            sent["works_from"] = "08:00"
        assert client.submit(HOURS, **sent).status_code == may.get(account, 403), account.email


def test_of_two_who_set_them_at_once_the_second_is_told(client: Browser, cast: Cast) -> None:
    client.sign_in(cast.coordinator)
    assert client.submit(HOURS, **SAID, seen="1").status_code == 303
    late = client.submit(HOURS, **{**SAID, "works_from": "10:00"}, seen="1")
    assert late.status_code == 409
    assert "Somebody changed this meanwhile" in late.text


def test_a_time_is_looked_for_by_the_hours_of_each_seat(
    client: Browser, session: Session, cast: Cast, now: datetime
) -> None:
    """On a Friday that is a weekend in Kenya, and before the day begins elsewhere."""
    client.sign_in(cast.coordinator)
    meeting = make.meeting(session, now.date(), key="call", status="planned")
    session.commit()
    window = "/meetings/call/times?first=2026-12-04&last=2026-12-04"
    assert "weekend" not in client.page(window).select_one("[data-candidate]").text
    client.fill(HOURS, **SAID)
    rows = client.page(window).select("[data-candidate]")[0].select("tr[data-burden]")
    kenya = next(row for row in rows if "KE" in row.text)
    assert "weekend" in kenya.text
    assert meeting.key == "call"
