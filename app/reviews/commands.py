"""`flask review`: reviews of deadlines, listed and written to files."""

import json
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Refused
from app.core.permissions import Permission, can
from app.documents.formats import FORMATS
from app.extensions import db
from app.people.models import Account
from app.people.queries import account_by_email
from app.reviews.models import DeadlineReview
from app.reviews.queries import reviews
from app.reviews.taking import record_export, take
from app.web.access import acts_under
from app.web.wording import worded

AS_HELP = "The e-mail address of the coordinator or administrator who reads it."


@click.group("review", help="Reviews of deadlines.")
def review() -> None:
    pass


@review.command("list", help="Every review, the open ones first, then the newest.")
@click.option("--as", "email", required=True, help=AS_HELP)
@click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")
@with_appcontext
@acts_under(Permission.REVIEW_READ)
def list_reviews(email: str, wants_json: bool) -> None:
    _reader(db.session, email)
    rows = [
        {
            "id": found.id,
            "deadline": found.deadline.key,
            "held_on": found.held_on.isoformat(),
            "state": "closed" if found.closed_at else "open",
        }
        for found in reviews.every(db.session)
    ]
    if wants_json:
        click.echo(json.dumps({"reviews": rows}, indent=2))
    for row in () if wants_json else rows:
        click.echo("{id:>5}  {held_on}  {state:6}  {deadline}".format(**row))


@review.command(help="Write a review of DEADLINE (its key) to a file: the newest one.")
@click.argument("deadline")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The review of this day instead.")
@click.option(
    "--format", "name", type=click.Choice(list(FORMATS)), default="html", show_default=True
)
@click.option("--as", "email", required=True, help=AS_HELP)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@with_appcontext
@acts_under(Permission.REVIEW_READ)
def export(deadline: str, day: datetime | None, name: str, email: str, output: Path) -> None:
    account = _reader(db.session, email)
    found, now = _review(db.session, deadline, day.date() if day else None), _now()
    root = current_app.config["PUBLIC_URL"]
    try:
        with force_locale(account.language):
            taken = take(db.session, account.actor, found, name, root=root, now=now)
        output.write_bytes(taken.body)
    except Refused as refused:
        raise click.ClickException(worded(refused)) from refused
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    record_export(db.session, account.id, taken.content, name, now)
    db.session.commit()
    held = taken.content.heading.held_on
    click.echo(f"Wrote {len(taken.body)} bytes to {output}: the review of {held}, for {email}.")


def _reader(session: Session, email: str) -> Account:
    account = account_by_email(session, email)
    if account is None or not account.is_active:
        raise click.ClickException(f"There is no active account {email}.")
    if not can(account.actor, Permission.REVIEW_READ):
        raise click.ClickException(f"{email} does not read reviews.")
    return account


def _review(session: Session, deadline: str, day: date | None) -> DeadlineReview:
    found = [
        each
        for each in reviews.every(session)
        if each.deadline.key == deadline and day in {None, each.held_on}
    ]
    if not found:
        of_day = f" of {day}" if day else ""
        raise click.ClickException(
            f"There is no review{of_day} for {deadline}. flask review list names those there are."
        )
    return max(found, key=lambda each: (each.held_on, each.id))


def _now() -> datetime:
    return current_app.config.get("NOW", clock.now)()  # type: ignore[no-any-return]
