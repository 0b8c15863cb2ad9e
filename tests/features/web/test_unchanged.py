"""The door before the application gives a 304 again only while nothing was written, to the same
request, within seconds."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from app.web import logs
from app.web.unchanged import SAME, SECONDS, Database, Door

ASKED = {"If-None-Match": '"one"', "Cookie": "session=a"}


class Site:
    """An application that counts how often it is asked, behind the door, with a clock to set."""

    def __init__(self, path: Path) -> None:
        self.path, self.asked, self.at = path, 0, 1_000_000.0
        self.status, self.more = "304 NOT MODIFIED", {SAME: True}
        self.headers = [("ETag", '"one"'), (logs.HEADER, "first-number")]
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS lines (told TEXT)")
        self.client = Client(Door(self.answer, Database(path), lambda: self.at), use_cookies=False)

    def answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked += 1
        told = logs.Told("GET", "/a/page", 304, 1)
        environ.update({logs.TOLD: told, **self.more})
        start(self.status, self.headers)
        return ()

    def reaches(self, path: str = "/a/page", **headers: str) -> bool:
        """Whether the application is asked, once more."""
        before = self.asked
        answer = self.client.get(path, headers={**ASKED, **headers})
        assert answer.status == self.status
        assert answer.headers["ETag"] == '"one"'
        assert len(answer.headers.getlist(logs.HEADER)) == 1
        return self.asked > before

    def write(self) -> None:
        connection = sqlite3.connect(self.path)
        with connection:
            connection.execute("INSERT INTO lines VALUES ('A line')")
        connection.close()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path / "network.sqlite3")
    assert made.reaches()
    assert not made.reaches()
    return made


def test_the_application_is_asked_again_after_each_commit_of_anybody(site: Site) -> None:
    for _ in range(3):
        site.write()
        assert site.reaches()
        assert not site.reaches()


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=b"},
        {"If-None-Match": '"two"'},
        {"Accept-Language": "fr"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"Host": "elsewhere.example.org"},
    ],
)
def test_another_request_is_another_question(site: Site, headers: dict[str, str]) -> None:
    assert site.reaches(**headers)
    assert site.reaches("/a/page?as_of=2025-01-20")
    assert site.reaches("/another")
    assert not site.reaches()


def test_the_number_of_a_request_is_its_own(site: Site) -> None:
    given = site.client.get("/a/page", headers={**ASKED, logs.HEADER: "number-of-mine"})
    assert given.headers[logs.HEADER] == "number-of-mine"
    assert site.asked == 1
    assert site.client.get("/a/page", headers=ASKED).headers[logs.HEADER] != "first-number"


def test_what_the_clock_ends_is_asked_anew_within_seconds(site: Site) -> None:
    site.at += SECONDS
    assert site.reaches()
    site.at -= 3600
    assert site.reaches()


def test_a_file_that_takes_the_place_of_the_database_is_asked_for(site: Site) -> None:
    other = Site(site.path.with_name("other.sqlite3"))
    other.path.replace(site.path)
    assert site.reaches()


def test_without_a_database_the_application_is_always_asked(site: Site) -> None:
    site.path.unlink()
    assert site.reaches()
    assert site.reaches()


@pytest.mark.parametrize("kind", ["another status", "a cookie", "nobody says that it is the same"])
def test_only_what_depends_on_nothing_else_is_kept(site: Site, kind: str) -> None:
    site.write()
    if kind == "another status":
        site.status = "200 OK"
    elif kind == "a cookie":
        site.headers.append(("Set-Cookie", "seen=1"))
    else:
        site.more = {}
    assert site.reaches()
    assert site.reaches()
