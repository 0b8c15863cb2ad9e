"""`flask decisions`: what time does to them."""

from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core import clock
from app.core.clock import as_of
from app.core.markings import Channel
from app.core.permissions import EVERY_ACCOUNT, Actor, Permission, can
from app.decisions.actions.settling import record_export, settle_all
from app.decisions.certificate import thawed
from app.decisions.documents import publication
from app.decisions.queries.decisions import certified, find
from app.decisions.wording import RESULTS
from app.documents.formats import FORMATS
from app.extensions import db
from app.people.queries import account_by_email
from app.web.access import acts_under

NAMES = [name for name, format_ in FORMATS.items() if not format_.needs_calendar]


@click.group("decisions", help="Decisions of the members.")
def decisions() -> None:
    pass


@decisions.command(help="Record how every decision ended that has closed since.")
@click.option("--as", "email", required=True, help="The coordinator who records it, by e-mail.")
@with_appcontext
@acts_under(Permission.DECISION_PUT)
def settle(email: str) -> None:
    with db.aside() as session:
        account = account_by_email(session, email)
        if account is None or not account.is_active:
            raise click.ClickException(f"There is no active account {email}.")
        if not can(account.actor, Permission.DECISION_PUT):
            raise click.ClickException(f"{email} does not put decisions.")
        for decision in settle_all(session, account.actor, clock.now()):
            click.echo(f"{decision.key}: {RESULTS[decision.state.value]}")


@decisions.command(help="Write the certificate of the decision KEY to a file.")
@click.argument("key")
@click.option("--format", "name", type=click.Choice(NAMES), default="html", show_default=True)
@click.option(
    "--as",
    "email",
    default="",
    help="The account for which it is done. Default: only what every account may read.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@with_appcontext
@acts_under(Permission.NETWORK_READ)
def certificate(key: str, name: str, email: str, output: Path) -> None:
    account = account_by_email(db.session, email) if email else None
    if email and (account is None or not account.is_active):
        raise click.ClickException(f"There is no active account {email}.")
    now = _now()
    body = _body((account.actor if account else EVERY_ACCOUNT), key, name, now)
    try:
        output.write_bytes(body)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    record_export(db.session, account.id if account else None, key, name, now)
    db.session.commit()
    who = account.email if account else "nobody in particular"
    click.echo(f"Wrote {len(body)} bytes to {output}, for {who}, {now:%Y-%m-%d %H:%M} UTC.")


def _body(reader: Actor, key: str, name: str, now: datetime) -> bytes:
    decision = find(db.session, reader.through(Channel.EXPORT), as_of(None, now), key)
    settled = certified(db.session, decision) if decision else None
    if decision is None or settled is None:
        raise click.ClickException("There is no such certificate, or not for this reader.")
    made = publication(
        thawed(settled.content), settled.settled_at, settled.content_hash, decision.marking
    )
    return FORMATS[name].write(made)


def _now() -> datetime:
    return current_app.config.get("NOW", clock.now)()  # type: ignore[no-any-return]
