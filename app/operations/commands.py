"""`flask backup`, `flask restore` and `flask db copy`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from app.core import clock
from app.core.db import make_engine
from app.core.errors import Refused
from app.extensions import db
from app.operations import backups, moving, restoring
from app.web.access import operator
from app.web.wording import worded

SUFFIX = ".backup.zip"
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group(help="Copies of everything: make one while the site serves, check one.")
def backup() -> None:
    pass


@backup.command(help="Write everything into one file, readable by its owner alone.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="The file, or a folder in which it is named by the time.",
)
@click.option("--keep", type=click.IntRange(1), help="In a folder: keep so many, the newest.")
@with_appcontext
@operator
def create(output: Path, keep: int | None) -> None:
    file = output / _named(clock.now()) if output.is_dir() else output
    try:
        manifest = backups.create(db.engine, _instance(), file, clock.now())
    except FileExistsError:
        raise click.ClickException(f"{file} is there already.") from None
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise click.ClickException(f"No backup was made: {_brief(error)}") from None
    click.echo(f"{file}: {len(manifest.members)} parts, newest hash of the trail {manifest.head}")
    if keep and output.is_dir():
        _drop_old(output, keep)


@backup.command(help="Read a backup against its own hashes; exit status 1 where it is damaged.")
@click.argument("file", type=FILE)
@with_appcontext
@operator
def verify(file: Path) -> None:
    with _in_words():
        manifest = backups.verify(file)
    click.echo(f"Whole: {len(manifest.members)} parts, made at {manifest.made_at}.")


@click.command("restore", help="Bring a backup into a place where there is nothing yet.")
@click.argument("file", type=FILE)
@with_appcontext
@operator
def restore(file: Path) -> None:
    with _in_words():
        manifest = restoring.restore(file, db.engine, _instance())
    click.echo(f"Restored what was there at {manifest.made_at}. The trail is whole.")


@click.command("copy", help="Copy everything from one database into another that is empty.")
@click.argument("source")
@click.argument("target")
@with_appcontext
@operator
def copy_database(source: str, target: str) -> None:
    with _in_words():
        here, there = make_engine(source), make_engine(target)
        try:
            counts = moving.copy(here, there)
        finally:
            here.dispose()
            there.dispose()
    for name, count in counts.items():
        click.echo(f"{count:8} {name}")
    click.echo(f"{sum(counts.values())} rows were copied, and each was compared.")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise click.ClickException(worded(refused)) from None
    except (OSError, ArgumentError, SQLAlchemyError) as error:
        raise click.ClickException(_brief(error)) from None


def _brief(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _instance() -> Path:
    return Path(current_app.instance_path)


def _named(now: datetime) -> str:
    return f"network-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"


def _drop_old(folder: Path, keep: int) -> None:
    made = sorted(folder.glob(f"network-*{SUFFIX}"), reverse=True)
    for old in made[keep:]:
        with suppress(FileNotFoundError):
            old.unlink()
