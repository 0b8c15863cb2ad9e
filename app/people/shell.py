"""What commands share: in whose name they act, how they answer, and how they say what is wrong.

Exit status: 0 done; 1 not done, for a reason that is said; 2 used wrongly.
"""

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

import click
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.clock import AsOf, as_of
from app.core.days import parse_day
from app.core.errors import Refused
from app.core.markings import Channel
from app.core.permissions import Actor, Permission, Role, can
from app.extensions import db
from app.people.models import Account
from app.people.queries import account_by_email
from app.web.wording import worded

Command = TypeVar("Command", bound=Callable[..., Any])

EVERY_ACCOUNT = Actor(0, Role.OBSERVER)
"""Sees what every account sees."""
WIDEST = 60


class Day(click.ParamType[date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else parse_day(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day: write it as YYYY-MM-DD.", param, ctx)


json_option = click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")
day_option = click.option(
    "--as-of", "day", type=Day(), help="How it stood on this day. Default: today."
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


def plainly(command: Command) -> Command:
    """What is refused, and a database that cannot be used, are told in a sentence."""

    @functools.wraps(command)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refused as refused:
            raise click.ClickException(worded(refused)) from None
        except DataError:
            raise click.ClickException("This holds what no text can hold, such as a NUL.") from None
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                f"The database cannot be used: {error.orig}. If it is new, migrate it first: "
                "flask db upgrade"
            ) from None

    return told  # type: ignore[return-value]


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


def on_day(day: date | None) -> AsOf:
    return as_of(day, clock.now())


def found_or_not(found: Any, what: str) -> Any:
    """The thing; what is not there and what may not be seen are told alike."""
    if found is None:
        raise click.ClickException(f"There is no {what}.")
    return found


def tell_rows(rows: Sequence[dict[str, Any]], *, wants_json: bool) -> None:
    """A list: as JSON, or in columns under their names."""
    if wants_json:
        click.echo(json.dumps([_plain(row) for row in rows], ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo("Nothing.", err=True)
        return
    names = list(rows[0])
    lines = [names, *([_shown(row[name]) for name in names] for row in rows)]
    widths = [min(max(len(line[at]) for line in lines), WIDEST) for at in range(len(names))]
    for line in lines:
        cells = (cell[:WIDEST].ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def tell_one(facts: dict[str, Any], *, wants_json: bool) -> None:
    """One thing: as JSON, or a fact a line; what is not known is left out."""
    if wants_json:
        click.echo(json.dumps(_plain(facts), ensure_ascii=False, indent=2))
        return
    width = max(map(len, facts), default=0)
    for name, value in facts.items():
        if value not in (None, "", [], ()):
            click.echo(f"{name.ljust(width)}  {_shown(value)}".rstrip())


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def _shown(value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return "-"
    if isinstance(plain, list):
        return ", ".join(_shown(each) for each in plain) or "-"
    if isinstance(plain, dict):
        return " ".join(_shown(each) for each in plain.values())
    return " ".join(str(plain).split())
