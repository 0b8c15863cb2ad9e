"""`flask deliverable` and `flask status`: what is promised, where it stands, and logging that."""

from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.core import clock
from app.core.clock import AsOf, today
from app.core.permissions import Actor, Permission
from app.deliverables.actions.updates import EvidenceLink, UpdateEntry, log_update
from app.deliverables.models import Deliverable, StatusUpdate
from app.deliverables.queries.choices import Options, choices
from app.deliverables.queries.detail import detail, find, updates_of
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, every
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.moves import Health, Status
from app.people.shell import acting, actor_option, reads
from app.web.access import acts_under
from app.web.shell import Day, found_or_not, json_option, plainly, tell_one

MOST_TEXT = 5000


@click.group(help="Deliverables: list, look at one, bring in and take out as a table.")
def deliverable() -> None:
    pass


@click.group(help="Status updates: list, log one, bring in and take out as a table.")
def status() -> None:
    pass


@reads(deliverable, "list", "List deliverables, by due day.")
@click.option("--status", "statuses", multiple=True, type=click.Choice(list(map(str, Status))))
@click.option("--member", help="Only what this member leads or contributes to: its code.")
@click.option("--priority", help="Only what belongs to this priority: its key.")
@click.option("--deadline", help="Only what is due at this deadline: its key.")
@click.option("--flag", "flags", multiple=True, type=click.Choice(list(map(str, Flag))))
def list_deliverables(
    session: Session,
    who: Actor,
    as_of: AsOf,
    statuses: tuple[str, ...],
    member: str | None,
    priority: str | None,
    deadline: str | None,
    flags: tuple[str, ...],
) -> list[dict[str, Any]]:
    offered, wanted = choices(session, as_of), set(flags)
    which = Filter(
        statuses=[Status(each) for each in statuses],
        member_id=_id_of(offered.members, member and member.upper(), "member"),
        priority_id=_id_of(offered.priorities, priority, "priority"),
        deadline_id=_id_of(offered.deadlines, deadline, "deadline"),
    )
    rows = every(session, who, as_of, which)
    shown = [row for row in rows if not wanted or wanted & {str(r.flag) for r in row.flags}]
    return [_in_list(row) for row in shown]


@reads(deliverable, "show", "Show one deliverable: KEY.")
@click.argument("key")
def show_deliverable(session: Session, who: Actor, as_of: AsOf, key: str) -> dict[str, Any]:
    found = found_or_not(detail(session, who, _found(session, who, key), as_of), key)
    return _in_list(found.row) | {
        "progress": found.row.progress,
        "kind": found.row.kind,
        "priority": found.row.priority_key,
        "blocker": found.row.blocker,
        "needs": [need.key for need in found.row.needs],
        "parts": [f"{part.code} {part.role} ({part.state})" for part in found.row.parts],
        "note": found.note,
        "updates": len(found.updates),
    }


@reads(status, "list", "List what was logged of one deliverable: KEY. The latest first.")
@click.argument("key")
def list_updates(session: Session, who: Actor, as_of: AsOf, key: str) -> list[dict[str, Any]]:
    found = _found(session, who, key)
    return [_in_words(update) for update in updates_of(session, who, found, as_of)]


@status.command("log", help="Log where the deliverable KEY stands: STATUS.")
@click.argument("key")
@click.argument("word", metavar="STATUS", type=click.Choice(list(map(str, Status))))
@click.option("--date", "day", type=Day(), help="The day from which it holds. Default: today.")
@click.option("--health", type=click.Choice(list(map(str, Health))))
@click.option("--progress", type=click.IntRange(0, 100), help="Per cent. Default: not known.")
@click.option("--note", default="", help="What was done.")
@click.option("--blocker", default="", help="What holds it up.")
@click.option("--next-step", default="", help="What comes next.")
@click.option("--evidence", default="", help="A web address that shows it.")
@actor_option
@json_option
@with_appcontext
@acts_under(Permission.UPDATE_LOG)
@plainly
def log(
    key: str,
    word: str,
    day: date | None,
    health: str | None,
    progress: int | None,
    note: str,
    blocker: str,
    next_step: str,
    evidence: str,
    email: str,
    wants_json: bool,
) -> None:
    for name, text in (("note", note), ("blocker", blocker), ("next step", next_step)):
        if len(text) > MOST_TEXT or "\0" in text:
            raise click.ClickException(f"The {name} is longer than {MOST_TEXT} characters.")
    if evidence and not evidence.startswith(("http://", "https://")):
        raise click.ClickException("The evidence is no web address (https://…).")
    now = clock.now()
    entry = UpdateEntry(
        status=Status(word),
        effective_on=day or today(now),
        health=Health(health) if health else None,
        progress=progress,
        note=note.strip(),
        blocker=blocker.strip(),
        next_step=next_step.strip(),
        evidence=[EvidenceLink(title=evidence[:300], url=evidence)] if evidence else (),
    )
    with acting(email, Permission.UPDATE_LOG) as (session, who):
        made = log_update(session, who.actor, _found(session, who.actor, key), entry, now)
        facts = _in_words(made)
    tell_one({"deliverable": key, **facts}, wants_json=wants_json)


def _found(session: Session, who: Actor, key: str) -> Deliverable:
    found: Deliverable = found_or_not(find(session, who, key), f"deliverable {key}")
    return found


def _id_of(options: Options, key: str | None, what: str) -> int | None:
    if not key:
        return None
    found: int = found_or_not(options.id_of(key), f"{what} {key}")
    return found


def _in_list(row: DeliverableRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "status": row.status,
        "health": row.health,
        "due_on": row.due_on,
        "due_precision": row.due_precision,
        "leads": [part.code for part in row.lead_parts],
        "flags": [raised.flag for raised in row.flags],
        "marking": row.shown_marking,
        "title": row.title,
    }


def _in_words(update: StatusUpdate) -> dict[str, Any]:
    return {
        "date": update.effective_on,
        "status": update.status,
        "health": update.health,
        "progress": update.progress,
        "marking": update.marking,
        "note": update.note,
        "blocker": update.blocker,
        "next_step": update.next_step,
    }
