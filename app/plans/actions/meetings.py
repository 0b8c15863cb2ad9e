"""Bringing in cadences, and logging the meetings that were held."""

from datetime import date

from sqlalchemy import select

from app.core.days import Precision
from app.core.history import FOREVER
from app.deadlines.models import Deadline, DeadlineDate, DeadlineKind
from app.meetings.actions.access import meeting_key
from app.meetings.actions.records import MeetingRecord, correct_record, record_meeting
from app.meetings.actions.series import SeriesEntry, add_series, describe_series
from app.meetings.models import Meeting, MeetingStatus
from app.plans.actions.run import Run
from app.plans.reading import values
from app.priorities.models import Basis

NO_ZONE = "UTC"
"""Of a cadence while nobody has said where it is at home."""

GATHERINGS = (DeadlineKind.CONVENING, DeadlineKind.SUMMIT)

Sittings = dict[tuple[int | None, date], Meeting]
Gatherings = dict[tuple[date, Precision, str], Deadline]


def bring_in_series(run: Run, said: values.MeetingSeries) -> None:
    entry = SeriesEntry(
        title=said.title,
        recurrence=said.recurrence,
        starts_on=said.starts_on,
        zone=said.zone or NO_ZONE,
        zone_stated=bool(said.zone),
        duration_minutes=said.duration_minutes,
        days=said.days,
        basis=Basis(said.basis),
        note=said.note,
        source_id=run.source_id(said),
    )
    series, happened = run.settle(
        "series",
        said.key,
        run.there.series.get(said.key),
        entry,
        lambda: add_series(run.session, run.actor, said.key, entry, said.exists_from, run.now),
        describe_series,
    )
    run.there.series[said.key] = series
    run.report.note("meeting_series", said.key, happened)


def log_all(run: Run) -> None:
    sittings = {
        (meeting.series_id, meeting.starts_on): meeting
        for meeting in run.session.scalars(select(Meeting))
    }
    gatherings = _gatherings(run)
    run.each(run.bundle.meetings, lambda run, said: _log(run, said, sittings, gatherings))


def _log(run: Run, said: values.Meeting, sittings: Sittings, gatherings: Gatherings) -> None:
    series = run.there.series[said.series]
    deadline = gatherings.get((said.starts_on, said.precision, said.place))
    host = run.there.members[said.host] if said.host else None
    entry = MeetingRecord(
        status=MeetingStatus(said.status),
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        precision=said.precision,
        zone=host.zone if host else series.zone,
        place=said.place,
        host_id=host.id if host else None,
        deadline_id=deadline.id if deadline else None,
        note=said.note,
        source_id=run.source_id(said),
    )
    title = deadline.title if deadline else series.title
    # One that was still to come was known when the record was drawn up.
    since = min(said.starts_on, run.head(said).as_of)
    key = meeting_key(series, said.starts_on)
    meeting, happened = run.settle(
        "meeting",
        key,
        sittings.get((series.id, said.starts_on)),
        entry,
        lambda: record_meeting(run.session, run.actor, series, title, entry, since, run.now),
        correct_record,
    )
    sittings[series.id, said.starts_on] = meeting
    run.report.note("meetings", key, happened)


def _gatherings(run: Run) -> Gatherings:
    """The convenings and summits by day and place: a meeting there and then is theirs."""
    dated = (
        select(DeadlineDate.starts_on, DeadlineDate.precision, Deadline)
        .join(Deadline, Deadline.id == DeadlineDate.deadline_id)
        .where(
            DeadlineDate.until_on == FOREVER, Deadline.kind.in_(GATHERINGS), Deadline.place != ""
        )
        .order_by(Deadline.id.desc())
    )
    return {
        (starts_on, precision, deadline.place): deadline
        for starts_on, precision, deadline in run.session.execute(dated)
    }
