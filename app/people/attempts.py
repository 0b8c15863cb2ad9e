"""An attempt at a secret, counted before it is looked at."""

import math
from collections.abc import Sequence
from datetime import timedelta

from flask import current_app, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.extensions import db
from app.people import known_browser, throttling
from app.people.rules.throttling import Counted, neighbourhood
from app.people.throttling import Place
from app.web.day import now


class TooMany(Exception):
    """The attempt was not looked at."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.seconds = max(1, math.ceil(wait.total_seconds()))

    @property
    def message(self) -> str:
        minutes = math.ceil(self.seconds / 60)
        if minutes < 2:
            when = ngettext(
                "Try again in %(num)s second.", "Try again in %(num)s seconds.", self.seconds
            )
        else:
            when = ngettext(
                "Try again in %(num)s minute.", "Try again in %(num)s minutes.", minutes
            )
        return _("Too many attempts failed. %(when)s", when=when)


def count(places: Sequence[Place]) -> None:
    """Raises TooMany where the attempt must wait. Let go of `db.session` before."""
    with db.beforehand() as session:
        wait = throttling.count(session, places, now())
    if wait:
        raise TooMany(wait)


def at_password(email: str, account_id: int | None) -> list[Place]:
    """Signing in with an address, be there such an account or not."""
    browser = known_browser.known_as(account_id) if account_id is not None else ""
    if browser:
        return [_place(Counted.KNOWN_BROWSER, str(account_id), browser)]
    address = _address()
    return [
        _place(Counted.ADDRESS, address),
        _place(Counted.ACCOUNT, email),
        _place(Counted.ACCOUNT_FROM_ADDRESS, email, address),
    ]


def at_code(account_id: int) -> list[Place]:
    """The second factor, by somebody who knew the password."""
    return [_place(Counted.CODE, str(account_id))]


def at_own_password(account_id: int) -> list[Place]:
    """The present password, asked again within a session."""
    return [_place(Counted.SECRET, str(account_id))]


def at_asking() -> list[Place]:
    """Saying that a password is forgotten."""
    return [_place(Counted.REQUEST, _address())]


def _place(kind: Counted, *named: str) -> Place:
    return throttling.place(current_app.config["SECRET_KEY"], kind, *named)


def _address() -> str:
    return neighbourhood(request.remote_addr or "")
