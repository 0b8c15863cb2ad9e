"""What every page leaves in the trail by itself: that it was refused, or left as a file."""

from flask import Flask, Response, current_app, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.audit.actions import Subject, record
from app.extensions import db
from app.web.access import actor_or_none
from app.web.day import now

RECORDED_BY_THEMSELVES = frozenset(
    {
        "agendas.export",
        "agendas.export_draft",
        "agendas.export_minutes",
        "agendas.export_minutes_draft",
        "calendars.meeting",
        "calendars.series",
        "decisions.export",
        "reviews.export",
    }
)
"""Views whose action writes a better line about the file they give."""


def init_app(app: Flask) -> None:
    app.after_request(_note)


def _note(response: Response) -> Response:
    verb = _verb(response)
    if verb and current_user.is_authenticated:
        try:
            _record(verb, response)
        except SQLAlchemyError:
            current_app.logger.exception("the trail has no line for %s", verb)
            if verb == "page.export":
                raise  # a file whose taking leaves no trace is not given
    return response


def _verb(response: Response) -> str:
    if response.status_code == 403:
        return "page.refused"
    disposition = response.headers.get("Content-Disposition", "")
    is_file = response.status_code == 200 and disposition.startswith("attachment")
    if is_file and request.method == "GET" and request.endpoint not in RECORDED_BY_THEMSELVES:
        return "page.export"
    return ""


def _record(verb: str, response: Response) -> None:
    facts = {"method": request.method, "query": request.query_string.decode("latin-1")[:500]}
    if verb == "page.export":
        facts["type"] = response.mimetype or ""
    changes = {name: (None, value) for name, value in facts.items() if value}
    account = actor_or_none()
    about = Subject("page", request.path[:200])
    # What the request itself wrote is committed or rolled back by now, and its page is drawn.
    with db.beforehand() as session:
        record(session, account.account_id if account else None, verb, about, changes, now())
