"""Every table of a page sorts and downloads, and every plot is a file on request."""

from pathlib import Path

import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup, Tag
from databases import SqliteFile
from hand_count import FILES
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.plans.actions import import_files
from app.web.access import mark_of
from app.web.database import Tracker

OF_ONE_THING = (
    "/deadlines/summit",
    "/deadlines/summit/schedule",
    "/priorities/evaluation",
    "/tracks/goals",
    "/members/GB",
    "/functions/testing",
    "/bodies/iso",
    "/meetings/geneva",
    "/cadence/plenary/occurrences",
    "/contributions?weights=1",
    "/timeline?zoom=all",
)
# A table that does not sort, or is no file, stands here by its caption, with its reason.
NOT_SORTED = {
    "Functions by members": "a matrix: functions stand in the order of the network",
    "Members by deliverables": "a matrix: deliverables stand under their priority",
}
NO_FILE = {
    "Entries of the trail": "too long to be read at once: narrowed and taken as CSV by its form",
    "Tables and their columns": "says how files are made up, and offers each of them",
}
PAPERS = ("/api/", "/healthz", "/metrics", "/readyz", "/audit.csv")


def pages(app: Tracker) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    plain = {
        rule.rule
        for rule in rules
        if not rule.arguments
        and not rule.rule.startswith(PAPERS)
        and mark_of(app.view_functions[rule.endpoint]) is not None
    }
    return [*sorted(plain), *OF_ONE_THING]


def faults(page: BeautifulSoup, path: str) -> list[tuple[str, str, str]]:
    found = []
    for table in page.select("main table"):
        caption = table.caption.get_text(strip=True) if table.caption else ""
        if table.find_parent("figure") or caption in NO_FILE:
            continue
        panel = table.find_parent(class_="panel-b") or page
        if not isinstance(panel, Tag) or not panel.select_one(".files a[href*='download=']"):
            found.append((path, caption, "no file"))
        if caption not in NOT_SORTED and not table.select_one("th a.sort"):
            found.append((path, caption, "does not sort"))
    for plot in page.select("main figure.plot"):
        kinds = [kind for kind in ("svg", "png") if plot.select(f"a[href*='.{kind}']")]
        if kinds != ["svg", "png"]:
            found.append((path, "a plot", f"only as {kinds}"))
    return found


@pytest.fixture
def database_url(sqlite_file: SqliteFile, tmp_path: Path) -> str:
    """What a page offers differs in nothing on PostgreSQL."""
    return sqlite_file.fresh(tmp_path)


@pytest.fixture
def reading(client: Browser, session: Session) -> Browser:
    ada = make.account(session, Role.ADMINISTRATOR, name="Ada")
    import_files(session, make.account(session, Role.COORDINATOR).actor, FILES, make.NOW)
    return client.sign_in(ada)


def refused(reading: Browser, page: BeautifulSoup) -> list[str]:
    """The files offered on the page that are not given."""
    links = [str(link["href"]) for link in page.select(".files a[href*='download='][href$='.csv']")]
    return [link for link in links if reading.get(link).mimetype != "text/csv"]


def test_every_table_sorts_and_is_a_file_and_every_plot_is_a_picture(
    app: Tracker, reading: Browser
) -> None:
    wrong: list[object] = []
    tables = 0
    for path in pages(app):
        answer = reading.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = BeautifulSoup(answer.text, "html.parser")
        tables += len(page.select("main table.sortable"))
        wrong += [*faults(page, path), *refused(reading, page)]
    assert wrong == []
    assert tables > 25
