"""In whose name commands act, and for whom they read."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.core.markings import Channel
from app.core.permissions import EVERY_ACCOUNT, Actor, Permission, can
from app.extensions import db
from app.people.models import Account
from app.people.queries import account_by_email
from app.web.access import acts_under
from app.web.shell import (
    Command,
    day_option,
    json_option,
    on_day,
    plainly,
    tell_one,
    tell_rows,
)

reader_option = click.option(
    "--as",
    "email",
    default="",
    help="The account for which it is read, by e-mail. Default: only what every account may read.",
)
actor_option = click.option(
    "--as", "email", required=True, help="The account in whose name it is done, by e-mail."
)


def reads(group: click.Group, name: str, help: str) -> Callable[[Command], click.Command]:
    """A command that reads as of a day for a reader: what it is made of gets the session, the
    reader and the day, and gives a list of rows, or the facts of one thing."""

    def mark(find: Command) -> click.Command:
        @functools.wraps(find)
        def tell(day: date | None, email: str, wants_json: bool, **asked: Any) -> None:
            with db.glance() as session:
                found = find(session, reader(session, email), on_day(day), **asked)
            told = tell_one if isinstance(found, dict) else tell_rows
            told(found, wants_json=wants_json)

        command = acts_under(Permission.NETWORK_READ)(plainly(tell))
        for option in (json_option, reader_option, day_option):
            command = option(command)
        made: click.Command = group.command(name, help=help)(with_appcontext(command))
        return made

    return mark


def reader(session: Session, email: str) -> Actor:
    """What is written to a terminal has left the screen, so nothing that is RED is read."""
    if not email:
        return EVERY_ACCOUNT.through(Channel.EXPORT)
    return account(session, email, Permission.NETWORK_READ).actor.through(Channel.EXPORT)


def account(session: Session, email: str, permission: Permission) -> Account:
    """The account, if it is active and holds the permission."""
    found = account_by_email(session, email)
    if found is None or not found.is_active:
        raise click.ClickException(f"There is no active account {email}.")
    if not can(found.actor, permission):
        raise click.ClickException(f"{email} may not do this.")
    return found


@contextmanager
def acting(email: str, permission: Permission) -> Iterator[tuple[Session, Account]]:
    """A transaction in the name of an account; kept at its end, unless something is wrong."""
    with db.aside() as session:
        yield session, account(session, email, permission)
