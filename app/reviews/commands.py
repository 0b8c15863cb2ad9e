"""`flask review`: reviews of deadlines, listed and written to files."""

from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.core.permissions import Permission
from app.documents.formats import FORMATS
from app.extensions import db
from app.people.shell import account, acting, actor_option
from app.reviews.models import DeadlineReview
from app.reviews.queries import reviews
from app.reviews.taking import record_export, take
from app.web.access import acts_under
from app.web.day import now
from app.web.shell import (
    Day,
    json_option,
    output_option,
    plainly,
    tell_one,
    tell_rows,
    tell_written,
    write_file,
)


@click.group("review", help="Reviews of deadlines.")
def review() -> None:
    pass


@review.command("list", help="Every review, the open ones first, then the newest.")
@actor_option
@json_option
@with_appcontext
@acts_under(Permission.REVIEW_READ)
@plainly
def list_reviews(email: str, wants_json: bool) -> None:
    with db.glance() as session:
        account(session, email, Permission.REVIEW_READ)
        rows = [
            {
                "id": found.id,
                "deadline": found.deadline.key,
                "held_on": found.held_on,
                "state": "closed" if found.closed_at else "open",
            }
            for found in reviews.every(session)
        ]
    if wants_json:
        tell_one({"reviews": rows}, wants_json=True)
    else:
        tell_rows(rows, wants_json=False)


@review.command(help="Write a review of DEADLINE (its key) to a file: the newest one.")
@click.argument("deadline")
@click.option("--day", type=Day(), help="The review of this day instead.")
@click.option(
    "--format", "name", type=click.Choice(list(FORMATS)), default="html", show_default=True
)
@actor_option
@output_option
@json_option
@with_appcontext
@acts_under(Permission.REVIEW_READ)
@plainly
def export(
    deadline: str, day: date | None, name: str, email: str, output: Path, wants_json: bool
) -> None:
    instant, root = now(), current_app.config["PUBLIC_URL"]
    with acting(email, Permission.REVIEW_READ) as (session, who):
        found = _review(session, deadline, day)
        with force_locale(who.language):
            taken = take(session, who.actor, found, name, root=root, now=instant)
        write_file(output, taken.body)
        record_export(session, who.id, taken.content, name, instant)
    tell_written(output, taken.body, email, instant, wants_json=wants_json)


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
