"""`flask agenda`: proposing and exporting from the command line."""

from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas import documents
from app.agendas.actions import agendas as acting
from app.agendas.queries import agendas as queries
from app.agendas.queries.minutes import minutes_of
from app.agendas.queries.proposal import facts
from app.agendas.rules.content import Content, ContentItem, Paper
from app.agendas.wording import proposal
from app.audit.queries import origin
from app.core.clock import AsOf, as_of
from app.core.markings import Channel
from app.core.permissions import EVERY_ACCOUNT, Actor, Permission, Role
from app.documents.formats import FORMATS
from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.queries.meetings import find_meeting, meeting_rows
from app.members.queries.network import network
from app.people.models import Account
from app.people.shell import account, reader, reads
from app.web.access import acts_under
from app.web.day import now
from app.web.shell import (
    LARGEST,
    found_or_not,
    json_option,
    output_option,
    plainly,
    say,
    tell_written,
    write_file,
)

AS_HELP = "The e-mail address of the account for which it is done."
number_option = click.option(
    "--number", type=click.IntRange(1, LARGEST), help="Another version than the newest."
)


@click.group("agenda", help="Agendas of meetings: list, look at one, propose, write to a file.")
def agenda() -> None:
    pass


@reads(agenda, "list", "List meetings with an agenda: how many versions, and whether a draft.")
def list_agendas(session: Session, who: Actor, as_of: AsOf) -> list[dict[str, Any]]:
    states, minutes = queries.states(session), queries.minutes_counts(session)
    return [
        {
            "meeting": row.key,
            "status": row.status,
            "starts_on": row.starts_on,
            "published": states[row.id].versions if row.id in states else 0,
            "minutes": minutes.get(row.id, 0),
            "title": row.title,
        }
        for row in meeting_rows(session, who, as_of)
        if row.id in states
    ]


@reads(agenda, "show", "Show the published agenda of MEETING (its key): the newest version.")
@click.argument("meeting")
@click.option("--minutes", is_flag=True, help="The minutes instead of the agenda.")
@number_option
def show(
    session: Session, who: Actor, _as_of: AsOf, meeting: str, minutes: bool, number: int | None
) -> dict[str, Any]:
    paper = Paper.MINUTES if minutes else Paper.AGENDA
    found = queries.published(session, who, _meeting(session, meeting), number, paper)
    content: Content = found_or_not(found, f"published {paper} of {meeting}")
    return {
        "meeting": meeting,
        "number": content.number,
        "published_at": content.published_at,
        "minutes": content.length,
        "items": [_item(item) for item in content.items],
    }


def _item(item: ContentItem) -> dict[str, Any]:
    facts = {"kind": item.kind, "minutes": item.minutes, "title": item.title}
    return facts | ({"outcome": item.outcome} if item.outcome else {})


@agenda.command(help="Propose an agenda for MEETING (its key) from the state of the network.")
@click.argument("meeting")
@click.option("--as", "email", default="", help=f"{AS_HELP} Default: the first coordinator.")
@json_option
@with_appcontext
@acts_under(Permission.AGENDA_EDIT)
@plainly
def propose(meeting: str, email: str, wants_json: bool) -> None:
    with db.aside() as session:
        who = _coordinator(session, email)
        found, today = _meeting(session, meeting), _today()
        with force_locale(who.language):
            drafts = proposal(facts(session, who.actor, found, today))
            acting.propose(session, who.actor, found, drafts, today.day, now())
        told = {"meeting": meeting, "items": len(drafts), "by": who.email}
    said = f"Proposed {told['items']} items for {meeting}, in the name of {told['by']}."
    say(said, told, wants_json=wants_json)


@agenda.command(
    help="Write the agenda or the minutes of MEETING (its key) to a file: the newest version."
)
@click.argument("meeting")
@click.option(
    "--format", "name", type=click.Choice(list(FORMATS)), default="html", show_default=True
)
@click.option("--minutes", is_flag=True, help="The minutes instead of the agenda.")
@number_option
@click.option("--draft", is_flag=True, help="The draft instead of a published version.")
@click.option(
    "--as", "email", default="", help=f"{AS_HELP} Default: only what every account may read."
)
@output_option
@json_option
@with_appcontext
@acts_under(Permission.NETWORK_READ)
@plainly
def export(
    meeting: str,
    name: str,
    minutes: bool,
    number: int | None,
    draft: bool,
    email: str,
    output: Path,
    wants_json: bool,
) -> None:
    paper = Paper.MINUTES if minutes else Paper.AGENDA
    with db.aside() as session:
        who = account(session, email, Permission.NETWORK_READ) if email else None
        found = _meeting(session, meeting)
        if draft:
            content = _draft(session, found, who, paper)
        else:
            content = queries.published(session, reader(session, email), found, number, paper)
        if content is None:
            which = "are no such minutes" if minutes else "is no such agenda"
            raise click.ClickException(
                f"There {which}, or not for this reader. A draft needs --draft and --as."
            )
        body = _body(session, found, content, name)
        write_file(output, body)
        account_id = who.id if who else None
        acting.record_export(session, account_id, found, content.number, name, now(), paper)
    tell_written(output, body, email, now(), wants_json=wants_json)


def _body(session: Session, meeting: Meeting, content: Content, name: str) -> bytes:
    root = current_app.config["PUBLIC_URL"]
    publication = documents.publication(content, meeting.key, origin=origin(session), root=root)
    return FORMATS[name].write(publication)


def _draft(session: Session, meeting: Meeting, who: Account | None, paper: Paper) -> Content | None:
    """For coordinators; of minutes, once the meeting was opened."""
    working = queries.find(session, meeting)
    if working is None or who is None or not who.actor.coordinates:
        return None
    if paper is Paper.MINUTES and working.opened_at is None:
        return None
    view = network(session, _today())
    whole = minutes_of if paper is Paper.MINUTES else queries.content_of
    name, language = view.name if view else "", who.language
    content = whole(session, working, meeting, network=name, language=language)
    return queries.readable(session, who.actor.through(Channel.EXPORT), content)


def _meeting(session: Session, key: str) -> Meeting:
    found = find_meeting(session, EVERY_ACCOUNT, key)
    if found is None:
        known = ", ".join(session.scalars(select(Meeting.key).order_by(Meeting.starts_on)))
        raise click.ClickException(f"There is no meeting {key}. Known are: {known or 'none'}.")
    return found


def _coordinator(session: Session, email: str) -> Account:
    if email:
        return account(session, email, Permission.AGENDA_EDIT)
    query = select(Account).where(Account.role == Role.COORDINATOR, Account.is_active)
    found = session.scalars(query.order_by(Account.id)).first()
    if found is None:
        raise click.ClickException("There is no coordinator yet: flask user create makes one.")
    return found


def _today() -> AsOf:
    return as_of(None, now())
