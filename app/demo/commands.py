"""`flask demo`: the real network on screen, with made-up accounts, on this machine alone."""

import os
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Refused
from app.core.migrating import upgrade
from app.demo import accounts
from app.demo.accounts import KeptPassword
from app.demo.bounds import is_loopback
from app.demo.serving import Server, is_free
from app.extensions import db
from app.members.models import Network
from app.people.queries import DEMO_DOMAIN
from app.plans.actions import import_files
from app.web.access import operator
from app.web.wording import worded

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = (DATA / "plan.yaml", DATA / "record.yaml")


@click.command("demo")
@click.option("--only-prepare", is_flag=True, help="Make everything ready, but do not serve.")
@with_appcontext
@operator
def demo(only_prepare: bool) -> None:
    """Migrate, import the plan and its record, make demo accounts, and serve them."""
    host, port = _address()
    current_app.config["DEMO"] = True
    password = accounts.kept_password(Path(current_app.instance_path))
    upgrade(db.engine)
    try:
        with db.aside() as session:
            _prepare(session, password, clock.now())
    except Refused as refused:
        _forget(password)
        raise click.ClickException(worded(refused)) from None
    _say_password(password)
    if not only_prepare:
        _serve(host, port)


def _address() -> tuple[str, int]:
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "5000")
    if not is_loopback(host):
        raise click.ClickException(
            f"A demonstration listens on this machine alone, not on {host}: leave HOST out."
        )
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise click.ClickException(f"PORT is a number from 1 to 65535, not {port}.")
    host = "127.0.0.1" if host == "localhost" else host.strip("[]")
    if not is_free(host, int(port)):
        raise click.ClickException(
            f"Something else listens on port {port}. Take another: PORT=5001 make run"
        )
    return host, int(port)


def _prepare(session: Session, password: KeptPassword, now: datetime) -> None:
    if password.is_new:
        accounts.set_password_of_all(session, password.text, now)
    coordinator = accounts.make_coordinator(session, password.text, now)
    if session.scalar(select(Network.id)) is None:
        import_files(session, coordinator.actor, FILES, now)
    accounts.make_others(session, password.text, now)


def _forget(password: KeptPassword) -> None:
    """A password that no account got must not be taken for the one that they have."""
    if password.is_new:
        password.path.unlink()


def _say_password(password: KeptPassword) -> None:
    click.echo(f"Accounts: coordinator@{DEMO_DOMAIN}, liaison.ke@{DEMO_DOMAIN} (or another")
    click.echo(f"member's code), observer@{DEMO_DOMAIN} and admin@{DEMO_DOMAIN}.")
    if password.is_new:
        click.echo(f"The password of all of them is {password.text}")
        click.echo(f"It is shown this once and kept in {password.path}")
    else:
        click.echo(f"The password of all of them is kept in {password.path}")


def _serve(host: str, port: int) -> None:
    named = f"[{host}]" if ":" in host else host
    click.echo(f"Sign in at http://{named}:{port} and stop with Ctrl-C.")
    db.engine.dispose()  # no connection may be shared by two processes
    Server(current_app._get_current_object(), host, port).run()  # type: ignore[attr-defined]
