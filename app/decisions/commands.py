"""`flask decisions`: what time does to them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.core.clock import AsOf, as_of
from app.core.permissions import Actor, Permission
from app.decisions.actions.settling import record_export, settle_all
from app.decisions.certificate import thawed
from app.decisions.documents import publication
from app.decisions.queries.decisions import certified, find
from app.decisions.queries.decisions import decisions as every
from app.decisions.wording import RESULTS
from app.documents.formats import FORMATS
from app.extensions import db
from app.people.shell import acting, actor_option, reader, reader_option, reads
from app.web.access import acts_under
from app.web.day import now
from app.web.shell import json_option, output_option, plainly, say, tell_written, write_file

NAMES = [name for name, format_ in FORMATS.items() if not format_.needs_calendar]


@click.group("decisions", help="Decisions: list, settle what has closed, write a certificate.")
def decisions() -> None:
    pass


@reads(decisions, "list", "List decisions: open ones first, then by the latest close.")
def list_decisions(session: Session, who: Actor, as_of: AsOf) -> list[dict[str, Any]]:
    return [
        {
            "key": row.decision.key,
            "state": row.word,
            "rule": row.decision.rule,
            "closes_at": row.decision.closes_at,
            "marking": row.decision.marking,
            "title": row.decision.title,
        }
        for row in every(session, who, as_of, now())
    ]


@decisions.command(help="Record how every decision ended that has closed since.")
@actor_option
@json_option
@with_appcontext
@acts_under(Permission.DECISION_PUT)
@plainly
def settle(email: str, wants_json: bool) -> None:
    with acting(email, Permission.DECISION_PUT) as (session, who):
        settled = settle_all(session, who.actor, now())
        rows = [{"key": each.key, "state": each.state.value} for each in settled]
    lines = [f"{row['key']}: {RESULTS[row['state']]}" for row in rows]
    said = "\n".join(lines) or "None has closed since."
    say(said, {"settled": rows}, wants_json=wants_json)


@decisions.command(help="Write the certificate of the decision KEY to a file.")
@click.argument("key")
@click.option("--format", "name", type=click.Choice(NAMES), default="html", show_default=True)
@reader_option
@output_option
@json_option
@with_appcontext
@acts_under(Permission.NETWORK_READ)
@plainly
def certificate(key: str, name: str, email: str, output: Path, wants_json: bool) -> None:
    instant = now()
    with db.aside() as session:
        who = reader(session, email)
        body = _body(session, who, key, name, instant)
        write_file(output, body)
        record_export(session, who.account_id or None, key, name, instant)
    tell_written(output, body, email, instant, wants_json=wants_json)


def _body(session: Session, who: Actor, key: str, name: str, instant: datetime) -> bytes:
    decision = find(session, who, as_of(None, instant), key)
    settled = certified(session, decision) if decision else None
    if decision is None or settled is None:
        raise click.ClickException("There is no such certificate, or not for this reader.")
    made = publication(
        thawed(settled.content), settled.settled_at, settled.content_hash, decision.marking
    )
    return FORMATS[name].write(made)
