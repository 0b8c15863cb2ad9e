"""The main navigation, as data. An entry shows where its page exists and the reader may open it."""

from dataclasses import dataclass

from flask import current_app, request
from flask_babel import lazy_gettext as _l

from app.core.permissions import Permission
from app.web.access import may
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


ENTRIES = (
    Entry(_l("Overview"), "dashboards.overview"),
    Entry(_l("Priorities"), "priorities.index"),
    Entry(_l("Deliverables"), "deliverables.index"),
    Entry(_l("Deadlines"), "deadlines.index"),
    Entry(_l("Members"), "members.index"),
    Entry(_l("Cadence"), "meetings.cadence"),
    Entry(_l("Agendas"), "agendas.index"),
    Entry(_l("Reviews"), "reviews.index", Permission.REVIEW_READ),
    Entry(_l("Decisions"), "decisions.index"),
    Entry(_l("Accounts"), "people.accounts", Permission.ACCOUNT_ADMINISTER),
    Entry(_l("Audit trail"), "audit.index", Permission.AUDIT_READ),
)


def links() -> list[Link]:
    return [
        Link(str(entry.label), at(entry.endpoint), _is_active(entry))
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions and may(entry.permission)
    ]


def _is_active(entry: Entry) -> bool:
    """The page itself, or the nearest entry of the same feature."""
    endpoint = request.endpoint or ""
    if endpoint in {other.endpoint for other in ENTRIES}:
        return endpoint == entry.endpoint
    return endpoint.partition(".")[0] == entry.endpoint.partition(".")[0]
