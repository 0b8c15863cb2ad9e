"""Tables and plots as files."""

import csv
from io import BytesIO, StringIO
from xml.etree import ElementTree

import make
import pytest
from browser import Browser
from cast import Cast
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.models import AssignmentRole, AssignmentState

SVG = "{http://www.w3.org/2000/svg}"
PLOTS = (
    "/priorities/agenda?picture=history",
    "/functions?picture=ranking",
    "/timeline?picture=timeline",
)


@pytest.fixture
def work(session: Session, cast: Cast) -> None:
    """Something of every marking, one with a title that a spreadsheet would compute."""
    agenda = make.priority(session, key="agenda")
    make.function(session)
    for marking in Marking:
        made = make.deliverable(
            session,
            by=cast.coordinator,
            priority=agenda,
            title=f"=1+1 is {marking}",
            marking=marking,
        )
        make.assignment(
            session,
            made,
            cast.kenya,
            AssignmentRole.LEAD,
            AssignmentState.PROPOSED,
            by=cast.coordinator,
        )


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_a_table_as_csv_holds_what_may_leave_the_screen_and_says_how_it_is_marked(
    client: Browser, cast: Cast, work: None
) -> None:
    for account, highest in (
        (cast.coordinator, "TLP:AMBER+STRICT"),
        (cast.liaison, "TLP:AMBER+STRICT"),
        (cast.observer, "TLP:GREEN"),
    ):
        answer = client.sign_in(account).get("/matrix?download=matrix.csv")
        found = rows(answer.text)
        assert {row["TLP"] for row in found} == {highest}
        assert highest.replace(":", "-") in answer.headers["Content-Disposition"]
        assert not any("RED" in row["Deliverable"] for row in found)
        seen = {"CLEAR", "GREEN"} if account is cast.observer else set(Marking) - {Marking.RED}
        assert len(found) == len(seen)


def test_nothing_in_a_file_is_a_formula(client: Browser, cast: Cast, work: None) -> None:
    client.sign_in(cast.coordinator)
    for row in rows(client.get("/matrix?download=matrix.csv").text):
        assert row["Deliverable"].startswith("'=1+1")
    book = load_workbook(BytesIO(client.get("/matrix?download=matrix.xlsx").data))
    sheet = book.active
    titles = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.column == 3]
    assert all(cell.data_type == "s" and cell.value.startswith("=1+1") for cell in titles)
    assert "TLP:AMBER+STRICT" in sheet.oddHeader.right.text
    assert "TLP:AMBER+STRICT" in sheet.oddFooter.left.text


def test_the_byte_order_mark_is_there_for_whoever_asks(
    client: Browser, cast: Cast, work: None
) -> None:
    client.sign_in(cast.observer)
    plain = client.get("/members?download=members.csv").data
    marked = client.get("/members?download=members.bom.csv").data
    assert marked == b"\xef\xbb\xbf" + plain


def test_a_file_is_sorted_and_narrowed_like_the_page(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.observer)
    for code, name in (("SG", "Singapore"), ("US", "United States"), ("FR", "France")):
        make.member(session, code, name=name)
    for query, expected in {
        "sort=name": ["France", "Kenya", "Singapore", "United Kingdom", "United States"],
        "sort=-name": ["United States", "United Kingdom", "Singapore", "Kenya", "France"],
        "find=UNITED&sort=name": ["United Kingdom", "United States"],
    }.items():
        found = rows(client.get(f"/members?{query}&download=members.csv").text)
        assert [row["Member"] for row in found] == expected
        page = client.page(f"/members?{query}")
        shown = [cell.get_text() for cell in page.select("tbody th a span")]
        assert shown == expected
    sorted_head = client.page("/members?sort=-name").select_one("th[aria-sort]")
    assert sorted_head["aria-sort"] == "descending"


@pytest.mark.parametrize("path", PLOTS)
def test_a_plot_is_an_svg_and_a_png_of_its_own(
    client: Browser, cast: Cast, work: None, path: str
) -> None:
    client.sign_in(cast.coordinator)
    drawn = ElementTree.fromstring(client.get(f"{path}.svg").data)  # noqa: S314 - we drew it
    assert drawn.tag == f"{SVG}svg"
    assert drawn.find(f".//{SVG}title").text
    style = drawn.find(f"{SVG}style").text
    assert "var(" not in style
    assert "light-dark(" not in style
    picture = client.get(f"{path}.png")
    assert picture.mimetype == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    assert len(picture.data) > 2000


def test_a_plot_as_a_file_tells_nothing_that_is_red(
    client: Browser, cast: Cast, work: None
) -> None:
    client.sign_in(cast.coordinator)
    assert "RED" in client.get("/timeline").text
    assert "is RED" not in client.get("/timeline?picture=timeline.svg").text


@pytest.mark.parametrize(
    "query", ["download=nothing.csv", "download=members.exe", "picture=none.svg", "picture=x"]
)
def test_a_file_that_is_none_is_not_found(client: Browser, cast: Cast, query: str) -> None:
    client.sign_in(cast.observer)
    assert client.get(f"/members/KE?{query}").status_code == 404
