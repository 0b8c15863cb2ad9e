"""`flask plan import`: plan and record files into the database."""

import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core import clock
from app.core.db import reading, writing
from app.core.filestore import FileStore
from app.core.permissions import Permission
from app.extensions import db
from app.plans.actions import ImportReport, Outcome, import_files, recorder
from app.plans.exports import PLAN_FILE, RECORD_FILE, Exported, export
from app.plans.files import FOLDER, Carried, carry_in, carry_out
from app.plans.reading import Fault, Faults, Phrase
from app.web.access import acts_under
from app.web.shell import Bar, FilePath
from app.web.wording import sentence

COLUMNS = {Outcome.ADDED: "added", Outcome.CHANGED: "changed", Outcome.UNCHANGED: "left alone"}
NAMED = 20
"""Keys of a kind that are named; --json gives all."""


@click.group(help="Plan and record files.")
def plan() -> None:
    pass


@plan.command(
    "import", help="Bring in plan and record files: all of what they say that is new, or nothing."
)
@click.argument("files", nargs=-1, required=True, type=FilePath(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")
@click.option("--json", "wants_json", is_flag=True, help="Answer as JSON, with every key.")
@with_appcontext
@acts_under(Permission.PLAN_IMPORT)
def import_(files: tuple[Path, ...], dry_run: bool, wants_json: bool) -> None:
    try:
        report, carried = _import(files, dry_run=dry_run)
    except Faults as faults:
        _tell_faults(faults.faults, wants_json=wants_json)
        raise SystemExit(1) from None
    told = _as_json(report, carried, dry_run) if wants_json else _as_text(report, dry_run)
    click.echo(told)
    if carried.files and not wants_json:
        click.echo(f"{carried.files} files of evidence, from the folder {FOLDER}")
    if carried.missing and not wants_json:
        click.echo(
            f"{len(carried.missing)} files of evidence are in no folder {FOLDER} beside these "
            "files. Put it there and import again.",
            err=True,
        )


@plan.command(
    "export",
    help="Write plan.yaml, record.yaml and the files of evidence, which give the same network.",
)
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=FilePath(path_type=Path, file_okay=False),
    help="The folder; it is made if it is not there.",
)
@click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")
@with_appcontext
@acts_under(Permission.PLAN_IMPORT)
def export_(folder: Path, wants_json: bool) -> None:
    with Session(reading(db.engine)) as session:
        exported = export(session)
    if exported is None:
        raise click.ClickException("There is no plan to export: import one first.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in ((PLAN_FILE, exported.plan), (RECORD_FILE, exported.record)):
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        carried = carry_out(_store(), folder, exported.evidence)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from None
    with Session(writing(db.engine)) as session:
        _note_export(session, exported)
        session.commit()
    told = {
        "files": [str(folder / PLAN_FILE), str(folder / RECORD_FILE)],
        "marking": exported.marking.value,
        "entries": exported.entries,
        "rows": exported.rows,
        "left_out": exported.left_out,
        "evidence": carried.files,
        "missing": list(carried.missing),
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if wants_json else _told(told))


def _note_export(session: Session, exported: Exported) -> None:
    facts = {"marking": (None, exported.marking), "rows": (None, exported.rows)}
    subject = Subject("files", f"{PLAN_FILE}, {RECORD_FILE}")
    record(session, None, "page.export", subject, facts, clock.now())


def _told(told: dict[str, Any]) -> str:
    lines = [*told["files"], f"TLP:{told['marking']}, {told['entries']} entries"]
    if told["rows"]:
        lines.append(f"{told['rows']} rows beside them, for an import into an empty database")
    if told["left_out"]:
        lines.append(f"{told['left_out']} rows that are marked RED, or belong to such, stay here")
    if told["evidence"]:
        lines.append(f"{told['evidence']} files of evidence in the folder {FOLDER}")
    if told["missing"]:
        lines.append(f"Not in the store of evidence: {', '.join(told['missing'])}")
    return "\n".join(lines)


def _store() -> FileStore:
    return FileStore(Path(current_app.instance_path) / FOLDER)


def _import(files: tuple[Path, ...], *, dry_run: bool) -> tuple[ImportReport, Carried]:
    now = clock.now()
    with Session(writing(db.engine)) as session, _uncollected(), Bar() as bar:
        actor = recorder(session, now).actor
        report = import_files(session, actor, files, now, progress=bar.show)
        # Before the rows are kept: none of them names bytes that could have been had.
        carried = carry_in(session, _store(), files, keep=not dry_run)
        session.rollback() if dry_run else session.commit()
    return report, carried


@contextmanager
def _uncollected() -> Iterator[None]:
    # What a large import holds it holds to the end: looking for garbage in it costs a fifth.
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _tell_faults(faults: tuple[Fault, ...], *, wants_json: bool) -> None:
    if wants_json:
        told = [
            {
                "file": fault.file,
                "line": fault.line,
                "message": _said(fault.says),
                "expected": _said(fault.hopes),
            }
            for fault in faults
        ]
        click.echo(json.dumps({"faults": told}, ensure_ascii=False, indent=2))
        return
    for fault in faults:
        place = fault.file if fault.line is None else f"{fault.file}:{fault.line}"
        click.echo(f"{place}: {_said(fault.says)} (expected {_said(fault.hopes)})", err=True)
    click.echo("Nothing was imported.", err=True)


def _said(phrase: Phrase) -> str:
    params: Mapping[str, Any] = {
        name: _said(param) if isinstance(param, Phrase) else param
        for name, param in phrase.params.items()
    }
    return sentence(phrase.template, params)


def _as_json(report: ImportReport, carried: Carried, dry_run: bool) -> str:
    kinds = {
        kind: {outcome: report.keys(kind, outcome) for outcome in Outcome}
        for kind in report.outcomes
    }
    evidence = {"files": carried.files, "missing": list(carried.missing)}
    told = {"dry_run": dry_run, "kinds": kinds, "evidence": evidence}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _as_text(report: ImportReport, dry_run: bool) -> str:
    lines = [_row("", COLUMNS.values())]
    for kind in report.outcomes:
        counts = [report.count(outcome, kind) for outcome in COLUMNS]
        lines.append(_row(kind.replace("_", " "), counts))
    lines.append(_row("all", [report.count(outcome) for outcome in COLUMNS]))
    for kind in report.outcomes:
        lines += _named(kind, report.keys(kind, Outcome.CHANGED))
    if dry_run:
        lines.append("This was a trial: nothing was written.")
    elif report.changes_nothing:
        lines.append("Everything was there already.")
    return "\n".join(lines)


def _row(name: str, cells: Any) -> str:
    return name.ljust(18) + "".join(str(cell).rjust(12) for cell in cells)


def _named(kind: str, keys: list[str]) -> list[str]:
    if not keys:
        return []
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return [f"Changed {kind.replace('_', ' ')}: {', '.join(keys[:NAMED])}{more}"]
