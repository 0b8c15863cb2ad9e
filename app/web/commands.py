"""`flask db`: the database's structure."""

import click
from flask.cli import with_appcontext

from app.core import migrating
from app.extensions import db


@click.group("db", help="The structure of the database: bring it up to date, or back.")
def database() -> None:
    pass


@database.command(help="Bring the database up to date, or to REVISION.")
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    migrating.upgrade(db.engine, revision)
    click.echo(f"The database is at {migrating.current(db.engine)}.")


@database.command(help="Take the database back to REVISION (base: no tables at all).")
@click.argument("revision")
@click.confirmation_option(prompt="Going back can drop tables with what is in them. Go on?")
@with_appcontext
def downgrade(revision: str) -> None:
    migrating.downgrade(db.engine, revision)
    click.echo(f"The database is at {migrating.current(db.engine)}.")


@database.command(help="Tell where the database is, and whether that is the newest.")
@with_appcontext
def current() -> None:
    here, newest = migrating.current(db.engine), migrating.newest()
    click.echo(f"The database is at {here or 'nothing'}; the newest is {newest}.")
    if here != newest:
        raise SystemExit(1)


@database.command(help="Write a migration from what the models and the database differ in.")
@click.option("-m", "--message", required=True)
@with_appcontext
def migrate(message: str) -> None:
    migrating.write_migration(db.engine, message)
