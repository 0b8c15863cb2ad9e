"""One field that searches everything the reader may see."""

from flask import Blueprint, current_app, render_template, request

from app.core.markings import highest
from app.core.permissions import Permission
from app.extensions import db
from app.search import queries
from app.search.kinds import KINDS
from app.search.rules import LONGEST_QUERY
from app.search.wording import KIND_NAMES
from app.web.access import access, actor
from app.web.day import as_of, at
from app.web.paging import Pages, asked_page

blueprint = Blueprint("search", __name__, template_folder="templates")

PAGES = {
    "deliverable": ("deliverables.show", "key"),
    "update": ("deliverables.show", "key"),
    "priority": ("priorities.show", "key"),
    "deadline": ("deadlines.show", "key"),
    "member": ("members.show", "code"),
    "institute": ("members.show", "code"),
    "question": ("questions.show", "key"),
    "decision": ("decisions.show", "key"),
    "meeting": ("meetings.show", "key"),
    "body": ("bodies.show", "key"),
    "agenda_item": ("agendas.show", "key"),
}
"""The endpoint that shows each kind, and how it takes the key."""


@blueprint.get("/search")
@access(Permission.NETWORK_READ)
def index() -> str:
    text = request.args.get("q", "")[:LONGEST_QUERY].strip()
    kind = request.args.get("kind", "")
    number = asked_page()
    found = queries.search(db.session, actor(), as_of(), text, kind, page=number)
    in_agendas = queries.published(db.session, actor(), as_of(), text) if number == 1 else ()
    return render_template(
        "search/index.html",
        text=text,
        kind=kind if kind in KINDS else "",
        found=found,
        published=in_agendas,
        pages=Pages(number, queries.PAGE_SIZE, found.total),
        kind_names=KIND_NAMES,
        address=address,
        page_marking=highest([found.marking, *(item.marking for item in in_agendas)]),
    )


def address(hit: queries.Hit) -> str:
    """Of the page that shows it; empty where there is none."""
    endpoint, name = PAGES.get(hit.kind, ("", ""))
    if endpoint not in current_app.view_functions:
        return ""
    anchor = f"update-{hit.item_id}" if hit.kind == "update" else None
    return at(endpoint, **{name: hit.key, "_anchor": anchor})
