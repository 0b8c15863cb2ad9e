"""`flask db`: the database's structure; and what every command does where it cannot go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from alembic.util.exc import CommandError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.core import migrating
from app.core.errors import Refused
from app.web.access import operator
from app.web.logs import without_detail
from app.web.shell import json_option, plainly, say
from app.web.unavailable import Cause, cause_of
from app.web.wording import worded


@click.group("db", help="The structure of the database: bring it up to date, or back.")
def database() -> None:
    pass


@database.command(help="Bring the database up to date, or to REVISION.")
@click.argument("revision", default="head")
@json_option
@with_appcontext
@operator
@plainly
def upgrade(revision: str, wants_json: bool) -> None:
    with _in_words():
        migrating.upgrade(_engine(), revision)
    _tell_where(wants_json=wants_json)


@database.command(help="Take the database back to REVISION (base: no tables at all).")
@click.argument("revision")
@click.confirmation_option(prompt="Going back can drop tables with what is in them. Go on?")
@json_option
@with_appcontext
@operator
@plainly
def downgrade(revision: str, wants_json: bool) -> None:
    with _in_words():
        migrating.downgrade(_engine(), revision)
    _tell_where(wants_json=wants_json)


@database.command(help="Tell where the database is, and whether that is the newest.")
@json_option
@with_appcontext
@operator
@plainly
def current(wants_json: bool) -> None:
    here, newest = migrating.current(_engine()), migrating.newest()
    said = f"The database is at {here or 'nothing'}; the newest is {newest}."
    say(said, {"at": here, "newest": newest}, wants_json=wants_json)
    if here != newest:
        raise SystemExit(1)


@database.command(help="Write a migration from what the models and the database differ in.")
@click.option("-m", "--message", required=True, help="What it does, in a few words.")
@json_option
@with_appcontext
@operator
@plainly
def migrate(message: str, wants_json: bool) -> None:
    migrating.write_migration(_engine(), message)
    say("Written: read it before it is kept.", {"message": message}, wants_json=wants_json)


@contextmanager
def _in_words() -> Iterator[None]:
    """What Alembic does not know is said in its words."""
    try:
        yield
    except CommandError as error:
        raise click.ClickException(str(error)) from None


def _tell_where(*, wants_json: bool) -> None:
    here = migrating.current(_engine())
    say(f"The database is at {here or 'nothing'}.", {"at": here}, wants_json=wants_json)


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
