"""`flask meeting`: which meetings there were and will be, and who came."""

from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext

from app.core.permissions import Permission
from app.extensions import db
from app.meetings.queries.meetings import (
    MeetingRow,
    attendance,
    find_meeting,
    meeting_row,
    meeting_rows,
)
from app.people.shell import (
    day_option,
    found_or_not,
    json_option,
    on_day,
    plainly,
    reader,
    reader_option,
    tell_one,
    tell_rows,
)
from app.web.access import acts_under


@click.group(help="Meetings: list, look at one and at who came.")
def meeting() -> None:
    pass


@meeting.command("list", help="List meetings.")
@day_option
@reader_option
@json_option
@with_appcontext
@acts_under(Permission.NETWORK_READ)
@plainly
def list_meetings(day: date | None, email: str, wants_json: bool) -> None:
    with db.glance() as session:
        rows = meeting_rows(session, reader(session, email), on_day(day))
    tell_rows([_in_list(row) for row in rows], wants_json=wants_json)


@meeting.command("show", help="Show one meeting: KEY.")
@click.argument("key")
@day_option
@reader_option
@json_option
@with_appcontext
@acts_under(Permission.NETWORK_READ)
@plainly
def show(key: str, day: date | None, email: str, wants_json: bool) -> None:
    with db.glance() as session:
        who = reader(session, email)
        found = found_or_not(find_meeting(session, who, key), f"meeting {key}")
        row = found_or_not(meeting_row(session, who, found, on_day(day)), f"meeting {key}")
        came = [f"{each.code} {each.presence}" for each in attendance(session, found)]
    facts = _in_list(row) | {
        "starts_at": row.starts_at,
        "zone": row.zone,
        "minutes": row.duration_minutes,
        "came": came,
    }
    tell_one(facts, wants_json=wants_json)


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
