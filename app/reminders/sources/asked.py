"""What somebody asked of the reader's member: a part, a report, an answer, a task."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from app.agendas.models import Action
from app.core.clock import today
from app.core.markings import Marking
from app.deliverables.models import Deliverable
from app.desk.queries.asks import Asks, asks_of
from app.meetings.models import Meeting
from app.reminders.rules import ONCE, REPORTING, Kind, Thing
from app.reminders.sources.look import Look
from app.reports.models import ReportRequest, ReportRound
from app.reports.queries.rounds import Wanted, report_states


def things(look: Look) -> Iterator[Thing]:
    member_id = look.reader.member_id
    if member_id is None:
        return
    reports = tuple(report_states(look.session, look.reader, look.as_of, member_id).values())
    asks = asks_of(look.session, look.reader, member_id, look.as_of, reports, look.now)
    yield from _parts(asks)
    yield from _questions(look, asks)
    yield from _reports(look, asks)
    for action in asks.actions:
        yield from _action(look, action)


def _parts(asks: Asks) -> Iterator[Thing]:
    for offered in asks.parts:
        yield Thing(
            kind=Kind.PART,
            about=str(offered.span.id),
            on=offered.span.from_on,
            rhythm=ONCE,
            title=offered.deliverable.title,
            path=f"/deliverables/{offered.deliverable.key}",
            marking=offered.deliverable.marking,
            until=offered.span.role,
        )


def _questions(look: Look, asks: Asks) -> Iterator[Thing]:
    markings = _markings(look, {question.deliverable_id for question in asks.questions})
    for question in asks.questions:
        yield Thing(
            kind=Kind.QUESTION,
            about=str(question.id),
            on=today(question.asked_at),
            rhythm=ONCE,
            title=question.deliverable.title,
            note=question.text,
            path=f"/deliverables/{question.deliverable.key}",
            edits=f"/deliverables/{question.deliverable.key}/updates",
            marking=markings[question.deliverable_id],
            by=question.asked_by.name,
        )


def _reports(look: Look, asks: Asks) -> Iterator[Thing]:
    markings = _markings(look, {report.deliverable_id for report in asks.reports})
    asked = _asked_on(look, asks.reports)
    for report in asks.reports:
        about = f"{report.meeting_key}/{report.deliverable_id}"
        due = Thing(
            kind=Kind.REPORT_DUE,
            about=about,
            on=report.closes_on,
            rhythm=REPORTING,
            title=report.title,
            note=report.note,
            path=f"/deliverables/{report.key}",
            edits=f"/deliverables/{report.key}/updates",
            marking=markings[report.deliverable_id],
            by=report.meeting_title,
            until=report.closes_on,
        )
        if about in asked:
            yield replace(due, kind=Kind.REPORT, on=asked[about], rhythm=ONCE)
        yield due


def _action(look: Look, action: Action) -> Iterator[Thing]:
    new = Thing(
        kind=Kind.ACTION,
        about=str(action.id),
        on=action.exists_from,
        rhythm=ONCE,
        title=action.task,
        path="/desk",
        marking=action.marking,
        until=action.due_on,
    )
    yield new
    if action.due_on is not None:
        rhythm = look.settings.rhythm
        yield replace(new, kind=Kind.ACTION_DUE, on=action.due_on, rhythm=rhythm)


def _markings(look: Look, ids: set[int]) -> dict[int, Marking]:
    rows = look.session.execute(
        select(Deliverable.id, Deliverable.marking).where(Deliverable.id.in_(sorted(ids)))
    )
    return {row[0]: row[1] for row in rows}


def _asked_on(look: Look, reports: tuple[Wanted, ...]) -> dict[str, date]:
    """By meeting and deliverable."""
    rows = look.session.execute(
        select(Meeting.key, ReportRequest.deliverable_id, ReportRequest.asked_at)
        .join(ReportRound, ReportRound.id == ReportRequest.round_id)
        .join(Meeting, Meeting.id == ReportRound.meeting_id)
        .where(
            ReportRequest.member_id == look.reader.member_id,
            ReportRequest.deliverable_id.in_([report.deliverable_id for report in reports]),
        )
    )
    return {f"{key}/{deliverable_id}": today(at) for key, deliverable_id, at in rows}
