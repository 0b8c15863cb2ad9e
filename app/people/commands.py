"""Accounts from the command line."""

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Refused
from app.core.permissions import Role
from app.extensions import db
from app.members.models import Member
from app.people import actions, queries
from app.people.actions import NewAccount
from app.people.models import Account
from app.web.wording import worded

user = AppGroup("user", help="Create, list and close accounts.")


def _password() -> str:
    prompted: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return prompted


@user.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The whole name, as its owner writes it.")
@click.option(
    "--role", type=click.Choice([r.value for r in Role if r != Role.RECORDER]), required=True
)
@click.option("--member", "code", help="For a liaison: the code of the member.")
@click.option("--zone", default="UTC", show_default=True, help="IANA time zone.")
def create(email: str, name: str, role: str, code: str | None, zone: str) -> None:
    """Create an account; asks for its password."""
    password = _password()
    with db.aside() as session:
        member_id = _member_id(session, code) if code else None
        new = NewAccount(email, name, Role(role), member_id, zone)
        try:
            actions.create_account(session, None, new, password, clock.now())
        except Refused as refused:
            raise click.ClickException(worded(refused)) from None
    click.echo(f"{email} can sign in as {role}.")


@user.command("list")
def list_accounts() -> None:
    """List every account."""
    with db.glance() as session:
        for account in queries.accounts(session):
            member = account.member.code if account.member else "-"
            state = "active" if account.is_active else "deactivated"
            click.echo(f"{account.email}\t{account.role}\t{member}\t{state}\t{account.name}")


@user.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """Close an account and end its sessions. Nothing that it did is lost."""
    with db.aside() as session:
        actions.deactivate(session, None, _account(session, email), clock.now())
    click.echo(f"{email} cannot sign in any more.")


@user.command("activate")
@click.argument("email")
def activate(email: str) -> None:
    """Open a deactivated account again."""
    with db.aside() as session:
        actions.activate(session, None, _account(session, email), clock.now())
    click.echo(f"{email} can sign in again.")


@user.command("password")
@click.argument("email")
def set_password(email: str) -> None:
    """Give an account a new password; its sessions end."""
    password = _password()
    with db.aside() as session:
        account = _account(session, email)
        try:
            actions.set_password(session, None, account, password, clock.now())
        except Refused as refused:
            raise click.ClickException(worded(refused)) from None
    click.echo(f"The password of {email} is set.")


def _account(session: Session, email: str) -> Account:
    found = queries.account_by_email(session, email)
    if found is None:
        raise click.ClickException(f"There is no account {email}.")
    return found


def _member_id(session: Session, code: str) -> int:
    found = session.scalar(select(Member.id).where(Member.code == code.upper()))
    if found is None:
        raise click.ClickException(f"There is no member {code}.")
    return found
