"""The week in one mail: what waits for the reader, what falls due, what others did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.core.markings import Marking, highest
from app.deliverables.models import Deliverable
from app.desk.queries.asks import waiting_count
from app.desk.queries.changes import Change, Kind, changes
from app.notices.queries import last_told
from app.reminders.rules import Day
from app.reminders.rules import Kind as ThingKind
from app.reminders.sources import dues
from app.reminders.sources.look import Look
from app.reminders.wording import sentence
from app.sharing.queries import visible

AHEAD = 14
MOST = 20


@dataclass(frozen=True, slots=True)
class DigestLine:
    text: str
    path: str
    marking: Marking | None = None


def lines(look: Look, queued_at: datetime) -> Iterator[DigestLine]:
    """`look` looks by mail, so that nothing is in it that may not go that way."""
    if look.reader.member_id is not None or look.reader.coordinates:
        waiting = waiting_count(look.session, look.reader, look.as_of, look.now).at(look.now)
        if waiting:
            said = ngettext("%(num)s thing waits for you", "%(num)s things wait for you", waiting)
            yield DigestLine(said, "/desk")
    yield from _ahead(look)
    yield from _happened(look, queued_at)


def _ahead(look: Look) -> Iterator[DigestLine]:
    today = Day(look.as_of.day, look.as_of.dueness)
    for thing in dues.things(look):
        if thing.kind is ThingKind.DUE and (thing.on - today.day).days <= AHEAD:
            yield DigestLine(sentence(thing, today, "UTC"), thing.path, thing.marking)


def _happened(look: Look, queued_at: datetime) -> Iterator[DigestLine]:
    since = last_told(look.session, look.reader.account_id, queued_at)
    found = changes(look.session, look.reader, since)[:MOST]
    rows = look.session.execute(
        select(Deliverable.key, Deliverable.marking).where(
            Deliverable.key.in_([change.key for change in found]),
            visible(look.reader, Deliverable),
        )
    )
    markings: dict[str, Marking] = {row[0]: row[1] for row in rows}
    for change in found:
        if change.key in markings:
            marking = getattr(change.facts, "marking", markings[change.key])
            path = f"/deliverables/{change.key}"
            yield DigestLine(_said(change), path, highest([marking, markings[change.key]]))


def _said(change: Change) -> str:
    facts = {"name": change.by, "title": change.title}
    return {
        Kind.UPDATE: _("%(name)s logged an update: %(title)s", **facts),
        Kind.DATE_MOVED: _("%(name)s moved the date: %(title)s", **facts),
        Kind.DATE_ANSWERED: _("%(name)s answered a proposed date: %(title)s", **facts),
        Kind.PART: _("%(name)s changed who has which part: %(title)s", **facts),
        Kind.VERDICT: _("%(name)s judged a report: %(title)s", **facts),
    }[change.kind]
