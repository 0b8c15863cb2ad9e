"""Tables that a page shows whole sort, narrow and download as they stand on it."""

import csv
from io import BytesIO, StringIO

import pytest
from browser import Browser
from bs4 import BeautifulSoup
from cast import Cast
from make import NOW
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.agendas.models import Action
from app.core.markings import Marking

TODAY = NOW.date()


@pytest.fixture
def actions(session: Session, cast: Cast) -> None:
    for task, day, marking in (
        ("Send part 10", 9, Marking.CLEAR),
        ("Send part 2", 28, Marking.GREEN),
        ("Meet in secret", 5, Marking.RED),
    ):
        session.add(
            Action(
                member_id=cast.kenya.id,
                task=task,
                due_on=TODAY.replace(day=day),
                created_by_id=cast.coordinator.id,
                exists_from=TODAY,
                marking=marking,
            )
        )


def tasks(page: BeautifulSoup) -> list[str]:
    return [row.select("td")[0].text for row in page.select("tr[data-action]")]


def test_a_column_sorts_by_words_figures_and_days_not_letters(
    client: Browser, cast: Cast, actions: None
) -> None:
    browser = client.sign_in(cast.coordinator)
    rising = tasks(browser.page("/actions?actions-sort=1"))
    assert rising == ["Send part 2", "Send part 10 TLP:CLEAR"]
    assert "Send part 2" in tasks(browser.page("/actions?actions-sort=-2"))[0]
    head = browser.page("/actions?actions-sort=-2").select_one("th[aria-sort]")
    assert head is not None
    assert head["aria-sort"] == "descending"


def test_a_file_holds_days_as_days_and_nothing_that_may_not_leave_the_screen(
    client: Browser, cast: Cast, actions: None
) -> None:
    browser = client.sign_in(cast.coordinator)
    text = browser.get("/actions?download=actions.csv").text
    found = list(csv.DictReader(StringIO(text)))
    assert len(found) == 2
    assert {row["By when"] for row in found} == {
        TODAY.replace(day=9).isoformat(),
        TODAY.replace(day=28).isoformat(),
    }
    assert {row["TLP"] for row in found} == {"TLP:GREEN"}
    book = load_workbook(BytesIO(browser.get("/actions?download=actions.xlsx").data))
    headings = [cell.value for cell in book.worksheets[0][1]]
    assert headings[:3] == ["Member", "What is to be done", "By when"]
    assert browser.get("/actions?download=actions.exe").status_code == 404


def test_a_file_is_narrowed_as_the_page_is(client: Browser, cast: Cast, actions: None) -> None:
    browser = client.sign_in(cast.coordinator)
    text = browser.get("/actions?actions-find=part+2&download=actions.csv").text
    assert len(list(csv.DictReader(StringIO(text)))) == 1
