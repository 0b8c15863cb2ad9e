"""`flask member`: who takes part, and everything about one as an archive."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core import clock
from app.core.clock import AsOf
from app.core.permissions import Actor, Permission
from app.deliverables.queries.parts import PartCounts, counts_by_member
from app.extensions import db
from app.members.queries.members import MemberRow, members
from app.members.queries.members import member as find
from app.people.shell import reader, reader_option, reads
from app.plans.exports.members import Archive, archive
from app.web.access import acts_under
from app.web.shell import (
    day_option,
    found_or_not,
    json_option,
    on_day,
    output_option,
    plainly,
    say,
    write_file,
)


@click.group(help="Members: list, look at one, and take out everything about it.")
def member() -> None:
    pass


@reads(member, "list", "List members with their status.")
def list_members(session: Session, _who: Actor, as_of: AsOf) -> list[dict[str, Any]]:
    return [
        {"code": row.code, "status": row.status, "zone": row.zone, "name": row.name}
        for row in members(session, as_of)
    ]


@reads(member, "show", "Show one member: CODE. With its institute and what it carries.")
@click.argument("code")
def show(session: Session, who: Actor, as_of: AsOf, code: str) -> dict[str, Any]:
    row: MemberRow = found_or_not(find(session, code.upper(), as_of), f"member {code}")
    parts = counts_by_member(session, who, as_of).get(row.id, PartCounts())
    return {
        "code": row.code,
        "name": row.name,
        "status": row.status,
        "zone": row.zone,
        "institute": row.institute.name if row.institute else None,
        "leads": parts.leads,
        "asked_to_lead": parts.asked_to_lead,
        "contributes": parts.contributes,
        "asked_to_contribute": parts.asked_to_contribute,
    }


@member.command("export", help="Write everything about the member CODE to FILE, a ZIP archive.")
@click.argument("code")
@output_option
@day_option
@reader_option
@json_option
@with_appcontext
@acts_under(Permission.NETWORK_READ)
@plainly
def export(code: str, output: Path, day: date | None, email: str, wants_json: bool) -> None:
    with db.aside() as session:
        who = reader(session, email)
        made: Archive = found_or_not(
            archive(session, who, code.upper(), on_day(day)), f"member {code}"
        )
        write_file(output, made.content)
        facts = {"marking": (None, made.marking), "type": (None, "application/zip")}
        subject = Subject("member", made.code)
        record(session, who.account_id or None, "member.export", subject, facts, clock.now())
    told = {"file": str(output), "marking": made.marking}
    say(f"{output}: {made.marking.label}", told, wants_json=wants_json)
