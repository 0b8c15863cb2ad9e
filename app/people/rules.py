"""What a password and a session must be like."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 128
SEEN_EVERY = timedelta(minutes=1)
"""`last seen` is written at most this often."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts without use, and at most."""

    idle: timedelta = timedelta(hours=12)
    absolute: timedelta = timedelta(days=7)

    def is_over(self, created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
        return now - last_seen_at >= self.idle or now - created_at >= self.absolute


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNWRITABLE = "unwritable"
    ABOUT_THE_ACCOUNT = "about_the_account"
    REPETITIVE = "repetitive"


def password_fault(password: str, email: str) -> PasswordFault | None:
    """What speaks against a new password. Any mix of characters will do, if it is long."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    if not all(mark.isprintable() for mark in password):
        return PasswordFault.UNWRITABLE
    if password.casefold() == email.casefold():
        return PasswordFault.ABOUT_THE_ACCOUNT
    if len(set(password)) < 5:
        return PasswordFault.REPETITIVE
    return None
