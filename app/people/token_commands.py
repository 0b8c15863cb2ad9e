"""Tokens of the API from the command line."""

from datetime import datetime

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.permissions import Scope
from app.extensions import db
from app.people import queries
from app.people.actions import tokens as actions
from app.people.models import ApiToken
from app.web.access import operator
from app.web.shell import LARGEST, found_or_not, json_option, plainly, say, tell_rows

token = AppGroup("token", help="Make, list and end tokens of the API.")


@token.command("create")
@click.option("--email", required=True, help="The account in whose name the token asks.")
@click.option("--scope", type=click.Choice([scope.value for scope in Scope]), required=True)
@click.option("--name", default="From the command line", show_default=True, help="For what.")
@click.option(
    "--days", type=int, default=actions.DAYS, show_default=True, help="How long it lives."
)
@json_option
@operator
@plainly
def create(email: str, scope: str, name: str, days: int, wants_json: bool) -> None:
    """Make a token and print it, once: only its hash is kept."""
    with db.aside() as session:
        account = found_or_not(queries.account_by_email(session, email), f"account {email}")
        made, secret = actions.make_token(
            session, None, account, name, Scope(scope), days, clock.now()
        )
        number, until = made.id, made.expires_at.isoformat()
    facts = {"id": number, "token": secret, "expires_at": until}
    say(secret, facts, wants_json=wants_json)
    if not wants_json:
        click.echo(f"Token {number} of {email} to {scope}, until {until}.", err=True)


@token.command("list")
@click.option("--email", help="Of this account only.")
@json_option
@operator
@plainly
def list_tokens(email: str | None, wants_json: bool) -> None:
    """List tokens: of whom, for what, until when, last used, and whether they still work."""
    now = clock.now()
    with db.glance() as session:
        found = [
            _row(each, now)
            for each in queries.every_token(session)
            if email is None or each.account.email == email.strip().lower()
        ]
    tell_rows(found, wants_json=wants_json)


@token.command("revoke")
@click.argument("number", type=click.IntRange(1, LARGEST))
@json_option
@operator
@plainly
def revoke(number: int, wants_json: bool) -> None:
    """End a token, by the number that `flask token list` gives. It opens nothing any more."""
    with db.aside() as session:
        found = found_or_not(queries.token_by_id(session, number), f"token {number}")
        actions.revoke_token(session, None, found, clock.now())
    told = {"id": number, "state": "revoked"}
    say(f"Token {number} opens nothing any more.", told, wants_json=wants_json)


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
