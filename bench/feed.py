"""A calendar of some 500 events, and how long it takes to serve it anew after each change."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.calendars.models import CalendarFeed, FeedPurpose
from app.core.clock import now
from app.core.db import make_engine, writing
from app.core.permissions import Role
from app.meetings.models import Meeting, MeetingStatus
from app.people.models import Account
from app.people.tokens import new_token, token_hash

MEETINGS = 230
"""Beside what falls due for a member of the size L: 500 events and more."""
ZONES = ("Pacific/Auckland", "Africa/Nairobi", "Europe/London", "America/Los_Angeles")


class Feed:
    """Of the liaison of one member, in the database in this file."""

    def __init__(self, file: Path) -> None:
        self.engine: Engine = make_engine(f"sqlite:///{file}")
        secret = new_token()
        self.path = f"/feeds/{secret}.ics"
        with Session(writing(self.engine)) as session:
            session.execute(insert(Meeting), [_meeting(number) for number in range(MEETINGS)])
            session.add(_liaison())
            session.flush()
            session.add(_feed(secret))
            session.commit()

    def change(self) -> None:
        """Nothing that was remembered holds after it."""
        with Session(writing(self.engine)) as session:
            record(session, 1, "bench.change", Subject("network", "1"), {}, now())
            session.commit()


LIAISON = 2


def _liaison() -> Account:
    return Account(
        id=LIAISON,
        email="liaison@example.org",
        name="Liaison",
        role=Role.LIAISON,
        member_id=1,
        password_hash="none",  # noqa: S106 - nobody signs in with it
        created_at=now(),
    )


def _feed(secret: str) -> CalendarFeed:
    return CalendarFeed(
        account_id=LIAISON,
        purpose=FeedPurpose.MEMBER,
        token_hash=token_hash(secret),
        created_at=now(),
        fetched_at=now(),
    )


def _meeting(number: int) -> dict[str, object]:
    first = now().date() - timedelta(days=180)
    day = first + timedelta(days=number % 365)
    is_off = number % 9 == 0
    return {
        "key": f"call-{number}",
        "title": f"Working call {number}",
        "status": MeetingStatus.CANCELLED if is_off else MeetingStatus.PLANNED,
        "starts_on": day,
        "starts_at": datetime(day.year, day.month, day.day, 14, tzinfo=UTC),
        "zone": ZONES[number % len(ZONES)],
        "place": "Room 4, 東京",
        "link": f"https://meet.example.org/{number}",
        "cancelled_reason": "Too few could come" if is_off else "",
        "exists_from": first,
    }
