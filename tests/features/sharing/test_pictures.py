"""What a reader is told of deliverables comes from the updates that the reader may see, and from no
other: against a slow twin that looks at every row, for random histories, markings, audiences,
readers, ways and days."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import make
import pytest
from cast import Cast
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.markings import Channel, Marking, highest
from app.core.permissions import Actor, Role
from app.deliverables.actions import states as stored
from app.deliverables.models import (
    AssignmentRole,
    AssignmentState,
    Deliverable,
    DeliverableState,
    StatusUpdate,
)
from app.deliverables.queries import progress
from app.deliverables.queries.listing import listed
from app.deliverables.queries.states import states
from app.deliverables.rules.history import Span, UpdateFact, spans, state_on
from app.deliverables.rules.moves import ACTIVE, Health, Status
from app.people.models import Account
from app.sharing.actions import audience_of
from app.sharing.rules import Sharing

DAYS = [make.PLANNED_ON + timedelta(n) for n in (-1, 0, 2, 5, 9, 30)]
MARKINGS = list(Marking)


@dataclass(frozen=True)
class Thing:
    """A deliverable with all there is about it, in plain sight."""

    row: Deliverable
    sharing: Sharing
    updates: tuple[tuple[StatusUpdate, Sharing], ...]
    part: int | None
    """The member that has a part in it."""


class World:
    """Deliverables at random, and everybody who may ask about them."""

    def __init__(self, session: Session, cast: Cast, seed: int) -> None:
        self.session, self.chance = session, random.Random(seed)
        self.members = [cast.kenya.id, cast.britain.id]
        second = make.account(session, Role.LIAISON, member_id=cast.kenya.id)
        self.accounts: list[Account] = [*cast.accounts, second]
        self.by = cast.coordinator
        self.priority = make.priority(session)
        self.things = [self._thing() for _ in range(25)]
        session.flush()
        stored.rebuild(session, [thing.row for thing in self.things])
        session.flush()
        self.numbers = {thing.row.id: thing for thing in self.things}

    def readers(self) -> Iterator[Actor | None]:
        yield None
        for account in self.accounts:
            for channel in Channel:
                yield account.actor.through(channel)

    def _thing(self) -> Thing:
        own = self._sharing()
        row = make.deliverable(
            self.session, by=self.by, priority=self.priority, marking=own.marking
        )
        row.audience_id = audience_of(self.session, own)
        part = self.chance.choice([None, None, *self.members])
        if part is not None:
            member = make.Member(id=part)
            state = self.chance.choice([AssignmentState.ACCEPTED, AssignmentState.PROPOSED])
            make.assignment(self.session, row, member, AssignmentRole.REVIEWER, state, by=self.by)
        made = [self._update(row, own) for _ in range(self.chance.randrange(6))]
        return Thing(row, own, tuple(made), part)

    def _update(self, row: Deliverable, own: Sharing) -> tuple[StatusUpdate, Sharing]:
        inherits = self.chance.random() < 0.4
        sharing = own if inherits else self._sharing()
        status = self.chance.choice(list(Status))
        corrected = [u for u in self._of(row) if self.chance.random() < 0.2]
        update = StatusUpdate(
            deliverable_id=row.id,
            effective_on=self.chance.choice(DAYS),
            recorded_at=make.NOW,
            account_id=self.by.id,
            status=status,
            health=self.chance.choice([None, *Health]) if status in ACTIVE else None,
            progress=self.chance.choice([None, 0, 40, 100]),
            blocker=self.chance.choice(["", "No budget"]),
            corrects_id=corrected[0].id if corrected else None,
            marking=sharing.marking,
            audience_id=row.audience_id if inherits else audience_of(self.session, sharing),
        )
        self.session.add(update)
        self.session.flush()
        return update, sharing

    def _of(self, row: Deliverable) -> Iterable[StatusUpdate]:
        return self.session.query(StatusUpdate).filter_by(deliverable_id=row.id).all()

    def _sharing(self) -> Sharing:
        marking = self.chance.choice(MARKINGS)
        named = frozenset(m for m in self.members if self.chance.random() < 0.4)
        accounts = frozenset(a.id for a in self.accounts if self.chance.random() < 0.3)
        amber = marking in (Marking.AMBER, Marking.AMBER_STRICT)
        return Sharing(
            marking,
            named if amber else frozenset(),
            accounts if marking is Marking.RED else frozenset(),
        )


def may_see(reader: Actor | None, sharing: Sharing, part: int | None) -> bool:
    """The table of the domain, word by word."""
    if reader is None:
        return sharing.marking is Marking.CLEAR
    on_screen_or_asked_for = reader.channel in (Channel.SCREEN, Channel.EXPORT, Channel.API)
    match sharing.marking:
        case Marking.CLEAR | Marking.GREEN:
            return True
        case Marking.RED:
            return reader.channel is Channel.SCREEN and reader.account_id in sharing.accounts
        case Marking.AMBER_STRICT if not (on_screen_or_asked_for or reader.channel is Channel.TEXT):
            return False
    coordinates = reader.role in (Role.COORDINATOR, Role.ADMINISTRATOR)
    return coordinates or (
        reader.member_id is not None
        and (reader.member_id == part or reader.member_id in sharing.members)
    )


def goes_into_texts(thing: Thing, update: StatusUpdate) -> bool:
    """What everybody sees who sees the deliverable."""
    own = thing.row
    amber = {Marking.AMBER, Marking.AMBER_STRICT}
    same = own.marking is update.marking or {own.marking, update.marking} == amber
    return update.marking in (Marking.CLEAR, Marking.GREEN) or (
        same and own.audience_id == update.audience_id
    )


def known(reader: Actor | None, thing: Thing) -> tuple[Span, ...]:
    seen = [
        update
        for update, sharing in thing.updates
        if may_see(reader, sharing, thing.part)
        and (reader is None or reader.channel is not Channel.TEXT or goes_into_texts(thing, update))
    ]
    facts = [
        UpdateFact(
            u.id,
            u.effective_on,
            u.status,
            u.health,
            u.progress,
            u.blocker,
            u.corrects_id,
            u.marking,
        )
        for u in seen
    ]
    return spans(thing.row.exists_from, facts, [])


def expected(world: World, reader: Actor | None, day: date) -> dict[int, tuple[Any, ...]]:
    found = {}
    for thing in world.things:
        if not may_see(reader, thing.sharing, thing.part):
            continue
        state = state_on(known(reader, thing), day)
        if state is not None:
            found[thing.row.id] = (
                state.status,
                state.status_since,
                state.health,
                state.progress,
                state.update_id,
                state.delivered_on,
                state.updated_on,
                bool(state.blocker),
                state.marking,
            )
    return found


COLUMNS = (
    DeliverableState.status,
    DeliverableState.status_since,
    DeliverableState.health,
    DeliverableState.progress,
    DeliverableState.update_id,
    DeliverableState.delivered_on,
    DeliverableState.updated_on,
    DeliverableState.is_blocked,
    DeliverableState.marking,
)


@pytest.mark.parametrize("seed", range(4))
def test_each_reader_is_told_what_follows_from_the_updates_that_it_sees(
    session: Session, cast: Cast, seed: int
) -> None:
    world = World(session, cast, seed)
    differing = set()
    for reader in world.readers():
        for day in DAYS:
            as_of = AsOf(day, day, make.NOW.date())
            rows = session.execute(states(reader, as_of, DeliverableState.deliverable_id, *COLUMNS))
            found = [(row[0], tuple(row[1:])) for row in rows]
            assert len(found) == len(dict(found)), (reader, day, "told twice")
            assert dict(found) == expected(world, reader, day), (reader, day)
            differing.add(str(found))
    assert len(differing) > 20


def test_lists_flags_and_counts_agree_with_what_the_reader_is_told(
    session: Session, cast: Cast
) -> None:
    world = World(session, cast, 11)
    for reader in world.readers():
        for day in DAYS[1::2]:
            as_of = AsOf(day, day, make.NOW.date())
            told = expected(world, reader, day)
            rows = {row.id: row for row in listed(session, reader, as_of).rows}
            assert rows.keys() == told.keys()
            for id_, row in rows.items():
                assert (row.status, row.health, row.progress) == (
                    told[id_][0],
                    told[id_][2],
                    told[id_][3],
                )
                flags = {raised.flag.value for raised in row.flags}
                is_active = row.status in ACTIVE
                assert ("blocked" in flags) == (is_active and told[id_][7])
                assert ("off_track" in flags) == (told[id_][2] is Health.OFF_TRACK)
            counted = progress.of_network(session, reader, as_of)
            statuses = [state[0] for state in told.values()]
            assert {s: n for s, n in counted.by_status.items() if n} == {
                s: statuses.count(s) for s in set(statuses)
            }


def test_what_is_stored_is_what_a_new_start_would_store(session: Session, cast: Cast) -> None:
    world = World(session, cast, 5)
    before = sorted(map(repr, rows_of(session)))
    stored.rebuild(session, [thing.row for thing in world.things])
    session.flush()
    assert sorted(map(repr, rows_of(session))) == before
    session.execute(DeliverableState.__table__.delete())
    session.expire_all()
    stored.rebuild(session, [thing.row for thing in world.things])
    session.flush()
    assert sorted(map(repr, rows_of(session))) == before


def rows_of(session: Session) -> list[Any]:
    return [tuple(row) for row in session.execute(DeliverableState.__table__.select())]


def test_the_highest_marking_is_told_of_what_says_so(session: Session, cast: Cast) -> None:
    own = make.deliverable(session, by=cast.coordinator)
    make.update(session, own, Status.IN_PROGRESS, DAYS[1], by=cast.coordinator)
    amber = Sharing(Marking.AMBER)
    make.update(session, own, Status.IN_REVIEW, DAYS[2], by=cast.coordinator, sharing=amber)
    make.update(session, own, Status.IN_REVIEW, DAYS[3], by=cast.coordinator)
    as_of = AsOf(DAYS[4], DAYS[4], make.NOW.date())
    for reader, since, marking in (
        (cast.coordinator, DAYS[2], Marking.AMBER),
        (cast.observer, DAYS[3], Marking.GREEN),
    ):
        columns = (DeliverableState.status_since, DeliverableState.marking)
        row = session.execute(states(reader.actor, as_of, *columns)).one()
        assert (row[0], highest([row[1]])) == (since, marking)
