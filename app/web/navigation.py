"""The main navigation, as data. An entry shows where its page exists and the reader may open it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.core.permissions import Actor, Permission
from app.web.access import actor, may
from app.web.day import at


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    endpoint: str
    permission: Permission = Permission.NETWORK_READ


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    active: bool
    count: int = 0
    """How much of it waits for the reader."""


Count = Callable[[Session, Actor], int]
GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry(_l("Desk"), "desk.index", Permission.DESK_OPEN),
            Entry(_l("Overview"), "dashboards.overview"),
        ),
    ),
    (
        _l("Work"),
        (
            Entry(_l("Priorities"), "priorities.index"),
            Entry(_l("Deliverables"), "deliverables.index"),
            Entry(_l("Deadlines"), "deadlines.index"),
            Entry(_l("Timeline"), "timeline.show"),
            Entry(_l("Who has which part"), "matrix.show"),
            Entry(_l("What happened"), "compare.show"),
            Entry(_l("Reviews"), "reviews.index", Permission.REVIEW_READ),
        ),
    ),
    (
        _l("Meetings"),
        (
            Entry(_l("Cadence"), "meetings.cadence"),
            Entry(_l("Agendas"), "agendas.index"),
            Entry(_l("Actions"), "actions.index"),
            Entry(_l("Questions"), "questions.index"),
            Entry(_l("Decisions"), "decisions.index"),
        ),
    ),
    (
        _l("Network"),
        (
            Entry(_l("Members"), "members.index"),
            Entry(_l("Functions"), "functions.index"),
            Entry(_l("Contributions"), "contributions.index"),
            Entry(_l("Membership"), "membership.index"),
            Entry(_l("Who leads"), "leadership.index"),
            Entry(_l("Names"), "names.index"),
            Entry(_l("Outside bodies"), "bodies.index"),
            Entry(_l("Letters"), "correspondence.index"),
        ),
    ),
    (
        _l("Site"),
        (
            Entry(_l("Tables in and out"), "imports.index", Permission.PLAN_IMPORT),
            Entry(_l("Accounts"), "accounts.index", Permission.ACCOUNT_ADMINISTER),
            Entry(_l("Mail and webhooks"), "mail.outbox", Permission.OUTBOX_TEND),
            Entry(_l("Audit trail"), "audit.index", Permission.AUDIT_READ),
        ),
    ),
)
"""The name of each group and its entries; the first has none."""


def init_app(app: Flask, counts: Mapping[str, Count]) -> None:
    """`counts` gives, by endpoint, how much of it waits for the reader."""
    app.extensions["navigation_counts"] = counts


def links(session: Session | None) -> list[tuple[str, list[Link]]]:
    """By group, those that have any. Without a session nothing is counted."""
    groups = [(str(name), _links(entries, session)) for name, entries in GROUPS]
    return [(name, found) for name, found in groups if found]


def _links(entries: Sequence[Entry], session: Session | None) -> list[Link]:
    return [
        Link(str(entry.label), at(entry.endpoint), _is_active(entry), _count(entry, session))
        for entry in entries
        if entry.endpoint in current_app.view_functions and may(entry.permission)
    ]


def _count(entry: Entry, session: Session | None) -> int:
    counts: Mapping[str, Count] = current_app.extensions["navigation_counts"]
    count = counts.get(entry.endpoint)
    return count(session, actor()) if count and session else 0


def _is_active(entry: Entry) -> bool:
    """The page itself, or the nearest entry of the same feature."""
    endpoint = request.endpoint or ""
    if endpoint in {other.endpoint for _name, entries in GROUPS for other in entries}:
        return endpoint == entry.endpoint
    return endpoint.partition(".")[0] == entry.endpoint.partition(".")[0]
