"""What is kept in memory of today is what the database would count, whatever was done last."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from cast import Cast
from raw_count import RandomNetwork
from sqlalchemy.orm import Session

from app.core.clock import AsOf, as_of
from app.core.errors import Refused
from app.core.markings import Channel, Marking, highest_read, watch
from app.core.permissions import Actor
from app.deadlines.actions import When, move
from app.deliverables.actions.marks import mark_deliverable
from app.deliverables.actions.muting import MuteEntry, mute
from app.deliverables.actions.planning import depend_on
from app.deliverables.actions.schedule import reschedule
from app.deliverables.models import AssignmentRole, AssignmentState, Deliverable
from app.deliverables.queries import progress
from app.deliverables.queries.filters import EVERYTHING, Filter
from app.deliverables.queries.judging import judgements
from app.deliverables.queries.parts import counts_by_member
from app.deliverables.queries.present import count_if_kept
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.moves import Health, Status
from app.extensions import db
from app.people import actions, tokens
from app.sharing import remembering
from app.sharing.rules import Sharing
from app.web.database import Tracker

TODAY = as_of(None, make.NOW)
STEPS = 22


class Doings:
    """One thing after the other, at random: what is refused changes nothing."""

    def __init__(self, network: RandomNetwork, cast: Cast) -> None:
        self.network, self.session, self.cast = network, network.session, cast
        self.by, self.chance = cast.coordinator, network.chance
        self.kinds: tuple[Callable[[Deliverable], Any], ...] = (
            self.log,
            self.log,
            self.log,
            self.mark,
            self.assign,
            self.reschedule,
            self.need,
            self.mute,
            self.add,
            self.postpone,
            self.sign_in,
        )

    def one(self) -> None:
        try:
            self.chance.choice(self.kinds)(self.chance.choice(self.network.deliverables))
            self.session.commit()
        except Refused:
            self.session.rollback()

    def sharing(self) -> Sharing:
        named = self.chance.choice(self.network.members).id
        reader = self.chance.choice([self.cast.liaison, self.cast.observer]).id
        return self.chance.choice(
            [
                Sharing(Marking.CLEAR),
                Sharing(Marking.GREEN),
                Sharing(Marking.AMBER, frozenset({named})),
                Sharing(Marking.AMBER_STRICT),
                Sharing(Marking.RED, accounts=frozenset({self.by.id, reader})),
            ]
        )

    def log(self, on: Deliverable) -> None:
        status = self.chance.choice(list(Status))
        health = self.chance.choice([None, *Health]) if status in progress_open else None
        make.update(
            self.session,
            on,
            status,
            make.NOW.date() - timedelta(self.chance.randrange(3)),
            by=self.by,
            note="So it was reported",
            health=health,
            progress=self.chance.choice([None, 10, 70]),
            blocker=self.chance.choice(["", "", "Waiting for data"]),
            sharing=self.chance.choice([None, None, self.sharing()]),
        )

    def mark(self, on: Deliverable) -> None:
        wanted = self.sharing()
        mark_deliverable(self.session, self.by.actor, on, wanted, on.version, make.NOW)

    def assign(self, on: Deliverable) -> None:
        to, role = self.chance.choice(self.network.members), self.chance.choice([*AssignmentRole])
        state = self.chance.choice([*AssignmentState])
        day = make.NOW.date()
        make.assignment(self.session, on, to, role, state, by=self.by, from_on=day)

    def reschedule(self, on: Deliverable) -> None:
        reschedule(
            self.session,
            self.by.actor,
            on,
            self.network._due(),
            effective_on=make.NOW.date(),
            reason="It took longer",
            seen_version=on.version,
            now=make.NOW,
        )

    def need(self, on: Deliverable) -> None:
        others = [each for each in self.network.deliverables if each.id < on.id]
        needs = self.chance.sample(others, min(2, len(others)))
        depend_on(self.session, self.by.actor, on, needs, make.NOW)

    def mute(self, on: Deliverable) -> None:
        until = make.NOW.date() + timedelta(9)
        flag = self.chance.choice([*Flag])
        entry = MuteEntry(flag=flag, until_on=until, reason="It can wait")
        mute(self.session, self.by.actor, on, entry, make.NOW)

    def add(self, _on: Deliverable) -> None:
        self.network.deliverables.append(self.network._deliverable())

    def postpone(self, _on: Deliverable) -> None:
        deadline = self.chance.choice(self.network.deadlines)
        move(
            self.session,
            self.by.actor,
            deadline,
            When(starts_on=make.NOW.date() + timedelta(self.chance.randrange(-30, 30))),
            effective_on=make.NOW.date(),
            reason="The hall is full",
            seen_version=deadline.version,
            now=make.NOW,
        )

    def sign_in(self, _on: Deliverable) -> None:
        hashed = tokens.token_hash(tokens.new_token())
        actions.sign_in(self.session, self.by.id, hashed, "127.0.0.1", "Test", make.NOW)


progress_open = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.IN_REVIEW)


def told(session: Session, reader: Actor, day: AsOf, network: RandomNetwork) -> dict[str, Any]:
    """All that the pages of today are made of, with the marking that each says it has."""
    groups = {
        "network": progress.of_network,
        "priorities": progress.by_priority,
        "deadlines": progress.by_deadline,
        "members": progress.by_member,
        "parts": counts_by_member,
        **{
            repr(which): lambda *given, which=which: judgements(*given, which)
            for which in (
                EVERYTHING,
                Filter(priority_id=network.priorities[0].id),
                Filter(deadline_id=network.deadlines[0].id),
                Filter(member_id=network.members[0].id),
                Filter(statuses=[Status.IN_PROGRESS]),
            )
        },
    }
    found: dict[str, Any] = {}
    for name, ask in groups.items():
        watch()
        found[name] = ask(session, reader, day)  # type: ignore[operator]
        found[f"{name}, marked"] = highest_read(Marking.GREEN)
    return found


@pytest.mark.parametrize("seed", [1, 3])
def test_what_is_kept_up_is_what_would_be_counted(
    app: Tracker, session: Session, cast: Cast, seed: int
) -> None:
    network = RandomNetwork(session, cast, seed)
    remembering.forget()
    doings = Doings(network, cast)
    chance = random.Random(seed)
    readers = [account.actor for account in cast.accounts]
    readers += [
        cast.coordinator.actor.through(Channel.MAIL),
        cast.liaison.actor.through(Channel.API),
    ]
    for _ in range(STEPS):
        doings.one()
        reader = chance.choice(readers)
        with db.glance() as glance:
            kept = told(glance, reader, TODAY, network)
            # A session that writes counts anew.
            assert kept == told(session, reader, TODAY, network)
            in_review = kept["network"].by_status[Status.IN_REVIEW]
            assert count_if_kept(glance, reader, TODAY, Status.IN_REVIEW) == in_review


def test_a_reader_with_an_older_snapshot_is_told_of_that(
    app: Tracker, session: Session, cast: Cast
) -> None:
    network = RandomNetwork(session, cast, 4)
    remembering.forget()
    with db.glance() as old:
        before = told(session, cast.observer.actor, TODAY, network)
        remembering.standpoint(old, cast.observer.actor)  # from here on it sees what there is now
        session.commit()
        make.deliverable(session, by=cast.coordinator)
        session.commit()
        with db.glance() as new:
            after = told(new, cast.observer.actor, TODAY, network)
        assert after["network"].total == before["network"].total + 1
        assert told(old, cast.observer.actor, TODAY, network) == before


def test_signing_in_makes_nothing_be_worked_out_anew(
    app: Tracker, session: Session, cast: Cast
) -> None:
    make.deliverable(session, by=cast.coordinator)
    session.commit()
    remembering.forget()
    reader, made = cast.observer.actor, []

    def ask() -> None:
        with db.glance() as glance:
            remembering.remembered(glance, reader, None, "once", lambda: made.append(1))

    ask()
    hashed = tokens.token_hash(tokens.new_token())
    actions.sign_in(session, cast.liaison.id, hashed, "127.0.0.1", "Test", make.NOW)
    session.commit()
    ask()
    assert len(made) == 1
    make.deliverable(session, by=cast.coordinator)
    session.commit()
    ask()
    assert len(made) == 2
