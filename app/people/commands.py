"""Accounts from the command line: the first administrator, and rescue."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Refused
from app.core.permissions import Role
from app.extensions import db
from app.members.models import Member
from app.people import actions, queries
from app.people.actions import NewAccount, links, second_factors, sessions
from app.people.actions.accounts import change_account
from app.people.actions.links import MadeLink
from app.people.models import Account
from app.people.shell import json_option, tell_rows
from app.web.access import operator
from app.web.wording import worded

user = AppGroup("user", help="Make, list, mend and close accounts.")
ROLES = click.Choice([role.value for role in Role if role != Role.RECORDER])
name_option = click.option("--name", required=True, help="The whole name, as its owner writes it.")
role_option = click.option("--role", type=ROLES, required=True)
member_option = click.option("--member", "code", help="For a liaison: the code of the member.")
zone_option = click.option("--zone", default="UTC", show_default=True, help="IANA time zone.")


@user.command("create")
@click.argument("email")
@name_option
@role_option
@member_option
@zone_option
@operator
def create(email: str, name: str, role: str, code: str | None, zone: str) -> None:
    """Create an account; asks for its password. For the first administrator."""
    password = _password()
    with _acting() as session:
        new = NewAccount(email, name, Role(role), _member_id(session, code), zone)
        actions.create_account(session, None, new, password, clock.now())
    click.echo(f"{email} can sign in as {role}.")


@user.command("invite")
@click.argument("email")
@name_option
@role_option
@member_option
@zone_option
@operator
def invite(email: str, name: str, role: str, code: str | None, zone: str) -> None:
    """Create an account and print the link by which its owner sets the password."""
    with _acting() as session:
        new = NewAccount(email, name, Role(role), _member_id(session, code), zone)
        made = links.invite(session, None, new, clock.now())
        _say(made)


@user.command("link")
@click.argument("email")
@operator
def link(email: str) -> None:
    """Print a link by which the owner of an account sets a new password, once, within 72 hours."""
    with _acting() as session:
        _say(links.make_link(session, None, _account(session, email), clock.now()))


@user.command("list")
@json_option
@operator
def list_accounts(wants_json: bool) -> None:
    """List every account."""
    with db.glance() as session:
        rows = [
            {
                "email": account.email,
                "role": account.role,
                "member": account.member.code if account.member else "-",
                "state": "active" if account.is_active else "deactivated",
                "name": account.name,
            }
            for account in queries.accounts(session)
        ]
    if wants_json:
        tell_rows(rows, wants_json=True)
        return
    for row in rows:
        click.echo("\t".join(row.values()))


@user.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
@member_option
@operator
def role(email: str, role: str, code: str | None) -> None:
    """Give an account another role. It holds from its next request on."""
    with _acting() as session:
        account, member_id = _account(session, email), _member_id(session, code)
        change_account(session, None, account, account.name, Role(role), member_id, clock.now())
    click.echo(f"{email} is {role} from now on.")


@user.command("deactivate")
@click.argument("email")
@operator
def deactivate(email: str) -> None:
    """Close an account and end its sessions and links. Nothing that it did is lost."""
    with _acting() as session:
        actions.deactivate(session, None, _account(session, email), clock.now())
    click.echo(f"{email} cannot sign in any more.")


@user.command("activate")
@click.argument("email")
@operator
def activate(email: str) -> None:
    """Open a deactivated account again."""
    with _acting() as session:
        actions.activate(session, None, _account(session, email), clock.now())
    click.echo(f"{email} can sign in again.")


@user.command("password")
@click.argument("email")
@operator
def set_password(email: str) -> None:
    """Give an account a new password; its sessions end."""
    password = _password()
    with _acting() as session:
        actions.set_password(session, None, _account(session, email), password, clock.now())
    click.echo(f"The password of {email} is set.")


@user.command("end-sessions")
@click.argument("email")
@operator
def end_sessions(email: str) -> None:
    """End every session of an account."""
    with _acting() as session:
        sessions.end_sessions_of(session, None, _account(session, email), clock.now())
    click.echo(f"{email} is signed out everywhere.")


@user.command("reset-second-factor")
@click.argument("email")
@operator
def reset_second_factor(email: str) -> None:
    """For somebody who lost app and recovery codes: everything ends, a link gives a password."""
    with _acting() as session:
        account, now = _account(session, email), clock.now()
        second_factors.reset(session, None, account, now)
        _say(links.make_link(session, None, account, now))


@contextmanager
def _acting() -> Iterator[Session]:
    """A transaction; what an action refuses is said in a sentence."""
    try:
        with db.aside() as session:
            yield session
    except Refused as refused:
        raise click.ClickException(worded(refused)) from None


def _password() -> str:
    prompted: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return prompted


def _say(made: MadeLink) -> None:
    root = current_app.config["PUBLIC_URL"]
    click.echo(f"For {made.account.email}, once, until {made.expires_at:%Y-%m-%d %H:%M} UTC:")
    click.echo(f"{root}/links/{made.token}")
    if not root:
        click.echo("Put the address of this site before it; PUBLIC_URL does so by itself.")


def _account(session: Session, email: str) -> Account:
    found = queries.account_by_email(session, email)
    if found is None:
        raise click.ClickException(f"There is no account {email}.")
    return found


def _member_id(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    found = session.scalar(select(Member.id).where(Member.code == code.upper()))
    if found is None:
        raise click.ClickException(f"There is no member {code}.")
    return found
