"""What the pages of agendas load and draw in common."""

from collections.abc import Iterable

from flask import Blueprint, render_template, url_for
from flask_babel import get_locale
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.agendas.models import Agenda, AgendaItem
from app.agendas.queries import agendas as queries
from app.agendas.rules.content import Content, ContentItem
from app.core.clock import as_of as day_at
from app.core.markdown import to_html
from app.core.markings import Marking, highest
from app.core.permissions import Permission
from app.documents.formats import FORMATS
from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.queries import meetings
from app.members.queries.network import network
from app.web.access import actor, load_or_404, may
from app.web.day import now

Page = str | tuple[str, int]
Answer = AnyResponse | tuple[str, int]


blueprint = Blueprint("agendas", __name__, template_folder="../templates")


@blueprint.app_template_filter()
def note_html(text: str) -> Markup:
    """Markdown of a note, for the screen."""
    return Markup(to_html(text))  # noqa: S704 - it comes cleaned


def load_meeting(key: str) -> Meeting:
    return load_or_404(meetings.find_meeting(db.session, actor(), key))


def load_agenda(meeting: Meeting) -> Agenda:
    """The working agenda, for those who may read drafts."""
    return load_or_404(queries.find(db.session, meeting) if actor().coordinates else None)


def find_item(key: str, item_id: int) -> AgendaItem | None:
    return queries.item(db.session, actor(), load_agenda(load_meeting(key)), item_id)


def load_draft(meeting: Meeting) -> Content:
    return queries.draft_content(
        db.session,
        actor(),
        load_agenda(meeting),
        meeting,
        network=network_name(),
        language=language(),
    )


def network_name() -> str:
    view = network(db.session, day_at(None, now()))
    return view.name if view else ""


def language() -> str:
    return str(get_locale() or "en")


def draft_url(key: str, item_id: int | None = None) -> str:
    anchor = f"item-{item_id}" if item_id else None
    return url_for("agendas.show", key=key, _anchor=anchor)


def draft_page(meeting: Meeting) -> str:
    agenda = load_agenda(meeting)
    items = queries.items(db.session, actor(), agenda)
    return render_template(
        "agendas/draft.html",
        page_marking=page_marking(items),
        meeting=meeting,
        agenda=agenda,
        items=items,
        length=queries.length_of(meeting),
        versions=queries.versions(db.session, meeting),
        may_edit=may(Permission.AGENDA_EDIT),
        formats=FORMATS,
    )


def page_marking(items: Iterable[AgendaItem] | Iterable[ContentItem]) -> Marking:
    """That of the narrowest item shown, and never wider than what surrounds it."""
    return highest([Marking.GREEN, *(item.marking for item in items)])
