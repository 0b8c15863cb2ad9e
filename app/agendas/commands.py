"""`flask agenda`: proposing and exporting from the command line."""

from datetime import datetime
from pathlib import Path

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
from app.agendas.rules.content import Content, Paper
from app.agendas.wording import proposal
from app.audit.queries import origin
from app.core import clock
from app.core.clock import AsOf, as_of
from app.core.errors import Refused
from app.core.markings import Channel
from app.core.permissions import EVERY_ACCOUNT, Permission, Role, can
from app.documents.formats import FORMATS
from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.queries.meetings import find_meeting
from app.members.queries.network import network
from app.people.models import Account
from app.web.access import acts_under
from app.web.wording import worded

AS_HELP = "The e-mail address of the account for which it is done."


@click.group("agenda", help="Agendas of meetings.")
def agenda() -> None:
    pass


@agenda.command(help="Propose an agenda for MEETING (its key) from the state of the network.")
@click.argument("meeting")
@click.option("--as", "email", default="", help=f"{AS_HELP} Default: the first coordinator.")
@with_appcontext
@acts_under(Permission.AGENDA_EDIT)
def propose(meeting: str, email: str) -> None:
    account = _coordinator(db.session, email)
    found, today = _meeting(db.session, meeting), _today()
    with force_locale(account.language):
        drafts = proposal(facts(db.session, account.actor, found, today))
        try:
            acting.propose(db.session, account.actor, found, drafts, today.day, _now())
        except Refused as refused:
            raise click.ClickException(worded(refused)) from refused
    db.session.commit()
    click.echo(f"Proposed {len(drafts)} items for {meeting}, in the name of {account.email}.")


@agenda.command(
    help="Write the agenda or the minutes of MEETING (its key) to a file: the newest version."
)
@click.argument("meeting")
@click.option(
    "--format", "name", type=click.Choice(list(FORMATS)), default="html", show_default=True
)
@click.option("--minutes", is_flag=True, help="The minutes instead of the agenda.")
@click.option("--number", type=click.IntRange(1), help="Another version than the newest.")
@click.option("--draft", is_flag=True, help="The draft instead of a published version.")
@click.option(
    "--as", "email", default="", help=f"{AS_HELP} Default: only what every account may read."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@with_appcontext
@acts_under(Permission.NETWORK_READ)
def export(
    meeting: str,
    name: str,
    minutes: bool,
    number: int | None,
    draft: bool,
    email: str,
    output: Path,
) -> None:
    account = _account(db.session, email) if email else None
    found, paper = _meeting(db.session, meeting), Paper.MINUTES if minutes else Paper.AGENDA
    if draft:
        content = _draft(db.session, found, account, paper)
    else:
        reader = (account.actor if account else EVERY_ACCOUNT).through(Channel.EXPORT)
        content = queries.published(db.session, reader, found, number, paper)
    if content is None:
        which = "are no such minutes" if minutes else "is no such agenda"
        raise click.ClickException(
            f"There {which}, or not for this reader. A draft needs --draft and --as."
        )
    body = _body(found, content, name)
    try:
        output.write_bytes(body)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    account_id = account.id if account else None
    acting.record_export(db.session, account_id, found, content.number, name, _now(), paper)
    db.session.commit()
    who = account.email if account else "nobody in particular"
    when = f"{_now():%Y-%m-%d %H:%M} UTC"
    click.echo(f"Wrote {len(body)} bytes to {output}, for {who}, {when}.")


def _body(meeting: Meeting, content: Content, name: str) -> bytes:
    root = current_app.config["PUBLIC_URL"]
    publication = documents.publication(content, meeting.key, origin=origin(db.session), root=root)
    try:
        return FORMATS[name].write(publication)
    except Refused as refused:
        raise click.ClickException(worded(refused)) from refused


def _draft(
    session: Session, meeting: Meeting, account: Account | None, paper: Paper
) -> Content | None:
    """For coordinators; of minutes, once the meeting was opened."""
    working = queries.find(session, meeting)
    if working is None or account is None or not account.actor.coordinates:
        return None
    if paper is Paper.MINUTES and working.opened_at is None:
        return None
    view = network(session, _today())
    whole = minutes_of if paper is Paper.MINUTES else queries.content_of
    name, language = view.name if view else "", account.language
    content = whole(session, working, meeting, network=name, language=language)
    return queries.readable(session, account.actor.through(Channel.EXPORT), content)


def _meeting(session: Session, key: str) -> Meeting:
    found = find_meeting(session, EVERY_ACCOUNT, key)
    if found is None:
        known = ", ".join(session.scalars(select(Meeting.key).order_by(Meeting.starts_on)))
        raise click.ClickException(f"There is no meeting {key}. Known are: {known or 'none'}.")
    return found


def _account(session: Session, email: str) -> Account:
    query = select(Account).where(Account.email == email.strip().lower(), Account.is_active)
    found = session.scalars(query).first()
    if found is None:
        raise click.ClickException(f"There is no active account {email}.")
    return found


def _coordinator(session: Session, email: str) -> Account:
    if email:
        return _account(session, email)
    query = select(Account).where(Account.role == Role.COORDINATOR, Account.is_active)
    found = session.scalars(query.order_by(Account.id)).first()
    if found is None or not can(found.actor, Permission.AGENDA_EDIT):
        raise click.ClickException("There is no coordinator yet: flask user create makes one.")
    return found


def _now() -> datetime:
    return current_app.config.get("NOW", clock.now)()  # type: ignore[no-any-return]


def _today() -> AsOf:
    return as_of(None, _now())
