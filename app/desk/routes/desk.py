"""The page after signing in: what waits for whom."""

from contextlib import suppress
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.agendas.queries.agendas import versions
from app.core.permissions import Actor, Permission
from app.correspondence.wording import due_sentence
from app.decisions.queries.decisions import in_their_time
from app.deliverables.wording import flag_sentence
from app.desk import actions
from app.desk.queries.asks import coordinator_asks, waiting_count
from app.desk.queries.board import board, newest_updates
from app.desk.queries.changes import changes
from app.desk.queries.meetings import next_meeting
from app.extensions import db
from app.sharing.remembering import remembered
from app.web.access import access, actor
from app.web.day import now, present

blueprint = Blueprint("desk", __name__, template_folder="../templates")


@blueprint.get("/desk")
@access(Permission.DESK_OPEN)
def index() -> Response:
    """A look at it is written down when the answer is out: it must not hold up the page."""
    reader, instant = actor(), now()
    response = make_response(_page(reader))
    if actions.is_to_note(db.session, reader, instant):
        response.call_on_close(partial(_note_look, reader.account_id, instant))
    return response


@blueprint.post("/desk/seen")
@access(Permission.DESK_OPEN)
def seen() -> AnyResponse:
    actions.mark_all_seen(db.session, actor(), now())
    flash(_("From now on, only what comes later is new."), "success")
    return redirect("/desk", 303)


def count(session: Session, reader: Actor) -> int:
    """What stands beside “Desk” in the navigation."""
    day, instant = present(), now()
    make = partial(waiting_count, session, reader, day, instant)
    # What is put to the members opens and closes by the hour, without a line in the trail.
    timed = in_their_time(session, day, instant) if reader.member_id else ()
    return remembered(session, reader, day, ("desk.count", reader, timed), make).at(instant)


def _page(reader: Actor) -> str:
    since = actions.new_since(db.session, reader, now())
    meeting = next_meeting(db.session, present())
    shared = {
        "since": since,
        "changes": changes(db.session, reader, since),
        "meeting": meeting,
        "agendas": versions(db.session, meeting) if meeting else (),
        "flag_sentence": flag_sentence,
        "due_sentence": due_sentence,
        "dueness": present().dueness,
    }
    if reader.member_id is None:
        asks = coordinator_asks(db.session, reader, present())
        return render_template("desk/coordinator.html", asks=asks, **shared)
    found = board(db.session, reader, reader.member_id, present(), now())
    newest = newest_updates(db.session, reader, [line.row.id for line in found.lines])
    return render_template("desk/index.html", board=found, newest=newest, **shared)


def _note_look(account_id: int, instant: datetime) -> None:
    with suppress(SQLAlchemyError), db.aside() as aside:
        actions.note_look(aside, account_id, instant)
