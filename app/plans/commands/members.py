"""`flask member`: who takes part, and everything about one as an archive."""

from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.audit.actions import Subject, record
from app.core import clock
from app.core.permissions import Permission
from app.extensions import db
from app.members.models import Member, MemberStanding
from app.people.shell import (
    day_option,
    found_or_not,
    json_option,
    on_day,
    plainly,
    reader,
    reader_option,
    tell_rows,
)
from app.plans.commands.sheets import write
from app.plans.exports.members import Archive, archive
from app.web.access import acts_under


@click.group(help="Members: list, and take out everything about one.")
def member() -> None:
    pass


@member.command("list", help="List members with their status.")
@day_option
@json_option
@with_appcontext
@acts_under(Permission.NETWORK_READ)
@plainly
def list_members(day: date | None, wants_json: bool) -> None:
    as_of = on_day(day)
    with db.glance() as session:
        found = session.execute(
            select(Member, MemberStanding.status)
            .join(MemberStanding, MemberStanding.member_id == Member.id)
            .where(Member.exists_on(as_of.day), MemberStanding.holds_on(as_of.day))
            .order_by(Member.code)
        )
        rows = [
            {"code": each.code, "status": status, "zone": each.zone, "name": each.name}
            for each, status in found
        ]
    tell_rows(rows, wants_json=wants_json)


@member.command("export", help="Write everything about the member CODE to FILE, a ZIP archive.")
@click.argument("code")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@day_option
@reader_option
@with_appcontext
@acts_under(Permission.NETWORK_READ)
@plainly
def export(code: str, output: Path, day: date | None, email: str) -> None:
    with db.aside() as session:
        who = reader(session, email)
        made: Archive = found_or_not(
            archive(session, who, code.upper(), on_day(day)), f"member {code}"
        )
        write(output, made.content)
        facts = {"marking": (None, made.marking), "type": (None, "application/zip")}
        subject = Subject("member", made.code)
        record(session, who.account_id or None, "member.export", subject, facts, clock.now())
    click.echo(f"{output}: {made.marking.label}")
