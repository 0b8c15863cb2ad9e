"""`flask meeting`: which meetings there were and will be, and who came."""

from typing import Any

import click
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.meetings.queries.meetings import (
    MeetingRow,
    attendance,
    find_meeting,
    meeting_row,
    meeting_rows,
)
from app.people.shell import reads
from app.web.shell import found_or_not


@click.group(help="Meetings: list, look at one and at who came.")
def meeting() -> None:
    pass


@reads(meeting, "list", "List meetings, the newest first.")
def list_meetings(session: Session, who: Actor, as_of: AsOf) -> list[dict[str, Any]]:
    return [_in_list(row) for row in meeting_rows(session, who, as_of)]


@reads(meeting, "show", "Show one meeting: KEY.")
@click.argument("key")
def show(session: Session, who: Actor, as_of: AsOf, key: str) -> dict[str, Any]:
    found = found_or_not(find_meeting(session, who, key), f"meeting {key}")
    row = found_or_not(meeting_row(session, who, found, as_of), f"meeting {key}")
    return _in_list(row) | {
        "starts_at": row.starts_at,
        "zone": row.zone,
        "minutes": row.duration_minutes,
        "came": [f"{each.code} {each.presence}" for each in attendance(session, found)],
    }


def _in_list(row: MeetingRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "status": row.status,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "precision": row.precision,
        "host": row.host.code if row.host else None,
        "place": row.place,
        "title": row.title,
    }
