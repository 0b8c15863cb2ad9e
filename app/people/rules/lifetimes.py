"""How long a session, a link and a half-done sign-in last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SEEN_EVERY = timedelta(minutes=1)
"""`last seen` is written at most this often."""
LINK_LASTS = timedelta(hours=72)
CODE_WANTED_WITHIN = timedelta(minutes=5)
"""From the right password to the code of the second factor."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts without use, and at most."""

    idle: timedelta = timedelta(hours=12)
    absolute: timedelta = timedelta(days=7)

    def is_over(self, created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
        return now - last_seen_at >= self.idle or now - created_at >= self.absolute
