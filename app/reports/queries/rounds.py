"""What was asked for before a meeting, and what has come in, as a reader may know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf, today
from app.core.permissions import Actor
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, every
from app.meetings.models import Meeting
from app.reports.models import ReportRound, Verdict
from app.reports.queries.facts import Facts, facts_of, open_rounds
from app.reports.rules import Happening, ReportState, Window, closes_on


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict on a report, as it is shown."""

    verdict: Verdict
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One deliverable in a round: how the work is going (`row`) and whether the report is in."""

    row: DeliverableRow
    codes: tuple[str, ...]
    asked_at: datetime
    state: ReportState
    came_at: datetime | None
    newest_update_id: int
    verdicts: tuple[Said, ...]
    newest_verdict_id: int


@dataclass(frozen=True, slots=True)
class RoundView:
    meeting: Meeting
    closes_on: date
    days_before: int
    version: int
    opened_at: datetime
    window: Window
    rows: tuple[ReportRow, ...]

    @property
    def counts(self) -> Mapping[ReportState, int]:
        found = dict.fromkeys(ReportState, 0)
        for row in self.rows:
            found[row.state] += 1
        return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report that a member is to send."""

    deliverable_id: int
    key: str
    title: str
    state: ReportState
    meeting_key: str
    meeting_title: str
    closes_on: date
    note: str
    """What the coordinator said when sending it back."""


def round_of(session: Session, meeting: Meeting) -> ReportRound | None:
    query = select(ReportRound).where(ReportRound.meeting_id == meeting.id)
    return session.scalars(query).first()


def round_view(session: Session, reader: Actor, meeting: Meeting, as_of: AsOf) -> RoundView | None:
    """None where nobody was asked by the day."""
    asking = round_of(session, meeting)
    if asking is None or today(asking.opened_at) > as_of.day:
        return None
    facts = facts_of(session, reader, [(asking, meeting)], as_of)
    listing = {row.id: row for row in every(session, reader, as_of, Filter(ids=facts.ids))}
    rows = [_row(facts, asking, id_, listing[id_]) for id_ in facts.ids if id_ in listing]
    ranks = list(ReportState)
    return RoundView(
        meeting=meeting,
        closes_on=closes_on(meeting.starts_on, asking.closes_days_before),
        days_before=asking.closes_days_before,
        version=asking.version,
        opened_at=asking.opened_at,
        window=facts.windows[asking.id],
        rows=tuple(sorted(rows, key=lambda r: (ranks.index(r.state), r.row.key))),
    )


def report_states(
    session: Session, reader: Actor, as_of: AsOf, member_id: int | None = None
) -> Mapping[int, Wanted]:
    """By deliverable, what stands in the rounds of the meetings to come: of one member, or of all.
    Where several rounds are open, the one that closes first."""
    rounds = open_rounds(session, as_of)
    if not rounds:
        return {}
    facts = facts_of(session, reader, rounds, as_of, member_id)
    found: dict[int, Wanted] = {}
    for asking, meeting in rounds:
        for id_ in facts.ids:
            if (asking.id, id_) in facts.requests and id_ not in found:
                found[id_] = _wanted(facts, asking, meeting, id_)
    return found


def _row(facts: Facts, asking: ReportRound, id_: int, row: DeliverableRow) -> ReportRow:
    requests = facts.requests[asking.id, id_]
    verdicts = facts.verdicts.get((asking.id, id_), ())
    updates = facts.updates.get(id_, ())
    came = [e.at for e in facts.events(asking, id_) if e.what is Happening.CAME]
    asked_at = min(at for _code, at in requests)
    return ReportRow(
        row=row,
        codes=tuple(code for code, _at in requests),
        asked_at=asked_at,
        state=facts.state(asking, id_),
        came_at=max((at for at in came if at >= asked_at), default=None),
        newest_update_id=max((u.id for u in updates), default=0),
        verdicts=tuple(
            Said(v.verdict, v.note, facts.names[v.given_by_id], v.given_at) for v in verdicts
        ),
        newest_verdict_id=max((v.id for v in verdicts), default=0),
    )


def _wanted(facts: Facts, asking: ReportRound, meeting: Meeting, id_: int) -> Wanted:
    key, title, _status = facts.named[id_]
    sent_back = [
        v for v in facts.verdicts.get((asking.id, id_), ()) if v.verdict is Verdict.SENT_BACK
    ]
    return Wanted(
        deliverable_id=id_,
        key=key,
        title=title,
        state=facts.state(asking, id_),
        meeting_key=meeting.key,
        meeting_title=meeting.title,
        closes_on=facts.closing[asking.id],
        note=sent_back[-1].note if sent_back else "",
    )
