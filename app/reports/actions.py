"""Asking the leads for reports before a meeting, and saying what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.clock import as_of
from app.core.errors import N_, Conflict, Forbidden, Missing, Refused
from app.core.permissions import Actor, Permission, can
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    DeliverableState,
    StatusUpdate,
)
from app.deliverables.queries.states import states
from app.deliverables.queries.thresholds import thresholds
from app.deliverables.rules.moves import ACTIVE
from app.meetings.models import Meeting, MeetingStatus
from app.notices.actions import happened
from app.notices.rules import Happening as News
from app.reports.models import ReportRequest, ReportRound, ReportVerdict, Verdict
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class Asked:
    """How many were asked now, and of how many active deliverables nobody leads who could be."""

    asked: int
    without_lead: int


def usual_days_before(session: Session) -> int:
    """What the network settled on; each meeting can have a number of its own."""
    return thresholds(session).report_days


def open_round(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    closes_days_before: int,
    *,
    seen_version: int,
    now: datetime,
) -> Asked:
    """Ask the accepted lead of each active deliverable for an update. Opened again, it asks those
    who were not asked yet and takes the new number of days. `seen_version` is 0 for the first."""
    _check_asker(actor)
    if meeting.status is not MeetingStatus.PLANNED:
        raise Refused(N_("Reports are asked for before a planned meeting only."))
    if not 0 <= closes_days_before <= 365:
        raise Refused(N_("Give a number of days from 0 to 365."), field="days_before")
    asking = _round(session, actor, meeting, closes_days_before, seen_version, now)
    leads = _leads(session, actor, now)
    known = _asked(session, asking)
    new = [pair for pair in leads.pairs if pair not in known]
    session.add_all(
        ReportRequest(
            round_id=asking.id,
            deliverable_id=deliverable_id,
            member_id=member_id,
            asked_by_id=actor.account_id,
            asked_at=now,
        )
        for deliverable_id, member_id in new
    )
    session.flush()
    changes = {"asked": (None, len(new)), "closes_days_before": (None, closes_days_before)}
    subject = Subject("meeting", meeting.key)
    record(session, actor.account_id, "report.ask", subject, changes, now)
    happened(session, actor, News.REPORTS_ASKED, subject, now)
    return Asked(len(new), leads.without)


def judge(
    session: Session,
    actor: Actor,
    asking: ReportRound,
    deliverable: Deliverable,
    verdict: Verdict,
    note: str,
    *,
    seen_update_id: int,
    seen_verdict_id: int,
    now: datetime,
) -> None:
    """Accept a report or send it back with a note. Raises Conflict when another update came or
    another coordinator judged since."""
    _check_asker(actor)
    if verdict is Verdict.SENT_BACK and not note.strip():
        raise Refused(N_("Say what is missing."), field="note")
    newest = _newest_update(session, actor, deliverable)
    if newest is None:
        raise Missing(N_("No report has come in yet."))
    if newest != seen_update_id or _newest_verdict(session, asking, deliverable) != seen_verdict_id:
        raise Conflict(
            N_("Another update or another verdict came meanwhile. Look at it before you judge.")
        )
    session.add(
        ReportVerdict(
            round_id=asking.id,
            deliverable_id=deliverable.id,
            update_id=newest,
            verdict=verdict,
            note=note.strip(),
            given_by_id=actor.account_id,
            given_at=now,
        )
    )
    session.flush()
    changes = {"verdict": (None, verdict), "note": (None, note), "update": (None, newest)}
    subject = Subject("deliverable", deliverable.key)
    record(session, actor.account_id, "report.judge", subject, changes, now)


@dataclass(frozen=True, slots=True)
class _Leads:
    pairs: tuple[tuple[int, int], ...]
    without: int


def _leads(session: Session, actor: Actor, now: datetime) -> _Leads:
    """Deliverable and member of everything active that the actor may know of."""
    day = as_of(None, now)
    active = session.scalars(
        states(actor, day, Deliverable.id).where(DeliverableState.status.in_(ACTIVE))
    ).all()
    rows = session.execute(
        select(Assignment.deliverable_id, Assignment.member_id)
        .join(AssignmentSpan)
        .where(
            AssignmentSpan.holds_on(day.day),
            AssignmentSpan.role == AssignmentRole.LEAD,
            AssignmentSpan.state == AssignmentState.ACCEPTED,
        )
        .order_by(Assignment.deliverable_id, Assignment.member_id)
    )
    wanted = set(active)
    pairs = tuple((of, member) for of, member in rows if of in wanted)
    return _Leads(pairs, len(wanted - {of for of, _member in pairs}))


def _asked(session: Session, asking: ReportRound) -> set[tuple[int, int]]:
    """Deliverable and member of every request that was made."""
    rows = session.execute(
        select(ReportRequest.deliverable_id, ReportRequest.member_id).where(
            ReportRequest.round_id == asking.id
        )
    )
    return {(deliverable_id, member_id) for deliverable_id, member_id in rows}


def _round(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    closes_days_before: int,
    seen_version: int,
    now: datetime,
) -> ReportRound:
    asking = session.scalars(
        select(ReportRound).where(ReportRound.meeting_id == meeting.id)
    ).first()
    if (asking.version if asking else 0) != seen_version:
        raise Conflict(N_("Somebody else asked for the reports meanwhile. Look at it again first."))
    if asking is None:
        asking = ReportRound(
            meeting_id=meeting.id,
            closes_days_before=closes_days_before,
            opened_by_id=actor.account_id,
            opened_at=now,
        )
        session.add(asking)
    asking.closes_days_before = closes_days_before
    session.flush()
    return asking


def _newest_update(session: Session, actor: Actor, deliverable: Deliverable) -> int | None:
    return session.scalar(
        select(func.max(StatusUpdate.id)).where(
            StatusUpdate.deliverable_id == deliverable.id, visible(actor, StatusUpdate)
        )
    )


def _newest_verdict(session: Session, asking: ReportRound, deliverable: Deliverable) -> int:
    newest = select(func.max(ReportVerdict.id)).where(
        ReportVerdict.round_id == asking.id, ReportVerdict.deliverable_id == deliverable.id
    )
    return session.scalar(newest) or 0


def _check_asker(actor: Actor) -> None:
    if not can(actor, Permission.REPORT_ASK):
        raise Forbidden(N_("Only a coordinator asks for reports and judges them."))
