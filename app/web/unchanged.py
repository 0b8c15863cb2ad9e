"""What a browser has is answered at the door, while nothing at all was written to the database.

The application says by an ETag that a page is as it was: after it has asked who reads, what they
may see and how far the data has come. Asked just so again a moment later, in a database into
which nobody has written meanwhile, it would say the same. SQLite tells that by a number that is
read in microseconds. A session that was ended, a role that was taken, a line in the trail are all
written: after each the application is asked again. Elsewhere than on SQLite it is always asked.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import request

from app.core import clock
from app.web import logs

SAME = "tracker.same"
"""In the environment of a request: what the log tells of an answer that depends on nothing but the
request, the database and the clock."""
TELLS_REQUESTS_APART = frozenset({"HTTP_X_REQUEST_ID"})
SECONDS = 10
"""So long a session may outlive its time, and no page its day: they end where these begin anew."""
MOST = 5000

Headers = list[tuple[str, str]]
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    stamp: Stamp
    headers: Headers
    told: logs.Told


def stays_the_same() -> None:
    """Says of the request at hand that a 304 to it may be given again. For views."""
    request.environ[SAME] = True


class Database:
    """Whether anything was written, whoever wrote it."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path.resolve(), Lock()
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)

    def stamp(self) -> Stamp | None:
        """Another one after each commit of anybody else; None where that cannot be told."""
        with self._lock, suppress(OSError, sqlite3.Error):
            found = self._path.stat()
            if self._connection is None or self._file != (found.st_dev, found.st_ino):
                self._open((found.st_dev, found.st_ino))
            assert self._connection is not None  # noqa: S101 - just opened
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            return (*self._file, version)
        return None

    def _open(self, file: tuple[int, int]) -> None:
        if self._connection is not None:
            self._connection.close()
        address = f"{self._path.as_uri()}?mode=ro"
        self._connection = sqlite3.connect(
            address, uri=True, check_same_thread=False, isolation_level=None
        )
        self._file = file


class Door:
    """Stands before the application in each worker."""

    def __init__(
        self,
        inner: WSGIApplication,
        database: Database,
        seconds: Callable[[], float] = lambda: clock.now().timestamp(),
    ) -> None:
        self._inner, self._database, self._seconds = inner, database, seconds
        self._known: dict[Any, Verdict] = {}
        self._slot = 0

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" not in environ:
            return self._inner(environ, start)
        begun, slot, stamp = perf_counter(), int(self._seconds() // SECONDS), self._database.stamp()
        if slot != self._slot or len(self._known) >= MOST:
            self._slot = slot
            self._known.clear()
        asked = _asked(environ)
        known = self._known.get(asked)
        if known is not None and known.stamp == stamp:
            given = logs.tell_again(known.told, environ, perf_counter() - begun)
            start("304 NOT MODIFIED", [*known.headers, (logs.HEADER, given)])
            return ()
        return self._ask(environ, start, asked, slot, stamp)

    def _ask(
        self,
        environ: WSGIEnvironment,
        start: StartResponse,
        asked: Any,
        slot: int,
        stamp: Stamp | None,
    ) -> Iterable[bytes]:
        def keep(status: str, headers: Headers, *error: Any) -> Any:
            names = {name.lower() for name, _ in headers}
            is_same = status.startswith("304") and SAME in environ and "set-cookie" not in names
            if is_same and stamp is not None and slot == self._slot:
                kept = [each for each in headers if each[0] != logs.HEADER]
                self._known[asked] = Verdict(stamp, kept, environ[logs.TOLD])
            return start(status, headers, *error)

        return self._inner(environ, keep)


def _asked(environ: WSGIEnvironment) -> Any:
    """All of a request that an answer can depend on."""
    headers = sorted(
        (name, value)
        for name, value in environ.items()
        if name.startswith("HTTP_") and name not in TELLS_REQUESTS_APART
    )
    place = ("wsgi.url_scheme", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "PATH_INFO")
    rest = (environ.get(name, "") for name in (*place, "QUERY_STRING", "REMOTE_ADDR"))
    return (*rest, *headers)


def stand_before(app: Any) -> None:
    """For the server, in each worker that it has started. An application in whose transactions a
    test writes must not be given one."""
    url = app.extensions["database"].engine.url
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        app.wsgi_app = Door(app.wsgi_app, Database(Path(url.database)))
