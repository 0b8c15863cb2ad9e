"""The session of a request or a command.

A page reads in a transaction that cannot write; an action writes in one that takes the write
lock when it begins and is committed once, by the edge, before the answer goes out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core.db import ReadOnlySession, make_engine, reading, writing
from app.web import logs

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Database:
    """Holds the engine of one application; `session` is the one of the request at hand."""

    engine: Engine

    def init_app(self, app: Flask, url: str) -> None:
        self.engine = make_engine(url)
        event.listen(self.engine, "before_cursor_execute", _count)
        app.extensions["database"] = self
        app.teardown_appcontext(self._close)

    @property
    def session(self) -> Session:
        if "session" not in g:
            g.session = self._open()
        session: Session = g.session
        return session

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """A session of its own that only reads, for what must not hold the write lock."""
        with ReadOnlySession(reading(self.engine)) as session:
            yield session

    @contextmanager
    def aside(self) -> Iterator[Session]:
        """A short transaction of its own, committed at its end whatever the request does."""
        with Session(writing(self.engine), info=_origin()) as session, session.begin():
            yield session

    @contextmanager
    def beforehand(self) -> Iterator[Session]:
        """The same, for what must be kept before an action is tried at all: what the request read
        so far is let go, for it may hold the lock."""
        self.discard()
        with self.aside() as session:
            yield session

    def discard(self) -> None:
        """Throw away what the request read and wrote: nothing of it is kept."""
        self._close(None)

    def _open(self) -> Session:
        if has_request_context():
            if request.method in SAFE_METHODS:
                return ReadOnlySession(reading(self.engine))
            _take_in()
        return Session(writing(self.engine), info=_origin())

    def _close(self, _error: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is None:
            return
        try:
            session.close()
        except SQLAlchemyError:
            # The connection was cut meanwhile. What is thrown away here needs no rollback, and the
            # answer, which is ready, stays what it is.
            session.invalidate()


def _take_in() -> None:
    """Have all that is sent with the request before the lock to write is taken: else whoever sends
    slowly, or stops in the middle, would keep everybody else from writing. What is larger than a
    form may be is left to whoever reads it, and refuses it."""
    largest = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if "is_taken_in" not in g and (request.content_length or 0) <= largest:
        g.is_taken_in = True  # once, also where it breaks off
        request.get_data(cache=True, parse_form_data=True)


def _count(*_given: object) -> None:
    """How many statements the request at hand took, for the log and the figures."""
    if has_request_context():
        g.statements = g.get("statements", 0) + 1


def _origin() -> dict[str, str]:
    """From where the request came, for the trail."""
    return {"address": request.remote_addr or ""} if has_request_context() else {}


class Tracker(Flask):
    """Commits what an action wrote before its answer goes out, and nowhere else.

    An answer that is an error keeps nothing of what was written on the way to it.
    """

    def dispatch_request(self) -> Response:
        answer = self.make_response(super().dispatch_request())
        if request.method not in SAFE_METHODS and "session" in g:
            g.is_saving = True  # if the connection breaks now, nobody knows what became of it
            g.session.commit() if answer.status_code < 400 else g.session.rollback()
            g.is_saving = False
        return answer

    def log_exception(self, exc_info: Any) -> None:
        # Flask would write the address, which can hold a token.
        self.logger.error("nobody expected this in %s", logs.route() or "-", exc_info=exc_info)
