"""`import` and `export` of each kind of table, under the group that the kind belongs to."""

import json
from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.core import clock
from app.core.permissions import Permission
from app.deliverables.commands import deliverable, status
from app.extensions import db
from app.people.shell import account, actor_option, reader, reader_option
from app.plans.actions.sheets import WORKS, Came, Result, bring_in
from app.plans.exports.sheets import ENDINGS, as_file, table, template
from app.plans.models import SheetKind
from app.plans.sheets.reading import LARGEST
from app.web.access import acts_under
from app.web.shell import (
    Bar,
    FilePath,
    day_option,
    json_option,
    on_day,
    output_option,
    plainly,
    say,
    write_file,
)
from app.web.wording import worded

NAMED = 20
"""Faulty rows that are named; --json gives all."""


@click.group(help="Who has which part: bring in and take out as a table.")
def assignment() -> None:
    pass


@click.group(help="Contributions: bring in and take out as a table.")
def contribution() -> None:
    pass


GROUPS = {
    SheetKind.DELIVERABLES: deliverable,
    SheetKind.UPDATES: status,
    SheetKind.ASSIGNMENTS: assignment,
    SheetKind.CONTRIBUTIONS: contribution,
}


def _add_import(group: click.Group, kind: SheetKind) -> None:
    columns = ", ".join(WORKS[kind].columns)

    @group.command(
        "import",
        help=f"Bring in FILE, CSV or XLSX: all of its rows, or none. Columns: {columns}. "
        "Exit status 1 where a row is faulty.",
    )
    @click.argument("file", type=FilePath(path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")
    @actor_option
    @json_option
    @with_appcontext
    @acts_under(Permission.UPDATE_LOG)
    @plainly
    def import_(file: Path, dry_run: bool, email: str, wants_json: bool) -> None:
        content = _content(file)
        with db.aside() as session, Bar() as bar:
            actor = account(session, email, Permission.UPDATE_LOG).actor
            result = bring_in(
                session,
                actor,
                kind,
                file.name,
                content,
                clock.now(),
                keep=not dry_run,
                progress=bar.show,
            )
        _tell(result, dry_run=dry_run, wants_json=wants_json)
        if result.count(Came.FAULTY):
            raise SystemExit(1)


def _add_export(group: click.Group, kind: SheetKind) -> None:
    @group.command("export", help="Write FILE (.csv or .xlsx) in the format that `import` reads.")
    @output_option
    @click.option("--bom", is_flag=True, help="CSV with a byte-order mark, for spreadsheets.")
    @click.option("--template", "is_blank", is_flag=True, help="The headings alone.")
    @day_option
    @reader_option
    @json_option
    @with_appcontext
    @acts_under(Permission.NETWORK_READ)
    @plainly
    def export(
        output: Path,
        bom: bool,
        is_blank: bool,
        day: date | None,
        email: str,
        wants_json: bool,
    ) -> None:
        ending = output.suffix.removeprefix(".").lower()
        if ending not in ENDINGS:
            raise click.BadParameter("the name ends in .csv or .xlsx", param_hint="-o")
        as_of = on_day(day)
        with db.glance() as session:
            who = reader(session, email)
            out = template(kind) if is_blank else table(session, who, as_of, kind)
        note = f"{kind.value} · {as_of.day.isoformat()} · {out.marking.label}"
        content = as_file(out, "bom.csv" if bom and ending == "csv" else ending, note, clock.now())
        write_file(output, content)
        facts = {"file": str(output), "rows": len(out.rows), "marking": out.marking}
        said = f"{output}: {len(out.rows)} rows, {out.marking.label}"
        say(said, facts, wants_json=wants_json)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise click.ClickException(f"{file} cannot be read: {why}") from None


def _tell(result: Result, *, dry_run: bool, wants_json: bool) -> None:
    faulty = [line for line in result.lines if line.came is Came.FAULTY]
    if wants_json:
        rows = [
            {
                "line": line.line,
                "key": line.key,
                "outcome": line.came.value,
                "column": line.refused.field if line.refused else None,
                "reason": worded(line.refused) if line.refused else None,
            }
            for line in result.lines
        ]
        click.echo(json.dumps({"dry_run": dry_run, "rows": rows}, ensure_ascii=False, indent=2))
        return
    for line in faulty[:NAMED]:
        assert line.refused is not None  # noqa: S101 - a faulty row has its reason
        column = f"{line.refused.field}: " if line.refused.field else ""
        click.echo(f"Row {line.line} ({line.key}): {column}{worded(line.refused)}", err=True)
    if len(faulty) > NAMED:
        click.echo(f"… and {len(faulty) - NAMED} more.", err=True)
    click.echo(", ".join(f"{result.count(came)} {came}" for came in Came))
    if faulty:
        click.echo("Nothing was brought in.", err=True)
    elif dry_run:
        click.echo("This was a trial: nothing was written.")


for _kind, _group in GROUPS.items():
    _add_import(_group, _kind)
    _add_export(_group, _kind)
