"""`flask doctor`: looks at a deployment and names each weakness with the way out."""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.doctor import data, evidence, files, settings
from app.doctor.weakness import Weakness
from app.extensions import db
from app.web.access import operator


@click.command("doctor")
@click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")
@with_appcontext
@operator
def doctor(wants_json: bool) -> None:
    """Look at this deployment and name each weakness; exit status 1 where there is one."""
    found = _weaknesses()
    if wants_json:
        told = [{"name": w.name, "says": w.says, "way_out": w.way_out} for w in found]
        click.echo(json.dumps({"weaknesses": told}, indent=2))
    else:
        _tell(found)
    if found:
        raise SystemExit(1)


def _weaknesses() -> list[Weakness]:
    config, url = current_app.config, db.engine.url
    is_file = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    database = Path(str(url.database)) if is_file else None
    return [
        *settings.weaknesses(config, is_debug=current_app.debug),
        *files.weaknesses(Path(current_app.instance_path), database),
        *data.weaknesses(db.engine, is_demo=config["DEMO"]),
        *evidence.weaknesses(db.engine, Path(current_app.instance_path) / "evidence"),
    ]


def _tell(found: list[Weakness]) -> None:
    for weakness in found:
        click.echo(f"{weakness.name}: {weakness.says}")
        click.echo(f"  -> {weakness.way_out}")
    number = len(found)
    if number:
        click.echo(f"{number} {'weakness' if number == 1 else 'weaknesses'} found.")
    else:
        click.echo("No weakness found.")
