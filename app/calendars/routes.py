"""Calendars to subscribe to, and those to take along once."""

import hashlib
from contextlib import suppress
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from app.audit.actions import Subject, record
from app.audit.queries import origin
from app.calendars import actions, meetings
from app.calendars.feeds import feed_calendar
from app.calendars.frame import Frame
from app.calendars.models import CalendarFeed, FeedPurpose
from app.calendars.queries import feeds as queries
from app.calendars.queries.meetings import one
from app.calendars.series import series_calendar
from app.core.days import Precision
from app.core.errors import N_, Missing
from app.core.icalendar import Calendar, ics
from app.core.markings import Channel
from app.core.permissions import Actor, Permission
from app.documents.routes import download
from app.extensions import db
from app.meetings.models import MeetingSeries
from app.meetings.queries.cadences import cadences, find_series
from app.meetings.queries.meetings import find_meeting
from app.sharing.remembering import remembered
from app.web.access import access, actor, load_or_404, nobody_is_signed_in, public
from app.web.day import now, present

blueprint = Blueprint("calendars", __name__, template_folder="templates")


@blueprint.get("/feeds/<secret>.ics")
@public
def feed(secret: str) -> Response:
    """Answers whoever has the secret, in the name of the account that made it."""
    nobody_is_signed_in()
    found = load_or_404(queries.by_secret(db.session, secret))
    reader = found.account.actor.through(Channel.FEED)
    # Programs ask every few minutes; until something changes, it is written out once.
    body = remembered(
        db.session,
        reader,
        present(),
        ("calendars.feed", found.id, reader.account_id),
        lambda: ics(feed_calendar(_frame(reader), found)),
    )
    response = Response(body, mimetype="text/calendar")
    response.set_etag(hashlib.sha256(body).hexdigest())
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    if actions.is_fetch_to_note(found, now()):
        # When the answer is out and the request's own transaction is over.
        address = request.remote_addr or ""
        response.call_on_close(partial(_note_fetched, found, address, now()))
    return response


@blueprint.get("/account/calendars")
@access(Permission.ACCOUNT_OWN)
def index() -> str:
    return _page()


@blueprint.post("/account/calendars")
@access(Permission.ACCOUNT_OWN)
def make() -> str:
    """The address is shown in the answer and nowhere else, so there is no page to lead on to."""
    purpose, series = _asked()
    made, secret = actions.make_feed(db.session, actor(), purpose, series, now())
    address = f"{_root()}{url_for('calendars.feed', secret=secret)}"
    return _page(made_id=made.id, address=address)


@blueprint.post("/account/calendars/<int:feed_id>/revoke")
@access(Permission.ACCOUNT_OWN)
def revoke(feed_id: int) -> AnyResponse:
    found = load_or_404(queries.own(db.session, actor(), feed_id))
    actions.revoke_feed(db.session, actor(), found, now())
    return redirect(url_for("calendars.index"), 303)


@blueprint.get("/meetings/<key>.ics")
@access(Permission.NETWORK_READ)
def meeting(key: str) -> Response:
    """The meeting as it stands now: planned, moved or called off."""
    found = load_or_404(find_meeting(db.session, actor(), key))
    if found.precision is not Precision.DAY:
        raise Missing(N_("Only what has a day of its own can be put into a calendar."))
    frame = _frame(actor().through(Channel.EXPORT))
    events = tuple(meetings.meeting_events(frame, [one(db.session, found)]))
    calendar = Calendar(events=events, name=found.title)
    return _taken(calendar, Subject("meeting", key), key)


@blueprint.get("/cadence/<key>.ics")
@access(Permission.NETWORK_READ)
def series(key: str) -> Response:
    found = load_or_404(find_series(db.session, actor(), key))
    calendar = series_calendar(_frame(actor().through(Channel.EXPORT)), found)
    return _taken(calendar, Subject("series", key), key)


def _taken(calendar: Calendar, subject: Subject, saved_as: str) -> Response:
    body = ics(calendar)
    with db.aside() as session:
        changes = {"format": (None, "ics")}
        record(session, actor().account_id, f"{subject.kind}.export", subject, changes, now())
    return download(body, "ics", saved_as, current_user.email, now())


def _frame(reader: Actor) -> Frame:
    return Frame(db.session, reader, present(), origin(db.session), _root())


def _root() -> str:
    root: str = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    return root


def _asked() -> tuple[FeedPurpose, MeetingSeries | None]:
    """What the pressed button stands for."""
    word = request.form.get("purpose", "")
    if word not in list(FeedPurpose):
        raise Missing(N_("There is no such calendar."))
    key = request.form.get("series", "")
    return FeedPurpose(word), find_series(db.session, actor(), key) if key else None


def _page(made_id: int | None = None, address: str = "") -> str:
    found = queries.working(db.session, actor())
    return render_template(
        "calendars/index.html",
        offers=_offers(),
        feeds={(feed.purpose, feed.series_id): feed for feed in found},
        made_id=made_id,
        address=address,
    )


Offer = tuple[FeedPurpose, str, int | None, str]


def _offers() -> list[Offer]:
    """What this account can subscribe to: for what, of which series, and its name."""
    offers: list[Offer] = []
    if actor().member_id is not None:
        offers.append((FeedPurpose.MEMBER, "", None, _("My member’s meetings and due dates")))
    offers.append((FeedPurpose.DEADLINES, "", None, _("All deadlines")))
    for view in cadences(db.session, actor(), present()):
        title = _("Series: %(title)s", title=view.title)
        offers.append((FeedPurpose.SERIES, view.key, view.id, title))
    return offers


def _note_fetched(feed: CalendarFeed, address: str, instant: datetime) -> None:
    with suppress(SQLAlchemyError), db.aside() as session:
        session.info["address"] = address
        actions.note_fetched(session, feed, instant)
