"""`flask audit`: is the trail whole, and what is its newest hash."""

import json

import click
from flask.cli import with_appcontext
from sqlalchemy import true

from app.audit import queries
from app.extensions import db
from app.web.access import operator

as_json = click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")


@click.group(help="The trail of what was done: check that it is whole.")
def audit() -> None:
    pass


@audit.command(help="Check every entry against the chain; exit status 1 where it does not hold.")
@click.option("--head", help="A newest hash that was written down earlier: it must still be there.")
@as_json
@with_appcontext
@operator
def verify(head: str | None, wants_json: bool) -> None:
    with db.glance() as session:
        found = list(queries.faults(session))
        is_missing = head is not None and not queries.knows(session, head)
    if wants_json:
        faults = [{"entry": fault.entry_id, "kind": fault.kind} for fault in found]
        click.echo(json.dumps({"faults": faults, "head_missing": is_missing}))
    else:
        _tell(found, is_missing)
    if found or is_missing:
        raise SystemExit(1)


@audit.command(help="Print the newest hash, to be kept elsewhere.")
@with_appcontext
@operator
def head() -> None:
    with db.glance() as session:
        click.echo(queries.head(session))


@audit.command("list", help="List the newest entries.")
@click.option("--verb", default="", help="Only this verb, or (ending in a point) a kind of them.")
@click.option("--subject", default="", help="Only what was done to this: its key.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@as_json
@with_appcontext
@operator
def list_entries(verb: str, subject: str, page: int, wants_json: bool) -> None:
    which = queries.Filter(verb=verb, subject=subject)
    with db.glance() as session:
        found = queries.entries(session, which, readable=true(), page=page)
    rows = [
        {
            "entry": entry.id,
            "at": entry.at.isoformat(),
            "account": entry.account_id,
            "verb": entry.verb,
            "subject": f"{entry.subject_kind} {entry.subject_key}",
            "changes": entry.changes,
        }
        for entry in found.rows
    ]
    if wants_json:
        click.echo(json.dumps({"total": found.total, "entries": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join(str(row[name]) for name in ("entry", "at", "verb", "subject")))


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
