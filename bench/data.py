"""A made-up network of a size, written straight into a database of its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, insert, inspect, make_url, select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.clock import now
from app.core.db import make_engine, reading, writing
from app.core.history import FOREVER
from app.core.migrating import upgrade
from app.core.permissions import Actor, Role
from app.deadlines.models import Deadline, DeadlineDate, DeadlineKind
from app.deliverables.actions.states import history
from app.deliverables.actions.updates import UpdateEntry, log_update
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    DeliverableKind,
    DeliverableState,
    Dependency,
    ScheduleChange,
    StatusUpdate,
)
from app.deliverables.rules.history import ScheduleFact, UpdateFact, spans, state_on
from app.deliverables.rules.moves import ACTIVE, Health, Status
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus
from app.members.models import (
    DecisionRule,
    Function,
    Level,
    Member,
    MemberFunction,
    MemberStanding,
    MemberStatus,
    Network,
    NetworkName,
)
from app.people.models import Account
from app.people.passwords import hashed
from app.priorities.models import Basis, Horizon, Priority, PriorityFunction, Theme
from bench.sizes import Size

EMAIL, PASSWORD = "bench@example.org", "wide river under seven bridges"
MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"
LENGTH = 300  # days of history
AT_ONCE = 5_000
FORWARD = (
    Status.NOT_STARTED,
    Status.IN_PROGRESS,
    Status.IN_REVIEW,
    Status.DELIVERED,
)


class Made:
    """Rows of everything, in the order in which they can be written."""

    def __init__(self, size: Size, seed: int = 1) -> None:
        self.size, self.chance, self.now = size, Random(seed), now()
        self.today = self.now.date()
        self.start = self.today - timedelta(LENGTH)
        self.logged = {"recorded_by_id": 1, "recorded_at": self.now}
        self.update_id = 0

    def around(self) -> Iterator[tuple[type[Any], list[dict[str, Any]]]]:
        """Everything but deliverables and their history."""
        yield Network, [self._network()]
        yield NetworkName, [self._name()]
        yield Member, [self._member(n) for n in self._members]
        yield MemberStanding, [self._standing(n) for n in self._members]
        yield Account, [self._account()]
        yield Function, [self._function(n) for n in range(1, 10)]
        yield MemberFunction, list(self._levels())
        yield Priority, [self._priority(n) for n in range(1, self.size.priorities + 1)]
        yield (
            PriorityFunction,
            [
                {"priority_id": n, "function_id": f}
                for n in range(1, self.size.priorities + 1)
                for f in self.chance.sample(range(1, 10), 2)
            ],
        )
        yield Deadline, [self._deadline(n) for n in self._deadlines]
        yield DeadlineDate, [self._date(n) for n in self._deadlines]
        yield MeetingSeries, [self._series()]
        yield Meeting, [self._meeting(n) for n in range(1, 4)]

    def work(self, numbers: Sequence[int]) -> Iterator[tuple[type[Any], list[dict[str, Any]]]]:
        """Some of the deliverables, with all that belongs to them."""
        schedules = {n: self._schedule(n) for n in numbers}
        updates = {n: self._updates(n) for n in numbers}
        yield Deliverable, [self._deliverable(n) for n in numbers]
        yield (
            ScheduleChange,
            [{"deliverable_id": n, **asdict(fact), **self.logged} for n, fact in schedules.items()],
        )
        yield StatusUpdate, [row for rows in updates.values() for row in rows]
        yield (
            DeliverableState,
            [row for n in numbers for row in self._states(n, updates[n], schedules[n])],
        )
        yield (
            Dependency,
            [
                {"deliverable_id": n, "needs_id": self.chance.randrange(max(1, n - 50), n)}
                for n in numbers
                if n > 1 and self.chance.random() < 0.3
            ],
        )
        parts = [(n, m, role) for n in numbers for m, role in self._parts(n)]
        first = 3 * (numbers[0] - 1) + 1
        yield (
            Assignment,
            [
                {"id": id_, "deliverable_id": n, "member_id": m}
                for id_, (n, m, _) in enumerate(parts, first)
            ],
        )
        yield (
            AssignmentSpan,
            [self._span(id_, role) for id_, (_, _, role) in enumerate(parts, first)],
        )

    @property
    def _members(self) -> range:
        return range(1, self.size.members + 1)

    @property
    def _deadlines(self) -> range:
        return range(1, self.size.deadlines + 1)

    def _network(self) -> dict[str, Any]:
        return {
            "id": 1,
            "founded_on": self.start,
            "planned_on": self.start,
            "decision_rule": DecisionRule.CONSENSUS,
            "settings": {},
        }

    def _name(self) -> dict[str, Any]:
        named = {"name": "International Network of Institutes", "short_name": "The Network"}
        return {"id": 1, "network_id": 1, "from_on": self.start, "until_on": FOREVER, **named}

    def _member(self, n: int) -> dict[str, Any]:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        code = letters[n // 26] + letters[n % 26]
        return {
            "id": n,
            "code": code,
            "name": f"Territory {code}",
            "zone": "UTC",
            "exists_from": self.start,
        }

    def _standing(self, n: int) -> dict[str, Any]:
        return {"member_id": n, "status": MemberStatus.MEMBER, "from_on": self.start}

    def _account(self) -> dict[str, Any]:
        return {
            "id": 1,
            "email": EMAIL,
            "name": "Bench",
            "role": Role.COORDINATOR,
            "password_hash": hashed(PASSWORD),
            "created_at": self.now,
        }

    def _function(self, n: int) -> dict[str, Any]:
        return {
            "id": n,
            "key": f"function-{n}",
            "name": f"Function {n}",
            "exists_from": self.start,
            "position": n,
        }

    def _levels(self) -> Iterator[dict[str, Any]]:
        for member in self._members:
            for function in self.chance.sample(range(1, 10), 3):
                yield {
                    "member_id": member,
                    "function_id": function,
                    "level": self.chance.choice(list(Level)),
                    "from_on": self.start,
                }

    def _priority(self, n: int) -> dict[str, Any]:
        return {
            "id": n,
            "key": f"priority-{n}",
            "title": f"A shared approach to question {n}",
            "theme": list(Theme)[n % 3],
            "horizon": list(Horizon)[n % 3],
            "basis": Basis.STATED,
            "impact": n % 5 + 1,
            "exists_from": self.start,
            "position": n,
        }

    def _deadline(self, n: int) -> dict[str, Any]:
        return {
            "id": n,
            "key": f"deadline-{n}",
            "title": f"Convening {n}",
            "kind": DeadlineKind.CONVENING,
            "exists_from": self.start,
        }

    def _date(self, n: int) -> dict[str, Any]:
        share = n / self.size.deadlines
        due = self.start + timedelta(round(share * LENGTH * 1.6))
        return {
            "deadline_id": n,
            "starts_on": due,
            "due_on": due,
            "from_on": self.start,
            **self.logged,
        }

    def _series(self) -> dict[str, Any]:
        return {
            "id": 1,
            "key": "plenary",
            "title": "Network meeting",
            "recurrence": "FREQ=MONTHLY;INTERVAL=3",
            "starts_on": self.start,
            "zone": "UTC",
            "duration_minutes": 480,
            "basis": Basis.STATED,
            "exists_from": self.start,
        }

    def _meeting(self, n: int) -> dict[str, Any]:
        day = self.start + timedelta(90 * (n - 1))
        return {
            "key": f"meeting-{n}",
            "title": f"Meeting {n}",
            "status": MeetingStatus.HELD,
            "starts_on": day,
            "zone": "UTC",
            "series_id": 1,
            "exists_from": day,
        }

    def _deliverable(self, n: int) -> dict[str, Any]:
        return {
            "id": n,
            "key": f"deliverable-{n}",
            "title": f"Shared definitions for the evaluation of systems, part {n}",
            "kind": DeliverableKind.METHOD,
            "priority_id": n % self.size.priorities + 1,
            "basis": Basis.STATED,
            "exists_from": self.start,
        }

    def _schedule(self, n: int) -> ScheduleFact:
        deadline = self.chance.choice([None, *self._deadlines, *self._deadlines, *self._deadlines])
        return ScheduleFact(n, self.start, deadline, None)

    def _updates(self, n: int) -> list[dict[str, Any]]:
        days = sorted(self.chance.randrange(LENGTH) for _ in range(self.size.updates))
        last = self.chance.randrange(4)
        return [self._update(n, k, days, last) for k in range(self.size.updates)]

    def _update(self, n: int, k: int, days: list[int], last: int) -> dict[str, Any]:
        self.update_id += 1
        status = FORWARD[last * (k + 1) // self.size.updates]
        is_active = status in ACTIVE
        healths = [None, *Health, Health.ON_TRACK, Health.ON_TRACK]
        return {
            "id": self.update_id,
            "deliverable_id": n,
            "effective_on": self.start + timedelta(days[k]),
            "recorded_at": self.now,
            "account_id": 1,
            "member_id": n % self.size.members + 1,
            "status": status,
            "health": self.chance.choice(healths) if is_active else None,
            "progress": self.chance.choice([None, 10, 40, 80]),
            "note": "What was done since the last time, in a sentence or two.",
            "blocker": "Waiting for data" if is_active and self.chance.random() < 0.05 else "",
        }

    def _states(
        self, n: int, updates: list[dict[str, Any]], schedule: ScheduleFact
    ) -> Iterable[dict[str, Any]]:
        facts = [
            UpdateFact(
                row["id"],
                row["effective_on"],
                row["status"],
                row["health"],
                row["progress"],
                row["blocker"],
                None,
            )
            for row in updates
        ]
        for span in spans(self.start, facts, [schedule]):
            row = asdict(span)
            row["own_due_on"] = row.pop("due_on")
            row["is_blocked"] = bool(row.pop("blocker"))
            yield {"deliverable_id": n, **row}

    def _parts(self, n: int) -> list[tuple[int, AssignmentRole]]:
        lead, *others = self.chance.sample(self._members, 3)
        return [(lead, AssignmentRole.LEAD), *((m, AssignmentRole.CONTRIBUTOR) for m in others)]

    def _span(self, id_: int, role: AssignmentRole) -> dict[str, Any]:
        state = self.chance.choice([AssignmentState.ACCEPTED] * 4 + [AssignmentState.PROPOSED])
        return {
            "assignment_id": id_,
            "role": role,
            "state": state,
            "from_on": self.start,
            **self.logged,
        }


def make(size: Size, url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    made = Made(size)
    with Session(writing(engine)) as session:
        for kind, rows in made.around():
            _write(session, kind, rows)
        for first in range(1, size.deliverables + 1, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, size.deliverables + 1))
            for kind, rows in made.work(numbers):
                _write(session, kind, rows)
        record(session, 1, "bench.make", Subject("network", size.name), {}, made.now)
        session.commit()
    if engine.dialect.name == "postgresql":
        with writing(engine).begin() as connection:
            rows.set_sequences(connection, rows.tables(connection))
    _settle(engine)


def made_at(folder: Path, size: Size, server: str = "") -> str:
    """The address of the database, made anew every day (what is late depends on the day) and for
    every migration: a file, or where `server` is the address of a PostgreSQL a schema there."""
    newest = max(path.name[:4] for path in MIGRATIONS.glob("[0-9]*.py"))
    name = f"{size.name}-{now().date()}-{newest}"
    if server:
        url = _schema(server, f"bench_{name.lower().replace('-', '_')}")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / name}.sqlite3"
    if not _is_made(url):
        begun: datetime = now()
        make(size, url)
        print(f"made {size.name} in {(now() - begun).total_seconds():.0f} s")
    return url


def _schema(server: str, name: str) -> str:
    engine = make_engine(server)
    with writing(engine).begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {name}")
    engine.dispose()
    url = make_url(server).update_query_dict({"options": f"-csearch_path={name}"})
    return url.render_as_string(hide_password=False)


def _is_made(url: str) -> bool:
    engine = make_engine(url)
    try:
        with reading(engine).connect() as connection:
            return inspect(connection).has_table("networks") and bool(
                connection.scalar(select(Network.id))
            )
    finally:
        engine.dispose()


class Changer:
    """Logs an update of some deliverable, each time of another: what the first reader after that
    waits for is measured. It states nothing new, so that the pages stay what they were."""

    def __init__(self, url: str) -> None:
        self._engine, self._next = make_engine(url), 10
        self._actor = Actor(1, Role.COORDINATOR)

    def change(self) -> None:
        with Session(writing(self._engine)) as session:
            while True:
                self._next += 1
                deliverable = session.get_one(Deliverable, self._next)
                state = state_on(history(session, self._actor, deliverable), now().date())
                if state is not None and state.status in ACTIVE:
                    break
            entry = UpdateEntry(
                status=state.status,
                effective_on=now().date(),
                health=state.health,
                progress=state.progress,
                blocker=state.blocker,
                note="As it was",
            )
            log_update(session, self._actor, deliverable, entry, now())
            session.commit()

    def close(self) -> None:
        self._engine.dispose()


def _write(session: Session, kind: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(kind), rows)


def _settle(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engine.dispose()


def day_in_the_past() -> date:
    return now().date() - timedelta(LENGTH // 2)
