"""The real network as of four days: names, offices, members and candidates as they were."""

from collections import Counter
from datetime import date

import make
import pytest
from browser import Browser
from hand_count import FILES
from sqlalchemy.orm import Session
from who_by_hand import (
    bodies_on,
    in_office_on,
    institute_on,
    levels_on,
    members_on,
    network_on,
    standings_on,
)

from app.core.permissions import Role
from app.plans.actions import import_files

DAYS = ["2024-05-21", "2024-11-21", "2025-06-15", "2026-11-24"]


@pytest.fixture
def reading(client: Browser, session: Session) -> Browser:
    carla = make.account(session, Role.COORDINATOR, name="Carla")
    import_files(session, carla.actor, FILES, make.NOW)
    session.commit()
    return client.sign_in(carla)


def test_who_was_what_on_four_days(reading: Browser) -> None:
    """One import for all of them: it is what costs."""
    for text in DAYS:
        day = date.fromisoformat(text)
        _offices(reading, day)
        _names(reading, day)
        _standings(reading, day)
        _bodies(reading, day)
        _members(reading, day)


def _offices(reading: Browser, day: date) -> None:
    page = reading.page(f"/leadership?as_of={day}")
    rows = page.select("[data-term]")
    assert {(str(r["data-member"]), str(r["data-term"])) for r in rows} == in_office_on(day)
    assert all("end not recorded" in row.text for row in rows)
    holding = {str(item["data-holds"]) for item in page.select("[data-holds]")}
    assert holding == {code for code, _title in in_office_on(day)}


def _names(reading: Browser, day: date) -> None:
    page = reading.page(f"/names?as_of={day}")
    called = [str(row["data-network-name"]) for row in page.select("[data-network-name]")]
    assert called[-1] == network_on(day)
    assert reading.page(f"/?as_of={day}").h1.text == network_on(day)
    rows = page.select("[data-institute-of][data-current]")
    told = {str(row["data-institute-of"]): str(row["data-called"]) for row in rows}
    codes = [m["code"] for m in members_on(day)]
    assert told == {code: institute_on(code, day)["name"] for code in codes}


def _standings(reading: Browser, day: date) -> None:
    page = reading.page(f"/membership?as_of={day}")
    rows = page.select("[data-member]")
    shown = {str(row["data-member"]): str(row["data-standing"]) for row in rows}
    assert shown == standings_on(day)
    assert len(rows) == len(shown)
    counts = {str(c["data-count-of"]): int(c["data-count"]) for c in page.select("[data-count-of]")}
    assert counts == Counter(standings_on(day).values())
    candidates = {str(row["data-candidate"]) for row in page.select("[data-candidate]")}
    assert candidates == {c for c, s in shown.items() if s not in ("member", "former")}


def _bodies(reading: Browser, day: date) -> None:
    page = reading.page(f"/bodies?as_of={day}")
    rows = page.select("[data-body]")
    assert {str(r["data-body"]): int(r["data-engagements"]) for r in rows} == bodies_on(day)
    alike = {(str(r["data-overlap"]), str(r["data-of"])) for r in page.select("[data-overlap]")}
    assert alike == ({("iso", "standards")} if bodies_on(day) else set())


def _members(reading: Browser, day: date) -> None:
    for code, standing in standings_on(day).items():
        page = reading.page(f"/members/{code}?as_of={day}")
        assert [str(s["data-standing"]) for s in page.select("[data-standing]")] == [standing]
        for fact, text in institute_on(code, day).items():
            shown = page.select_one(f"[data-fact={fact}]")
            missing = "None named" if fact == "name" else "Not public"
            assert shown.text.startswith(text or missing), (code, fact, day)
        rows = page.select("[data-function]")
        levels = {str(row["data-function"]): str(row["data-level"]) for row in rows}
        assert levels == levels_on(code, day), (code, day)
    gone = {"KE", "DE", "IT", "US"} - set(standings_on(day))
    for code in gone:
        reading.page(f"/members/{code}?as_of={day}", 404)
