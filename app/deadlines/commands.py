"""`flask deadline`: what the network works towards, and how its dates moved."""

from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext

from app.core.permissions import Permission
from app.deadlines.queries import DeadlineRow, dates, deadlines
from app.deadlines.queries import deadline as find
from app.extensions import db
from app.people.shell import (
    day_option,
    found_or_not,
    json_option,
    on_day,
    plainly,
    tell_one,
    tell_rows,
)
from app.web.access import acts_under


@click.group(help="Deadlines: list, look at one and at how its date moved.")
def deadline() -> None:
    pass


@deadline.command("list", help="List deadlines.")
@day_option
@json_option
@with_appcontext
@acts_under(Permission.NETWORK_READ)
@plainly
def list_deadlines(day: date | None, wants_json: bool) -> None:
    with db.glance() as session:
        rows = deadlines(session, on_day(day))
    tell_rows([_in_list(row) for row in rows], wants_json=wants_json)


@deadline.command("show", help="Show one deadline: KEY.")
@click.argument("key")
@day_option
@json_option
@with_appcontext
@acts_under(Permission.NETWORK_READ)
@plainly
def show(key: str, day: date | None, wants_json: bool) -> None:
    as_of = on_day(day)
    with db.glance() as session:
        row: DeadlineRow = found_or_not(find(session, key, as_of), f"deadline {key}")
        moved = [
            {"from": each.from_on, "starts_on": each.starts_on, "reason": each.reason}
            for each in dates(session, row.id, as_of)
        ]
    tell_one({**_in_list(row), "note": row.note, "dates": moved}, wants_json=wants_json)


def _in_list(row: DeadlineRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "kind": row.kind,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "precision": row.precision,
        "due_on": row.due_on,
        "host": row.host_code,
        "place": row.place,
        "title": row.title,
    }
