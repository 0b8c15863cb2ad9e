"""Keeps `deliverable_states` true to what was logged, in the same transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.core.permissions import Actor, Role
from app.deliverables.models import Deliverable, DeliverableState, ScheduleChange, StatusUpdate
from app.deliverables.rules.counting import Counting
from app.deliverables.rules.history import ScheduleFact, Span, UpdateFact, spans
from app.deliverables.rules.pictures import Audience, Mark, Picture, Viewers, pictures
from app.sharing.models import AudienceAccount, AudienceMember
from app.sharing.queries import visible

AT_ONCE = 500
"""Deliverables whose rows are read in one query."""

T = TypeVar("T")
Counted = tuple[frozenset[int], bool]
"""Which updates: without these, and whether the open ones alone."""
WAITING = "deliverables_whose_states_wait"


class Histories:
    """The state of some deliverables on every day, from the rows that were logged: as the reader
    may know it (none, or the import of a record: from all of them)."""

    def __init__(
        self, session: Session, deliverables: Collection[Deliverable], reader: Actor | None = None
    ) -> None:
        self._reader = reader if reader and reader.role is not Role.RECORDER else None
        self._since = {each.id: each.exists_from for each in deliverables}
        self._updates: defaultdict[int, list[UpdateFact]] = defaultdict(list)
        self._marks: defaultdict[int, dict[int, Mark]] = defaultdict(dict)
        self._schedules: defaultdict[int, list[ScheduleFact]] = defaultdict(list)
        self._ahead = count(1 << 62)
        self._counting: defaultdict[int, dict[Counted, Counting]] = defaultdict(dict)
        session.flush()
        for some in _in_portions(deliverables):
            self._read(session, [each.id for each in some])

    def of(self, deliverable: Deliverable, without: int | None = None) -> tuple[Span, ...]:
        """`without`: as if the update of this number had never been logged."""
        own = deliverable.id
        updates = [update for update in self._updates[own] if update.id != without]
        return spans(self._since[own], updates, self._schedules[own])

    def counting(self, deliverable: Deliverable, without: frozenset[int] = frozenset()) -> Counting:
        """Which updates are in effect. It is kept, and what is foreseen is counted in."""
        own = deliverable.id
        return self._kept(own, (without, False), self._updates[own])

    def openly(self, deliverable: Deliverable, without: frozenset[int] = frozenset()) -> Counting:
        """The same, from those updates alone that every coordinator sees who sees the deliverable:
        for what is told of another update."""
        own = deliverable.id
        as_itself = Mark(deliverable.marking, deliverable.audience_id)
        updates = (
            update
            for update in self._updates[own]
            if update.marking is not Marking.RED or self._marks[own].get(update.id) == as_itself
        )
        return self._kept(own, (without, True), updates)

    def pictures_of(
        self, deliverable: Deliverable, audiences: Mapping[int, Audience]
    ) -> list[tuple[Picture, tuple[Span, ...]]]:
        """What each kind of reader knows of it. Only where all updates were read."""
        own = deliverable.id
        mark = Mark(deliverable.marking, deliverable.audience_id)
        return [
            (picture, spans(self._since[own], self._among(own, picture), self._schedules[own]))
            for picture in pictures(mark, self._marks[own], audiences)
        ]

    @property
    def audience_ids(self) -> frozenset[int]:
        marks = (mark for of_one in self._marks.values() for mark in of_one.values())
        return frozenset(mark.audience_id for mark in marks if mark.audience_id is not None)

    def foresee(self, deliverable_id: int, update: UpdateFact) -> None:
        """Count an update in that has no number yet: it is the one logged last."""
        fact = replace(update, id=next(self._ahead))
        self._updates[deliverable_id].append(fact)
        for (_, is_open), counting in self._counting[deliverable_id].items():
            if not (is_open and fact.marking is Marking.RED):
                counting.take(fact)

    def _kept(self, own: int, counted: Counted, updates: Iterable[UpdateFact]) -> Counting:
        kept = self._counting[own]
        if counted not in kept:
            kept[counted] = Counting(updates, counted[0])
        return kept[counted]

    def _among(self, deliverable_id: int, picture: Picture) -> list[UpdateFact]:
        return [u for u in self._updates[deliverable_id] if u.id in picture.updates]

    def _read(self, session: Session, ids: Sequence[int]) -> None:
        updates = select(StatusUpdate).where(StatusUpdate.deliverable_id.in_(ids))
        if self._reader is not None:
            updates = updates.where(visible(self._reader, StatusUpdate))
        for update in session.scalars(updates):
            self._updates[update.deliverable_id].append(_as_fact(update, update.id))
            mark = Mark(update.marking, update.audience_id)
            self._marks[update.deliverable_id][update.id] = mark
        changes = select(ScheduleChange).where(ScheduleChange.deliverable_id.in_(ids))
        for change in session.scalars(changes):
            fact = ScheduleFact(change.id, change.effective_on, change.deadline_id, change.due_on)
            self._schedules[change.deliverable_id].append(fact)


def history(session: Session, reader: Actor, deliverable: Deliverable) -> tuple[Span, ...]:
    """The state of the deliverable on every day, as far as the reader may know it."""
    return Histories(session, [deliverable], reader).of(deliverable)


@contextmanager
def put_off(session: Session) -> Iterator[dict[int, Deliverable]]:
    """Within this the states are left as they are; at its end they are brought up to date, each
    deliverable once. For work that changes many and reads none of their states. Gives those that
    wait: whoever takes the work back empties it."""
    waiting: dict[int, Deliverable] = {}
    session.info[WAITING] = waiting
    try:
        yield waiting
    finally:
        del session.info[WAITING]
    rebuild(session, waiting.values())


def rebuild(session: Session, deliverables: Collection[Deliverable]) -> None:
    """Write what differs between the stored states and what follows from the rows."""
    waiting = session.info.get(WAITING)
    if waiting is not None:
        waiting.update({each.id: each for each in deliverables})
        return
    session.flush()
    for some in _in_portions(deliverables):
        stored = _stored(session, [each.id for each in some])
        histories = Histories(session, some)
        audiences = _audiences(session, histories.audience_ids)
        new: list[Row] = []
        for deliverable in some:
            there = stored.get(deliverable.id, [])
            wanted = _rows(deliverable, histories.pictures_of(deliverable, audiences))
            new += _bring_up_to_date(session, there, wanted)
        session.flush()
        if new:
            session.execute(insert(DeliverableState), new)


def _in_portions(things: Collection[T]) -> Iterator[list[T]]:
    every = list(things)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def _stored(session: Session, ids: Collection[int]) -> dict[int, list[DeliverableState]]:
    stored: dict[int, list[DeliverableState]] = {}
    of_them = select(DeliverableState).where(DeliverableState.deliverable_id.in_(ids))
    for state in session.scalars(of_them):
        stored.setdefault(state.deliverable_id, []).append(state)
    return stored


def _audiences(session: Session, ids: Collection[int]) -> dict[int, Audience]:
    members: defaultdict[int, set[int]] = defaultdict(set)
    accounts: defaultdict[int, set[int]] = defaultdict(set)
    for some in _in_portions(ids):
        of_members = select(AudienceMember).where(AudienceMember.audience_id.in_(some))
        for named in session.scalars(of_members):
            members[named.audience_id].add(named.member_id)
        of_accounts = select(AudienceAccount).where(AudienceAccount.audience_id.in_(some))
        for account in session.scalars(of_accounts):
            accounts[account.audience_id].add(account.account_id)
    return {id_: Audience(frozenset(members[id_]), frozenset(accounts[id_])) for id_ in ids}


Row = dict[str, Any]
RowKey = tuple[int, date]


def _rows(
    deliverable: Deliverable, known: Sequence[tuple[Picture, Sequence[Span]]]
) -> dict[RowKey, Row]:
    """By number of the picture and first day."""
    return {
        (number, span.from_on): {
            "deliverable_id": deliverable.id,
            "picture": number,
            "from_on": span.from_on,
            **_as_row(span),
            **_as_viewers(picture),
        }
        for number, (picture, history) in enumerate(known)
        for span in history
    }


def _bring_up_to_date(
    session: Session, stored: Sequence[DeliverableState], wanted: dict[RowKey, Row]
) -> list[Row]:
    """Change and delete stored states; gives the rows that are not there yet."""
    for state in stored:
        row = wanted.pop((state.picture, state.from_on), None)
        if row is None:
            session.delete(state)
        else:
            for name, value in row.items():
                setattr(state, name, value)
    return list(wanted.values())


def _as_viewers(picture: Picture) -> Row:
    return {
        **{f"for_{each}": each in picture.viewers for each in Viewers},
        "member_id": picture.member_id,
        "account_id": picture.account_id,
    }


def _as_row(span: Span) -> Row:
    return {
        "until_on": span.until_on,
        "status": span.status,
        "status_since": span.status_since,
        "health": span.health,
        "progress": span.progress,
        "update_id": span.update_id,
        "schedule_id": span.schedule_id,
        "deadline_id": span.deadline_id,
        "own_due_on": span.due_on,
        "delivered_on": span.delivered_on,
        "updated_on": span.updated_on,
        "is_blocked": bool(span.blocker.strip()),
        "marking": span.marking,
    }


def _as_fact(update: StatusUpdate, id: int) -> UpdateFact:
    return UpdateFact(
        id,
        update.effective_on,
        update.status,
        update.health,
        update.progress,
        update.blocker,
        update.corrects_id,
        update.marking,
    )
