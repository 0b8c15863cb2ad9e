"""What the pages of agendas load and draw in common."""

from collections.abc import Iterable

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.agendas import documents
from app.agendas.actions.agendas import record_export
from app.agendas.models import Agenda, AgendaItem
from app.agendas.queries import agendas as queries
from app.agendas.queries import proposals
from app.agendas.queries.minutes import minutes_of
from app.agendas.rules.clock import beginnings
from app.agendas.rules.content import Content, ContentItem, Paper
from app.audit.queries import origin
from app.core.clock import as_of as day_at
from app.core.markdown import to_html
from app.core.markings import Marking, highest
from app.core.permissions import Permission
from app.documents.formats import FORMATS, format_named
from app.documents.routes import download
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


def load_draft(meeting: Meeting, paper: Paper = Paper.AGENDA) -> Content:
    """The draft of the agenda or of the minutes, as far as the reader may see it."""
    return queries.readable(db.session, actor(), load_whole(meeting, paper))


def load_whole(meeting: Meeting, paper: Paper = Paper.AGENDA) -> Content:
    """All of it, for freezing; no reader sees it so."""
    content = minutes_of if paper is Paper.MINUTES else queries.content_of
    agenda = load_agenda(meeting)
    return content(db.session, agenda, meeting, network=network_name(), language=language())


def network_name() -> str:
    view = network(db.session, day_at(None, now()))
    return view.name if view else ""


def language() -> str:
    return str(get_locale() or "en")


def draft_url(key: str, item_id: int | None = None, moved: str | None = None) -> str:
    """`moved` is how the item was moved: the same button is in focus on the next page."""
    side = (moved or "").partition(":")[0]
    by_button = side if side in {"before", "after"} else None
    # A browser that is sent to a place on the page gives nothing else the focus.
    anchor = f"item-{item_id}" if item_id and not by_button else None
    return url_for(
        "agendas.show",
        key=key,
        _anchor=anchor,
        item=item_id if by_button else None,
        moved=by_button,
    )


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
        begins=beginnings(meeting, [0 if item.in_writing else item.minutes for item in items]),
        focus=(request.args.get("item", ""), request.args.get("moved", "")),
        waiting=len(proposals.waiting(db.session, actor(), meeting)),
    )


def file_of(meeting: Meeting, content: Content, extension: str) -> Response:
    """An agenda or minutes to take along, and the line in the trail about it."""
    name = format_named(extension)
    root = current_app.config["PUBLIC_URL"]
    publication = documents.publication(content, meeting.key, origin=origin(db.session), root=root)
    body = FORMATS[name].write(publication)
    with db.aside() as session:
        record_export(
            session, actor().account_id, meeting, content.number, name, now(), content.paper
        )
    parts = [meeting.key, "minutes" if content.is_minutes else "", content.number or "draft"]
    saved_as = "-".join(str(part) for part in parts if part)
    return download(body, name, saved_as, current_user.email, now())


def page_marking(items: Iterable[AgendaItem] | Iterable[ContentItem]) -> Marking:
    """That of the narrowest item shown, and never wider than what surrounds it."""
    return highest([Marking.GREEN, *(item.marking for item in items)])
