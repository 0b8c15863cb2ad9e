"""The one module that speaks with Flask-Login.

The "user id" that Flask-Login keeps in the cookie is the random id of a session, never the
number of an account.
"""

from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db, login
from app.people import known_browser, sessions
from app.people.actions import sessions as actions
from app.people.rules.lifetimes import CODE_WANTED_WITHIN, Lifetime
from app.people.sessions import SignedIn
from app.people.tokens import new_token, token_hash
from app.web.day import now

HALF = "half_signed_in"
MUST_ADD_SECOND_FACTOR = (
    "people.second_factor",
    "people.begin_second_factor",
    "people.confirm_second_factor",
    "people.sign_out",
    "web.set_theme",
)
"""All that is open to an account whose role needs a second factor, until it has one."""


class Reader(UserMixin):
    """Whoever is signed in, with the id of the session."""

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self.token = token
        self.signed_in = signed_in

    def __getattr__(self, name: str) -> Any:
        return getattr(self.signed_in, name)

    def get_id(self) -> str:
        return self.token

    @property
    def needs_second_factor(self) -> bool:
        return self.signed_in.role in current_app.config["SECOND_FACTOR_ROLES"]

    @property
    def confined_to(self) -> tuple[str, ...]:
        """The only pages this session may open; none: all that its role may."""
        lacks_it = self.needs_second_factor and not self.signed_in.has_second_factor
        return MUST_ADD_SECOND_FACTOR if lacks_it else ()


def init_app(app: Flask) -> None:
    login.init_app(app)
    login.session_protection = None  # sessions are rows that can be ended; addresses change
    login.user_loader(_load)
    app.after_request(_note_seen)


def lifetime() -> Lifetime:
    return Lifetime(current_app.config["SESSION_IDLE"], current_app.config["SESSION_ABSOLUTE"])


def begin(account_id: int, how: str) -> None:
    """Sign the account in under a new id; what the cookie held before is gone."""
    token = new_token()
    address, agent = request.remote_addr or "", request.user_agent.string
    actions.sign_in(db.session, account_id, token_hash(token), address, agent, now(), how)
    session.clear()
    login_user(_load(token))
    known_browser.remember(account_id)


def begin_half(account_id: int, password_hash: str, onward: str) -> None:
    """The password was right; what is still wanted is a code. The cookie says so for a while."""
    until = (now() + CODE_WANTED_WITHIN).timestamp()
    session.clear()
    session[HALF] = [account_id, token_hash(password_hash)[:16], until, onward]


def half() -> tuple[int, str, str] | None:
    """The account that is half signed in, a mark of its password, and where it goes on to."""
    told = session.get(HALF)
    if told is None or told[2] < now().timestamp():
        return None
    return told[0], told[1], told[3]


def is_mark_of(mark: str, password_hash: str) -> bool:
    return mark == token_hash(password_hash)[:16]


def end() -> None:
    """Sign out: the row ends and the cookie is emptied."""
    actions.sign_out(db.session, current_user.actor, current_user.session_id, now())
    logout_user()
    session.clear()


def _load(token: str) -> Reader | None:
    signed_in = sessions.find(db.session, token, lifetime(), now())
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
