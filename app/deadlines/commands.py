"""`flask deadline`: what the network works towards, and how its dates moved."""

from typing import Any

import click
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deadlines.queries import DeadlineRow, dates, deadlines
from app.deadlines.queries import deadline as find
from app.people.shell import reads
from app.web.shell import found_or_not


@click.group(help="Deadlines: list, look at one and at how its date moved.")
def deadline() -> None:
    pass


@reads(deadline, "list", "List deadlines, by the day they fall due.")
def list_deadlines(session: Session, _who: Actor, as_of: AsOf) -> list[dict[str, Any]]:
    return [_in_list(row) for row in deadlines(session, as_of)]


@reads(deadline, "show", "Show one deadline: KEY. With every date it had.")
@click.argument("key")
def show(session: Session, _who: Actor, as_of: AsOf, key: str) -> dict[str, Any]:
    row: DeadlineRow = found_or_not(find(session, key, as_of), f"deadline {key}")
    moved = [
        {"from": each.from_on, "starts_on": each.starts_on, "reason": each.reason}
        for each in dates(session, row.id, as_of)
    ]
    return {**_in_list(row), "note": row.note, "dates": moved}


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
