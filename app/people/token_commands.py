"""Tokens of the API from the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Refused
from app.core.permissions import Scope
from app.extensions import db
from app.people import queries
from app.people.actions import tokens as actions
from app.people.models import ApiToken
from app.web.access import operator
from app.web.wording import worded

token = AppGroup("token", help="Make, list and end tokens of the API.")
as_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


@token.command("create")
@click.option("--email", required=True, help="The account in whose name the token asks.")
@click.option("--scope", type=click.Choice([scope.value for scope in Scope]), required=True)
@click.option("--name", default="From the command line", show_default=True, help="For what.")
@click.option(
    "--days", type=int, default=actions.DAYS, show_default=True, help="How long it lives."
)
@as_json
@operator
def create(email: str, scope: str, name: str, days: int, as_json: bool) -> None:
    """Make a token and print it, once: only its hash is kept."""
    with _acting() as session:
        account = queries.account_by_email(session, email)
        if account is None:
            raise click.ClickException(f"There is no account {email}.")
        made, secret = actions.make_token(
            session, None, account, name, Scope(scope), days, clock.now()
        )
        said = {"id": made.id, "token": secret, "expires_at": made.expires_at.isoformat()}
    if as_json:
        click.echo(json.dumps(said))
    else:
        click.echo(secret)
        click.echo(
            f"Token {said['id']} of {email} to {scope}, until {said['expires_at']}.", err=True
        )


@token.command("list")
@click.option("--email", help="Of this account only.")
@as_json
@operator
def list_tokens(email: str | None, as_json: bool) -> None:
    """List tokens: of whom, for what, until when, last used, and whether they still work."""
    now = clock.now()
    with db.glance() as session:
        found = [
            _row(each, now)
            for each in queries.every_token(session)
            if email is None or each.account.email == email.strip().lower()
        ]
    if as_json:
        click.echo(json.dumps(found))
        return
    for row in found:
        click.echo("\t".join(str(value) for value in row.values()))


@token.command("revoke")
@click.argument("number", type=int)
@operator
def revoke(number: int) -> None:
    """End a token, by the number that `flask token list` gives. It opens nothing any more."""
    with _acting() as session:
        found = queries.token_by_id(session, number)
        if found is None:
            raise click.ClickException(f"There is no token {number}.")
        actions.revoke_token(session, None, found, clock.now())
    click.echo(f"Token {number} opens nothing any more.")


def _row(of: ApiToken, now: datetime) -> dict[str, object]:
    return {
        "id": of.id,
        "email": of.account.email,
        "scope": of.scope.value,
        "state": _state(of, now),
        "expires_at": of.expires_at.isoformat(timespec="seconds"),
        "last_used_at": of.last_used_at.isoformat(timespec="seconds") if of.last_used_at else None,
        "name": of.name,
    }


def _state(of: ApiToken, now: datetime) -> str:
    ended = of.account.tokens_ended_at
    if of.revoked_at is not None:
        return "revoked"
    if not of.account.is_active or (ended is not None and ended >= of.created_at):
        return "closed"
    return "expired" if of.expires_at <= now else "works"


@contextmanager
def _acting() -> Iterator[Session]:
    """A transaction; what an action refuses is said in a sentence."""
    try:
        with db.aside() as session:
            yield session
    except Refused as refused:
        raise click.ClickException(worded(refused)) from None
