"""A page that did not change is answered at the door of the real server; whatever ends the right
to it, or changes it, is noticed by the very next request, whichever worker it reaches."""

import re
from collections.abc import Iterator
from pathlib import Path

import make
import pytest
import served
from databases import SqliteFile
from faults.hammer import arrange
from served import Site, Visitor
from sqlalchemy import create_engine, text

TIMES = 12


@pytest.fixture
def site(sqlite_file: SqliteFile, tmp_path: Path) -> Iterator[tuple[Site, str, Visitor]]:
    url = sqlite_file.fresh(tmp_path)
    email, _keys = arrange(url)
    with served.site(tmp_path, DATABASE_URL=url) as started:
        visitor = Visitor(started.port)
        visitor.sign_in(email, make.PASSWORD)
        yield started, url, visitor


def statements(visitor: Visitor) -> int:
    told = visitor.get("/metrics")[1]
    found = re.findall(r'tracker_database_statements_total\{route="/"\} (\d+)', told)
    return int(found[0])


def change(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_what_a_browser_has_costs_no_statement_until_somebody_writes(
    site: tuple[Site, str, Visitor],
) -> None:
    started, url, visitor = site
    assert visitor.get("/")[0] == 200
    tag = visitor.headers["ETag"]
    for _ in range(TIMES):  # both workers know it then
        assert visitor.get("/", If_None_Match=tag)[0] == 304
    others = [Visitor(started.port) for _ in range(TIMES)]
    before = statements(visitor)
    for other in others:
        other.cookies = visitor.cookies
        assert other.get("/", If_None_Match=tag)[0] == 304
        assert other.headers["Content-Security-Policy"]
    # A new ten seconds may have begun meanwhile: then each worker asked once more.
    assert statements(visitor) - before <= 2 * 5

    change(url, "UPDATE signed_in_sessions SET ended_at = last_seen_at")
    for other in others:
        assert other.get("/", If_None_Match=tag)[0] in {302, 303}
