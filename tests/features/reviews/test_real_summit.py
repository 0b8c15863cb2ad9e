"""The real network: a review of the summit as of 20 January 2025, against the two files."""

from datetime import date

import hand_count
import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.plans.actions import import_files
from app.reviews.models import DeadlineReview

DAY = date(2025, 1, 20)
DUE = date(2025, 2, 11)
PAGE = f"/deadlines/summit/review?as_of={DAY}"


@pytest.fixture
def reading(client: Browser, session: Session) -> Browser:
    carla = make.account(session, Role.COORDINATOR, name="Carla")
    import_files(session, carla.actor, hand_count.FILES, make.NOW)
    session.commit()
    return client.sign_in(carla)


def due_there() -> dict[str, dict[str, object]]:
    """From the files, by hand: nothing of the record moved a deliverable."""
    return {
        d["key"]: d
        for d in hand_count.things("deliverables")
        if d.get("deadline") == "summit" and hand_count.exists_on(d, DAY)
    }


def updates(key: str) -> list[dict[str, object]]:
    found = [u for u in hand_count.RECORD["updates"] if u["deliverable"] == key]
    return [u for u in found if u["date"] <= DAY]


def leads(key: str) -> set[str]:
    """By the plan: as of the day the record has changed no lead of these."""
    return {
        a["member"]
        for a in hand_count.PLAN["assignments"]
        if a["deliverable"] == key and a["role"] == "lead"
    }


def cards(page: BeautifulSoup) -> dict[str, BeautifulSoup]:
    return {card["data-deliverable"]: card for card in page.select("article[data-deliverable]")}


def text(card: BeautifulSoup) -> str:
    return " ".join(card.get_text(" ").split())


def test_every_figure_of_the_review_is_what_the_files_say(reading: Browser) -> None:
    page = reading.page(PAGE)
    found, expected = cards(page), due_there()
    assert found.keys() == expected.keys()
    assert set(expected) == {"risk-list", "vocabulary", "exchange", "showcase", "joint-test-2"}
    counts = page.select_one("[data-progress-of]")
    assert counts["data-progress-of"] == "deadline:summit"  # type: ignore[index]
    done = [key for key in expected if any(u["status"] == "delivered" for u in updates(key))]
    assert counts["data-delivered"] == str(len(done)) == "0"  # type: ignore[index]
    assert counts["data-total"] == "5"  # type: ignore[index]
    assert counts["data-overdue"] == "0"  # type: ignore[index]
    for key, card in found.items():
        assert not updates(key)
        assert card["data-status"] == "not_started"
        assert "None was logged." in text(card)
        assert {mark.get_text() for mark in card.select(".mb abbr")} == leads(key)
        # Known from the day of the plan or its own: no update for so many days, one is due after 7.
        since = expected[key].get("from", hand_count.PLANNED_ON)
        assert f"{(DAY - since).days} days ago" in text(card)  # type: ignore[operator]
        assert "stale" in card["data-flags"].split()
        assert "11 February 2025" in text(card)
        room = card.select_one("[data-slack]")
        assert room["data-slack"] == str((DUE - DAY).days) == "22"  # type: ignore[index]
    # In the order of need: nobody leads them and they are close, then the lead has not accepted.
    flags = {key: set(card["data-flags"].split()) for key, card in found.items()}
    assert {key for key in flags if "no_lead" in flags[key]} == {"exchange", "joint-test-2"}
    asked = {"risk-list", "vocabulary", "showcase"}
    assert {key for key in flags if "lead_not_accepted" in flags[key]} == asked


def test_what_the_showcase_waits_for_is_told_with_the_chain(reading: Browser) -> None:
    card = cards(reading.page(PAGE))["showcase"]
    told = text(card)
    # The statement was delivered in November; the research agenda was due then and is not.
    assert "Delivered Statement of goals" in told
    assert "Research agenda for technical and guidance work, presented in public" in told
    assert "21 November 2024" in told
    assert "this, on 20 January 2025 at the earliest" in told
    assert "blocked" in card["data-flags"].split()


def test_a_closed_review_is_printed_with_what_it_saw_and_chose(
    reading: Browser, session: Session
) -> None:
    reading.submit("/deadlines/summit/review", day=DAY.isoformat())
    review = session.scalars(select(DeadlineReview)).one()
    for key, fields in {
        "risk-list": {"choice": "move", "new_deadline": "delhi", "reason": "Nobody has begun"},
        "vocabulary": {"choice": "ask", "reason": "Is there a draft?"},
        "showcase": {"choice": "keep"},
    }.items():
        answer = reading.submit(f"/reviews/{review.id}/choices/{key}", seen="0", **fields)
        assert answer.status_code == 303, answer.text
    session.rollback()
    last = reading.get(f"/reviews/{review.id}/choices?since=0").json["last"]  # type: ignore[index]
    answer = reading.submit(f"/reviews/{review.id}/close", seen=last, effective_on=DAY.isoformat())
    # Delhi was not known in January 2025, so nothing could be moved to it then.
    assert answer.status_code == 422
    assert "List of the specific risks to be tested" in answer.text
    reading.submit(
        f"/reviews/{review.id}/choices/risk-list",
        seen="1",
        choice="move",
        new_deadline="eu-code",
        reason="Nobody has begun",
    )
    last = reading.get(f"/reviews/{review.id}/choices?since=0").json["last"]  # type: ignore[index]
    done = reading.submit(f"/reviews/{review.id}/close", seen=last, effective_on=DAY.isoformat())
    assert done.status_code == 303, done.text
    page = reading.page(f"/reviews/{review.id}")
    assert set(cards(page)) == set(due_there())
    told = text(cards(page)["risk-list"])
    assert "Move to EU codes of practice due (AI Act, Article 56) : Nobody has begun" in told
    assert "Not started" in told
    moved = reading.page(f"/deliverables/risk-list?as_of={DAY}").get_text()
    assert "EU codes of practice due" in moved


def test_the_chain_that_decides_the_code_of_practice(reading: Browser) -> None:
    page = reading.page(f"/deadlines/eu-code/schedule?as_of={DAY}")
    chain = page.select_one("[data-chain]")
    assert chain["data-chain"].split() == ["vocabulary", "eval-consensus", "code-input"]  # type: ignore[index]
    room = page.select_one("[data-slack]")
    assert room["data-slack"] == str((date(2025, 5, 2) - DUE).days) == "80"  # type: ignore[index]


@pytest.mark.parametrize("day", ["2025-01-20", "2025-07-01", "2026-02-01", ""])
def test_the_real_history_is_too_thin_for_a_number_and_the_page_says_so(
    reading: Browser, day: str
) -> None:
    for deadline in ("summit", "eu-code", "delhi"):
        answer = reading.get(f"/deadlines/{deadline}/schedule?as_of={day}")
        if answer.status_code == 404:
            continue
        page = BeautifulSoup(answer.text, "html.parser")
        for row in page.select("[data-verdict]"):
            assert row["data-verdict"] != "chance"
            assert row["data-chance"] in ("", "0.0000", "1.0000")
            if row["data-verdict"] == "thin":
                assert "No number" in row.get_text()


def test_a_deadline_with_a_late_deliverable_cannot_have_all_in_time(reading: Browser) -> None:
    page = reading.page("/deadlines/summit/schedule?as_of=2025-03-01")
    assert page.select_one("[data-together]")["data-together"] == "0"  # type: ignore[index]
