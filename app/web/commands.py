"""`flask db`: the database's structure."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine

from app.core import migrating
from app.web.access import operator


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


def _engine() -> Engine:
    engine: Engine = current_app.extensions["database"].engine
    return engine
