"""`flask decisions`: what time does to them."""

import click
from flask.cli import with_appcontext

from app.core import clock
from app.core.permissions import Permission, can
from app.decisions.actions.settling import settle_all
from app.decisions.wording import RESULTS
from app.extensions import db
from app.people.queries import account_by_email
from app.web.access import acts_under


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
