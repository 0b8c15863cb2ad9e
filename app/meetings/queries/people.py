"""Who meets in a series: its members, who hosts, who came."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.meetings.models import (
    Attendance,
    Hosting,
    Meeting,
    MeetingSeries,
    MeetingStatus,
    SeriesMember,
)
from app.meetings.queries.cadences import SeriesView
from app.meetings.queries.meetings import Host, possible_hosts
from app.meetings.rules.attendance import Presence
from app.meetings.rules.drift import hosts_in_turn
from app.members.models import Member


@dataclass(frozen=True, slots=True)
class Presences:
    """How a member was present at the meetings whose attendance is recorded. `unknown`: at so
    many of them nothing is recorded of it."""

    code: str
    name: str
    attended: int
    remote: int
    absent: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Hosted:
    code: str
    name: str
    times: int
    last_on: date


@dataclass(frozen=True, slots=True)
class People:
    """`next_hosts`: in their turn; with a fixed host, that one. `recorded`: at how many meetings
    attendance was recorded."""

    hosting: Hosting
    members: tuple[Host, ...]
    next_hosts: tuple[Host, ...]
    hosted: tuple[Hosted, ...]
    presences: tuple[Presences, ...]
    recorded: int


def people_of(session: Session, views: Iterable[SeriesView]) -> Mapping[int, People]:
    """By series: four queries, however many there are."""
    shown = {view.id: view for view in views}
    every = session.scalars(select(MeetingSeries).where(MeetingSeries.id.in_(shown))).all()
    names = {m.id: Host(m.code, m.name) for m in session.scalars(select(Member))}
    members = _members(session, shown)
    came = _presences(session, shown)
    return {
        series.id: _people(series, shown[series.id], members[series.id], names, came[series.id])
        for series in every
    }


def members_of(session: Session, series: MeetingSeries) -> Sequence[Member]:
    """In the order in which they host."""
    query = (
        select(SeriesMember)
        .where(SeriesMember.series_id == series.id)
        .options(joinedload(SeriesMember.member))
        .order_by(SeriesMember.position, SeriesMember.member_id)
    )
    return [row.member for row in session.scalars(query)]


def expected_members(session: Session, meeting: Meeting, day: date) -> Sequence[Member]:
    """Who meets: the members in the series, and all that exist where it names none."""
    named = members_of(session, meeting.series) if meeting.series else ()
    return named or possible_hosts(session, day)


def next_host(session: Session, series: MeetingSeries) -> int | None:
    """Whose turn it is to host what is planned next."""
    if series.hosting is Hosting.FIXED:
        return series.host_id
    order = [member.id for member in members_of(session, series)]
    hosted = session.execute(
        select(Meeting.host_id, Meeting.starts_on).where(
            Meeting.series_id == series.id,
            Meeting.host_id.is_not(None),
            Meeting.status != MeetingStatus.CANCELLED,
        )
    )
    last: dict[int, date] = {}
    for host, day in hosted:
        if host is not None:
            last[host] = max(day, last.get(host, day))
    return next(iter(hosts_in_turn(order, last)), None)


def _members(session: Session, ids: Iterable[int]) -> Mapping[int, Sequence[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    query = select(SeriesMember.series_id, SeriesMember.member_id).where(
        SeriesMember.series_id.in_(ids)
    )
    for series_id, member_id in session.execute(query.order_by(SeriesMember.position)):
        found[series_id].append(member_id)
    return found


Came = list[tuple[int, int, Presence]]


def _presences(session: Session, ids: Iterable[int]) -> Mapping[int | None, Came]:
    """By series: meeting, member, presence."""
    found: defaultdict[int | None, Came] = defaultdict(list)
    query = (
        select(Meeting.series_id, Meeting.id, Attendance.member_id, Attendance.presence)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.series_id.in_(ids))
    )
    for series_id, meeting_id, member_id, presence in session.execute(query):
        found[series_id].append((meeting_id, member_id, presence))
    return found


def _people(
    series: MeetingSeries,
    view: SeriesView,
    members: Sequence[int],
    names: Mapping[int, Host],
    came: Came,
) -> People:
    held = {meeting.id for meeting in view.held}
    shown = [line for line in came if line[0] in held]
    return People(
        hosting=series.hosting,
        members=tuple(names[member] for member in members),
        next_hosts=_next_hosts(series, view, members, names),
        hosted=_hosted(view),
        presences=_counted(shown, members, names),
        recorded=len({meeting for meeting, _, _ in shown}),
    )


def _next_hosts(
    series: MeetingSeries, view: SeriesView, members: Sequence[int], names: Mapping[int, Host]
) -> tuple[Host, ...]:
    if series.hosting is Hosting.FIXED:
        return (names[series.host_id],) if series.host_id else ()
    last = {host.code: host.last_on for host in _hosted(view)}
    ids = {names[member].code: member for member in members}
    turns = hosts_in_turn(members, {ids[c]: day for c, day in last.items() if c in ids})
    return tuple(names[member] for member in turns)


def _hosted(view: SeriesView) -> tuple[Hosted, ...]:
    """The latest first."""
    found: dict[str, Hosted] = {}
    for meeting in reversed(view.held):
        if meeting.host:
            before = found.pop(meeting.host.code, None)
            times = before.times + 1 if before else 1
            code, name = meeting.host.code, meeting.host.name
            found[code] = Hosted(code, name, times, meeting.starts_on)
    return tuple(reversed(found.values()))


def _counted(
    came: Came, members: Sequence[int], names: Mapping[int, Host]
) -> tuple[Presences, ...]:
    recorded = len({meeting for meeting, _, _ in came})
    counts: defaultdict[int, Counter[Presence]] = defaultdict(Counter)
    for _, member, presence in came:
        counts[member][presence] += 1
    everybody = {*members, *counts} if recorded else set()
    rows = [
        Presences(
            names[member].code,
            names[member].name,
            counts[member][Presence.ATTENDED],
            counts[member][Presence.REMOTE],
            counts[member][Presence.ABSENT],
            recorded - counts[member].total(),
        )
        for member in everybody
    ]
    return tuple(sorted(rows, key=lambda row: row.code))
