"""What the state of a report follows from: who was asked, which updates came, what was said."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf, today
from app.core.permissions import Actor, Role
from app.deliverables.models import Deliverable, DeliverableState, StatusUpdate
from app.deliverables.queries.states import states
from app.deliverables.rules.moves import ACTIVE, Status
from app.meetings.models import Meeting, MeetingStatus
from app.members.models import Member
from app.people.models import Account
from app.reports.models import ReportRequest, ReportRound, ReportVerdict
from app.reports.rules import Event, Happening, ReportState, Window, closes_on, state, window_of
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class Facts:
    ids: tuple[int, ...]
    named: Mapping[int, tuple[str, str, Status]]
    requests: Mapping[tuple[int, int], tuple[tuple[str, datetime], ...]]
    updates: Mapping[int, Sequence[StatusUpdate]]
    verdicts: Mapping[tuple[int, int], Sequence[ReportVerdict]]
    names: Mapping[int, str]
    windows: Mapping[int, Window]
    closing: Mapping[int, date]
    dueness: date

    def events(self, asking: ReportRound, id_: int) -> list[Event]:
        """Updates of the window that the meeting closes, in the order in which they were logged."""
        window = self.windows[asking.id]
        updates = self.updates.get(id_, ())
        happened = zip(updates, _happened(updates), strict=True)
        came = [event for update, event in happened if window.holds(update.effective_on)]
        said = [
            Event(v.given_at, v.update_id, Happening(v.verdict.value))
            for v in self.verdicts.get((asking.id, id_), ())
        ]
        return [*came, *said]

    def state(self, asking: ReportRound, id_: int) -> ReportState:
        asked_at = min(at for _code, at in self.requests[asking.id, id_])
        return state(
            asked_at,
            self.events(asking, id_),
            is_active=self.named[id_][2] in ACTIVE,
            closing_on=self.closing[asking.id],
            dueness=self.dueness,
        )


def _happened(updates: Iterable[StatusUpdate]) -> list[Event]:
    """A coordinator who delivers or sends back the work settles the report with it."""
    events: list[Event] = []
    before: Status | None = None
    for update in updates:
        what = Happening.CAME
        if update.account.role is Role.COORDINATOR:
            if update.status is Status.DELIVERED:
                what = Happening.ACCEPTED
            elif (before, update.status) == (Status.IN_REVIEW, Status.IN_PROGRESS):
                what = Happening.SENT_BACK
        events.append(Event(update.recorded_at, update.id, what))
        before = update.status
    return events


def open_rounds(session: Session, as_of: AsOf) -> list[tuple[ReportRound, Meeting]]:
    """Of the meetings that are still planned; the one that closes first comes first."""
    rows = session.execute(
        select(ReportRound, Meeting)
        .join(Meeting, Meeting.id == ReportRound.meeting_id)
        .where(Meeting.status == MeetingStatus.PLANNED)
    )
    known = [pair for pair in rows if today(pair[0].opened_at) <= as_of.day]
    return sorted(known, key=lambda p: closes_on(p[1].starts_on, p[0].closes_days_before))


def facts_of(
    session: Session,
    reader: Actor,
    rounds: Sequence[tuple[ReportRound, Meeting]],
    as_of: AsOf,
    member_id: int | None = None,
) -> Facts:
    ids = [asking.id for asking, _meeting in rounds]
    requests = _requests(session, ids, as_of, member_id)
    of = sorted({deliverable_id for _round, deliverable_id in requests})
    rows = session.execute(
        states(
            reader,
            as_of,
            Deliverable.id,
            Deliverable.key,
            Deliverable.title,
            DeliverableState.status,
        ).where(Deliverable.id.in_(of))
    )
    named = {id_: (key, title, status) for id_, key, title, status in rows}
    since = min((asking.opened_at for asking, _meeting in rounds), default=None)
    verdicts = _verdicts(session, ids, as_of)
    return Facts(
        ids=tuple(id_ for id_ in of if id_ in named),
        named=named,
        requests=requests,
        updates=_updates(session, reader, named, since, as_of),
        verdicts=verdicts,
        names=_names(session, {v.given_by_id for said in verdicts.values() for v in said}),
        windows=_windows(session, rounds),
        closing={
            asking.id: closes_on(meeting.starts_on, asking.closes_days_before)
            for asking, meeting in rounds
        },
        dueness=as_of.dueness,
    )


def _requests(
    session: Session, round_ids: Sequence[int], as_of: AsOf, member_id: int | None
) -> dict[tuple[int, int], tuple[tuple[str, datetime], ...]]:
    """By round and deliverable: the members asked, and when."""
    query = (
        select(ReportRequest, Member.code)
        .join(Member, Member.id == ReportRequest.member_id)
        .where(ReportRequest.round_id.in_(round_ids))
        .order_by(Member.code)
    )
    if member_id is not None:
        query = query.where(ReportRequest.member_id == member_id)
    found: defaultdict[tuple[int, int], tuple[tuple[str, datetime], ...]] = defaultdict(tuple)
    for request, code in session.execute(query):
        if today(request.asked_at) <= as_of.day:
            found[request.round_id, request.deliverable_id] += ((code, request.asked_at),)
    return dict(found)


def _updates(
    session: Session,
    reader: Actor,
    ids: Iterable[int],
    since: datetime | None,
    as_of: AsOf,
) -> Mapping[int, Sequence[StatusUpdate]]:
    """In the order in which they were logged; the first is the last from before the asking, which
    tells from where the next one moved."""
    known = list(ids)
    if since is None or not known:
        return {}
    earlier = (
        select(func.max(StatusUpdate.id))
        .where(
            StatusUpdate.deliverable_id.in_(known),
            StatusUpdate.recorded_at < since,
            visible(reader, StatusUpdate),
        )
        .group_by(StatusUpdate.deliverable_id)
    )
    query = (
        select(StatusUpdate)
        .where(
            StatusUpdate.deliverable_id.in_(known),
            or_(StatusUpdate.recorded_at >= since, StatusUpdate.id.in_(earlier)),
            visible(reader, StatusUpdate),
        )
        .options(joinedload(StatusUpdate.account).load_only(Account.id, Account.role))
        .order_by(StatusUpdate.id)
    )
    found: defaultdict[int, list[StatusUpdate]] = defaultdict(list)
    for update in session.scalars(query):
        if today(update.recorded_at) <= as_of.day:
            found[update.deliverable_id].append(update)
    return found


def _verdicts(
    session: Session, round_ids: Sequence[int], as_of: AsOf
) -> dict[tuple[int, int], list[ReportVerdict]]:
    query = (
        select(ReportVerdict)
        .where(ReportVerdict.round_id.in_(round_ids))
        .order_by(ReportVerdict.id)
    )
    found: defaultdict[tuple[int, int], list[ReportVerdict]] = defaultdict(list)
    for verdict in session.scalars(query):
        if today(verdict.given_at) <= as_of.day:
            found[verdict.round_id, verdict.deliverable_id].append(verdict)
    return dict(found)


def _names(session: Session, account_ids: Iterable[int]) -> dict[int, str]:
    rows = select(Account.id, Account.name).where(Account.id.in_(list(account_ids)))
    return dict(session.execute(rows).all())


def _windows(session: Session, rounds: Iterable[tuple[ReportRound, Meeting]]) -> dict[int, Window]:
    """By round, the window that its meeting closes, among the meetings of its series."""
    by_series: defaultdict[int | None, list[date]] = defaultdict(list)
    rows = session.execute(
        select(Meeting.series_id, Meeting.starts_on).where(
            Meeting.series_id.in_({meeting.series_id for _asking, meeting in rounds}),
            Meeting.status != MeetingStatus.CANCELLED,
        )
    )
    for series_id, starts_on in rows:
        by_series[series_id].append(starts_on)
    return {
        asking.id: window_of(meeting.starts_on, [meeting.starts_on, *by_series[meeting.series_id]])
        for asking, meeting in rounds
    }
