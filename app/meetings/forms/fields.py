"""What the forms of cadences and of meetings read alike."""

from collections.abc import Iterable
from datetime import time

from flask_babel import gettext as _

from app.members.models import Member
from app.web.languages import member_name

LONGEST_MEETING = 7 * 24 * 60


def host_choices(members: Iterable[Member]) -> list[tuple[str, str]]:
    choices = [(str(member.id), member_name(member)) for member in members]
    return [("", _("Nobody yet")), *sorted(choices, key=lambda pair: pair[1])]


def minutes_of(text: str) -> int | None:
    minutes = whole(text)
    return minutes if minutes and minutes <= LONGEST_MEETING else None


def whole(text: str) -> int | None:
    """A whole number of at most five digits, else None."""
    is_number = text.isascii() and text.isdigit() and len(text) <= 5
    return int(text) if is_number else None


def time_of(text: str) -> time | None:
    hour, colon, minute = text.strip().partition(":")
    is_clock = bool(colon) and hour.isdigit() and minute.isdigit() and len(minute) == 2
    if not is_clock or not text.isascii() or int(hour) > 23 or int(minute) > 59:
        return None
    return time(int(hour), int(minute))
