"""`flask audit`: is the trail whole, and what is its newest hash."""

from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import true

from app.audit import queries
from app.audit.models import AuditEntry
from app.extensions import db
from app.web.access import operator
from app.web.shell import (
    LARGEST,
    Bar,
    found_or_not,
    json_option,
    plainly,
    say,
    tell_one,
    tell_rows,
)


@click.group(help="The trail of what was done: look at it, and check that it is whole.")
def audit() -> None:
    pass


@audit.command(help="Check every entry against the chain; exit status 1 where it does not hold.")
@click.option("--head", help="A newest hash that was written down earlier: it must still be there.")
@json_option
@with_appcontext
@operator
@plainly
def verify(head: str | None, wants_json: bool) -> None:
    with db.glance() as session, Bar() as bar:
        found = list(queries.faults(session, bar.show))
        is_missing = head is not None and not queries.knows(session, head)
    if wants_json:
        faults = [{"entry": fault.entry_id, "kind": fault.kind} for fault in found]
        tell_one({"faults": faults, "head_missing": is_missing}, wants_json=True)
    else:
        _tell(found, is_missing)
    if found or is_missing:
        raise SystemExit(1)


@audit.command(help="Print the newest hash, to be kept elsewhere.")
@json_option
@with_appcontext
@operator
@plainly
def head(wants_json: bool) -> None:
    with db.glance() as session:
        newest = queries.head(session)
    say(newest, {"head": newest}, wants_json=wants_json)


@audit.command("list", help="List the newest entries.")
@click.option("--verb", default="", help="Only this verb, or (ending in a point) a kind of them.")
@click.option("--subject", default="", help="Only what was done to this: its key.")
@click.option(
    "--page",
    type=click.IntRange(1, 1_000_000),
    default=1,
    show_default=True,
    help="50 entries each.",
)
@json_option
@with_appcontext
@operator
@plainly
def list_entries(verb: str, subject: str, page: int, wants_json: bool) -> None:
    which = queries.Filter(verb=verb, subject=subject)
    with db.glance() as session:
        found = queries.entries(session, which, readable=true(), page=page)
    if wants_json:
        rows = [_facts(entry) for entry in found.rows]
        tell_one({"total": found.total, "entries": rows}, wants_json=True)
        return
    shown = ("entry", "at", "verb", "subject")
    tell_rows(
        [{name: _facts(entry)[name] for name in shown} for entry in found.rows], wants_json=False
    )


@audit.command("show", help="Show one entry: NUMBER, as `flask audit list` gives it.")
@click.argument("number", type=click.IntRange(1, LARGEST))
@json_option
@with_appcontext
@operator
@plainly
def show(number: int, wants_json: bool) -> None:
    with db.glance() as session:
        entry = found_or_not(session.get(AuditEntry, number), f"entry {number}")
        facts = _facts(entry) | {"address": entry.address, "hash": entry.hash}
    tell_one(facts, wants_json=wants_json)


def _facts(entry: AuditEntry) -> dict[str, Any]:
    return {
        "entry": entry.id,
        "at": entry.at,
        "account": entry.account_id,
        "verb": entry.verb,
        "subject": f"{entry.subject_kind} {entry.subject_key}",
        "changes": entry.changes,
    }


def _tell(found: list[queries.Fault], is_missing: bool) -> None:
    for fault in found:
        if fault.kind == "changed":
            click.echo(f"Entry {fault.entry_id} was changed after it was written.")
        else:
            click.echo(f"Before entry {fault.entry_id} something was removed or reordered.")
    if is_missing:
        click.echo("The hash that was kept is not in the trail: its newest entries were removed.")
    if not found and not is_missing:
        click.echo("The trail is whole.")
