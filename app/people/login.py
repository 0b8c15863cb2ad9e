"""The one module that speaks with Flask-Login.

The "user id" that Flask-Login keeps in the cookie is the random id of a session, never the
number of an account.
"""

from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, Response, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db, login
from app.people import actions, sessions
from app.people.rules import Lifetime
from app.people.sessions import SignedIn
from app.web.day import now

LIFETIME = Lifetime()


class Reader(UserMixin):
    """Whoever is signed in, with the id of the session."""

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self.token = token
        self.signed_in = signed_in

    def __getattr__(self, name: str) -> Any:
        return getattr(self.signed_in, name)

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    login.init_app(app)
    login.session_protection = None  # sessions are rows that can be ended; addresses change
    login.user_loader(_load)
    app.after_request(_note_seen)


def begin(account_id: int) -> None:
    """Sign the account in under a new id; what the cookie held before is gone."""
    token = sessions.new_token()
    address, agent = request.remote_addr or "", request.user_agent.string
    actions.sign_in(db.session, account_id, sessions.token_hash(token), address, agent, now())
    session.clear()
    login_user(_load(token))


def end() -> None:
    """Sign out: the row ends and the cookie is emptied."""
    actions.end_session(db.session, current_user.actor, current_user.session_id, now())
    logout_user()
    session.clear()


def _load(token: str) -> Reader | None:
    signed_in = sessions.find(db.session, token, LIFETIME, now())
    return Reader(token, signed_in) if signed_in else None


def _note_seen(response: Response) -> Response:
    # Whoever was not looked up for this answer, as for a static file, need not be for this.
    signed_in = getattr(g.get("_login_user"), "signed_in", None)
    if signed_in is not None and sessions.is_seen_long_ago(signed_in, now()):
        # When the answer is out and the request's own transaction is over.
        response.call_on_close(partial(_write_seen, signed_in.session_id, now()))
    return response


def _write_seen(session_id: int, instant: datetime) -> None:
    with suppress(SQLAlchemyError), db.aside() as aside:
        sessions.note_seen(aside, session_id, instant)
