"""Meetings and cadences for programs."""

from typing import Any

from marshmallow import fields

from app.core.permissions import Permission
from app.extensions import db
from app.meetings.models import MeetingStatus
from app.meetings.queries import meetings as queries
from app.meetings.queries.cadences import SeriesView, Slot, Year, cadences
from app.meetings.queries.meetings import Attending, MeetingRow
from app.web.access import actor, load_or_404
from app.web.api.blueprint import ApiBlueprint
from app.web.api.fields import AsOfQuery, a_word
from app.web.api.paging import Listed, answered, listing
from app.web.api.shapes import many, schema_of, text
from app.web.day import as_of

blueprint = ApiBlueprint("meetings", __name__, "Meetings, and how the cadence is kept")
READ = Permission.NETWORK_READ
Told = dict[str, Any]
SAME = (
    "key title status starts_on ends_on precision starts_at zone duration_minutes place link "
    "cancelled_reason awaits_record"
)
MeetingSchema = schema_of("Meeting", MeetingRow, SAME, host=text(or_none=True))
AttendingSchema = schema_of("Attending", Attending, "code presence note")
SlotSchema = schema_of("Occurrence", Slot, "day state precision", meeting=text(or_none=True))
YearSchema = schema_of("CadenceYear", Year, "year expected met held")


class MeetingDetail(MeetingSchema):  # type: ignore[misc, valid-type]
    as_of = fields.Date(required=True)
    attendance = many(AttendingSchema)


class SeriesSchema(
    schema_of(  # type: ignore[misc]
        "SeriesFacts",
        SeriesView,
        "key title kind recurrence is_flexible starts_on zone duration_minutes note",
    )
):
    """A cadence. Of an occurrence: met by a meeting, none recorded, due, ahead or skipped. The
    tracker does not know that a meeting was missed, only that none is recorded."""

    occurrences = many(SlotSchema)
    years = many(YearSchema)


class Meetings(Listed):
    status = a_word(MeetingStatus)


@blueprint.reads("/meetings", listing(MeetingSchema), takes=Meetings, permission=READ)
def all_meetings(asked: Told) -> Told:
    """Meetings known on the day, the newest first"""
    status = asked.get("status")
    rows = queries.meeting_rows(db.session, actor(), as_of())
    found = [row for row in rows if status is None or row.status is status]
    return answered(found, lambda row: row.key, asked, _meeting)


@blueprint.reads("/meetings/<key:key>", MeetingDetail, takes=AsOfQuery, permission=READ)
def one_meeting(_asked: Told, key: str) -> Told:
    """One meeting, with who attended"""
    meeting = load_or_404(queries.find_meeting(db.session, actor(), key))
    row = load_or_404(queries.meeting_row(db.session, actor(), meeting, as_of()))
    is_held = row.status is MeetingStatus.HELD
    attending = queries.attendance(db.session, meeting) if is_held else ()
    return {**_meeting(row), "as_of": as_of().day, "attendance": attending}


@blueprint.reads("/cadence", listing(SeriesSchema, "Series"), takes=Listed, permission=READ)
def cadence(asked: Told) -> Told:
    """Series of meetings, and how each is kept"""
    found = cadences(db.session, actor(), as_of())
    return answered(found, lambda row: row.key, asked, _series)


def _meeting(row: MeetingRow) -> Told:
    told = {name: getattr(row, name) for name in SAME.split()}
    return {**told, "host": row.host.code if row.host else None}


def _series(view: SeriesView) -> Told:
    same = ("key", "title", "kind", "recurrence", "is_flexible", "starts_on", "zone", "note")
    return {
        **{name: getattr(view, name) for name in same},
        "duration_minutes": view.duration_minutes,
        "years": view.years,
        "occurrences": [
            {
                "day": slot.day,
                "state": slot.state,
                "precision": slot.precision,
                "meeting": slot.sitting.key if slot.sitting else None,
            }
            for slot in view.slots
        ],
    }
