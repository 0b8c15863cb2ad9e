"""What commands share: how they answer, and how they say what is wrong.

Exit status: 0 done; 1 not done, for a reason that is said; 2 used wrongly.
"""

import functools
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import DataError

from app.core import clock
from app.core.clock import AsOf, as_of
from app.core.days import parse_day
from app.core.errors import Refused
from app.web.wording import worded

Command = TypeVar("Command", bound=Callable[..., Any])

WIDEST = 60
LARGEST = 2_147_483_647
"""By which a row can be known."""
PATIENCE = 1.0
"""Seconds of work before a bar shows how far it is."""


class Day(click.ParamType[date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else parse_day(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day: write it as YYYY-MM-DD.", param, ctx)


class FilePath(click.Path):
    """Also a name that no file can have is told in a sentence."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except ValueError as error:
            self.fail(f"{value!r} is no name of a file: {error}.", param, ctx)


json_option = click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")
day_option = click.option(
    "--as-of", "day", type=Day(), help="How it stood on this day. Default: today."
)
output_option = click.option(
    "-o",
    "--output",
    type=FilePath(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write.",
)


def plainly(command: Command) -> Command:
    """What is refused is told in a sentence; what the database cannot do, by `in_sentences`."""

    @functools.wraps(command)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refused as refused:
            raise click.ClickException(worded(refused)) from None
        except (DataError, UnicodeEncodeError):
            raise click.ClickException("This holds what no text can hold, such as a NUL.") from None

    return told  # type: ignore[return-value]


def on_day(day: date | None) -> AsOf:
    return as_of(day, clock.now())


def found_or_not(found: Any, what: str) -> Any:
    """The thing; what is not there and what may not be seen are told alike."""
    if found is None:
        raise click.ClickException(f"There is no {what}.")
    return found


def say(sentence: str, facts: dict[str, Any], *, wants_json: bool) -> None:
    """What was done: in a sentence, or its facts as JSON."""
    click.echo(json.dumps(_plain(facts), ensure_ascii=False) if wants_json else sentence)


def write_file(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise click.ClickException(f"{path} cannot be written: {why}.") from None


def tell_written(path: Path, body: bytes, email: str, now: datetime, *, wants_json: bool) -> None:
    """Where a paper was written to, and for whom it was made."""
    who = email or "nobody in particular"
    facts = {"file": str(path), "bytes": len(body), "for": email or None, "at": now}
    said = f"Wrote {len(body)} bytes to {path}, for {who}, {now:%Y-%m-%d %H:%M} UTC."
    say(said, facts, wants_json=wants_json)


class Bar:
    """Shows on a terminal how far the work is, once it takes long."""

    def __init__(self) -> None:
        self._shows_from = time.monotonic() + PATIENCE
        self._is_wanted = sys.stderr.isatty()
        self._shown = -1

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._shown >= 0:
            click.echo(err=True)

    def show(self, done: int, total: int) -> None:
        if not self._is_wanted or time.monotonic() < self._shows_from:
            return
        percent = 100 * done // total if total else 100
        if percent > self._shown:
            self._shown = percent
            bar = ("#" * (percent // 4)).ljust(25, "-")
            click.echo(f"\r[{bar}] {percent:3} %", nl=False, err=True)


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
