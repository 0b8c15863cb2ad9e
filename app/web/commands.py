"""`flask db`: the database's structure; and what every command does where it cannot go on."""

from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.core import migrating
from app.core.errors import Refused
from app.web.access import operator
from app.web.logs import without_detail
from app.web.unavailable import Cause, cause_of
from app.web.wording import worded


@click.group("db", help="The structure of the database: bring it up to date, or back.")
def database() -> None:
    pass


@database.command(help="Bring the database up to date, or to REVISION.")
@click.argument("revision", default="head")
@with_appcontext
@operator
def upgrade(revision: str) -> None:
    migrating.upgrade(_engine(), revision)
    click.echo(f"The database is at {migrating.current(_engine())}.")


@database.command(help="Take the database back to REVISION (base: no tables at all).")
@click.argument("revision")
@click.confirmation_option(prompt="Going back can drop tables with what is in them. Go on?")
@with_appcontext
@operator
def downgrade(revision: str) -> None:
    migrating.downgrade(_engine(), revision)
    click.echo(f"The database is at {migrating.current(_engine())}.")


@database.command(help="Tell where the database is, and whether that is the newest.")
@with_appcontext
@operator
def current() -> None:
    here, newest = migrating.current(_engine()), migrating.newest()
    click.echo(f"The database is at {here or 'nothing'}; the newest is {newest}.")
    if here != newest:
        raise SystemExit(1)


@database.command(help="Write a migration from what the models and the database differ in.")
@click.option("-m", "--message", required=True)
@with_appcontext
@operator
def migrate(message: str) -> None:
    migrating.write_migration(_engine(), message)


def in_sentences(command: click.Command) -> None:
    """Have the command, and all below it, say in a sentence why it cannot go on, where that is the
    database's doing or a rule's. Anything else is a fault of ours and keeps its traceback."""
    invoke = command.invoke

    def invoked(ctx: click.Context) -> Any:
        try:
            return invoke(ctx)
        except Refused as refused:
            raise click.ClickException(worded(refused)) from None
        except SQLAlchemyError as error:
            if (cause := cause_of(error, while_saving=False)) is None:
                raise
            raise click.ClickException(_reason(cause, error)) from None

    command.invoke = invoked  # type: ignore[method-assign]


def _reason(cause: Cause, error: SQLAlchemyError) -> str:
    said = without_detail(error) if isinstance(error, DBAPIError) else type(error).__name__
    if cause is Cause.OUTDATED:
        return f"The database is not as this release needs it: flask db upgrade. ({said})"
    return f"The database cannot do this now: {said}"


def _engine() -> Engine:
    engine: Engine = current_app.extensions["database"].engine
    return engine
