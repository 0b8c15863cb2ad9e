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
from app.web.shell import Bar, FilePath, json_option, plainly, say
from app.web.wording import worded

SUFFIX = ".backup.zip"
FILE = FilePath(path_type=Path, dir_okay=False, exists=True)


@click.group(help="Copies of everything: make one while the site serves, check one.")
def backup() -> None:
    pass


@backup.command(help="Write everything into one file, readable by its owner alone.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=FilePath(path_type=Path),
    help="The file, or a folder in which it is named by the time.",
)
@click.option("--keep", type=click.IntRange(1), help="In a folder: keep so many, the newest.")
@json_option
@with_appcontext
@operator
@plainly
def create(output: Path, keep: int | None, wants_json: bool) -> None:
    with _in_words():
        file = output / _named(clock.now()) if output.is_dir() else output
    try:
        with Bar() as bar:
            manifest = backups.create(db.engine, _instance(), file, clock.now(), bar.show)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already.") from None
    except (OSError, ValueError, sqlite3.Error, SQLAlchemyError) as error:
        raise click.ClickException(f"No backup was made: {_brief(error)}") from None
    parts = len(manifest.members)
    told = {"file": str(file), "parts": parts, "head": manifest.head, "made_at": manifest.made_at}
    said = f"{file}: {parts} parts, newest hash of the trail {manifest.head}"
    say(said, told, wants_json=wants_json)
    if keep and output.is_dir():
        _drop_old(output, keep)


@backup.command(help="Read a backup against its own hashes; exit status 1 where it is damaged.")
@click.argument("file", type=FILE)
@json_option
@with_appcontext
@operator
@plainly
def verify(file: Path, wants_json: bool) -> None:
    with _in_words(), Bar() as bar:
        manifest = backups.verify(file, bar.show)
    parts = len(manifest.members)
    told = {"whole": True, "parts": parts, "head": manifest.head, "made_at": manifest.made_at}
    said = f"Whole: {parts} parts, made at {manifest.made_at}."
    say(said, told, wants_json=wants_json)


@click.command("restore", help="Bring a backup into a place where there is nothing yet.")
@click.argument("file", type=FILE)
@json_option
@with_appcontext
@operator
@plainly
def restore(file: Path, wants_json: bool) -> None:
    with _in_words(), Bar() as bar:
        manifest = restoring.restore(file, db.engine, _instance(), bar.show)
    told = {"made_at": manifest.made_at, "head": manifest.head}
    said = f"Restored what was there at {manifest.made_at}. The trail is whole."
    say(said, told, wants_json=wants_json)


@click.command("copy", help="Copy everything from one database into another that is empty.")
@click.argument("source")
@click.argument("target")
@json_option
@with_appcontext
@operator
@plainly
def copy_database(source: str, target: str, wants_json: bool) -> None:
    with _in_words(), Bar() as bar:
        here, there = make_engine(source), make_engine(target)
        try:
            counts = moving.copy(here, there, bar.show)
        finally:
            here.dispose()
            there.dispose()
    lines = [f"{count:8} {name}" for name, count in counts.items()]
    total = sum(counts.values())
    lines.append(f"{total} rows were copied, and each was compared.")
    say("\n".join(lines), {"tables": dict(counts), "rows": total}, wants_json=wants_json)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise click.ClickException(worded(refused)) from None
    except (OSError, ValueError, ArgumentError, SQLAlchemyError) as error:
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
