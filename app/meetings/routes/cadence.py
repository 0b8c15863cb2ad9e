"""The page of the cadences."""

from flask import render_template

from app.core.permissions import Permission
from app.extensions import db
from app.meetings.queries.cadences import cadences
from app.meetings.queries.people import people_of
from app.meetings.routes.loading import blueprint
from app.web.access import access, actor
from app.web.day import as_of


@blueprint.get("/cadence")
@access(Permission.NETWORK_READ)
def cadence() -> str:
    shown = cadences(db.session, actor(), as_of())
    return render_template(
        "meetings/cadence.html", cadences=shown, people=people_of(db.session, shown)
    )
