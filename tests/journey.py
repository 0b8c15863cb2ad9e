"""What the journeys through a real browser have in common."""

from typing import Protocol

from playwright.sync_api import Page

from app.people.models import Account


class SignIn(Protocol):
    """Opens a browser of its own, with cookies of its own, signed in as the account."""

    def __call__(self, account: Account, *, scripts: bool = True) -> Page: ...
