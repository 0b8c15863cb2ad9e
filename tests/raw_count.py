"""A network at random, and slow counts over its raw rows: what was logged, not what was derived."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

import make
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.days import Precision
from app.core.errors import Refused
from app.deadlines.actions import When, move
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    ScheduleChange,
    StatusUpdate,
)
from app.deliverables.rules.moves import Hand, Status, open_moves

START = make.PLANNED_ON
LENGTH = 200
OPEN = ("not_started", "in_progress", "in_review")


def on(day: date) -> AsOf:
    """A day that is over."""
    return AsOf(day, day, make.NOW.date())


def random_days(seed: int, count: int) -> list[date]:
    chance = random.Random(seed)
    return [START + timedelta(chance.randrange(-5, LENGTH + 20)) for _ in range(count)]


class RandomNetwork:
    """Some 14 deliverables under 3 priorities with 3 deadlines, and 200 days of history."""

    def __init__(self, session: Session, cast: Cast, seed: int) -> None:
        self.session, self.chance, self.by = session, random.Random(seed), cast.coordinator
        self.members = [cast.kenya, cast.britain, make.member(session, "SG")]
        self.priorities = [make.priority(session) for _ in range(3)]
        self.deadlines: list[Deadline] = [
            make.deadline(session, self._day(), by=self.by) for _ in range(3)
        ]
        self.deliverables = [self._deliverable() for _ in range(14)]
        for deliverable in self.deliverables:
            self._history(deliverable)
        for deadline in self.deadlines[1:]:
            self._postpone(deadline)
        session.commit()

    def _day(self, after: date = START) -> date:
        left = max((START + timedelta(LENGTH) - after).days, 1)
        return after + timedelta(self.chance.randrange(left))

    def _due(self) -> Due:
        match self.chance.randrange(4):
            case 0:
                return Due()
            case 1:
                return Due(own_due_on=self._day())
            case _:
                return Due(deadline_id=self.chance.choice(self.deadlines).id)

    def _deliverable(self) -> Deliverable:
        since = START if self.chance.random() < 0.7 else self._day()
        return make.deliverable(
            self.session,
            by=self.by,
            due=self._due(),
            priority=self.chance.choice(self.priorities),
            exists_from=since,
        )

    def _history(self, deliverable: Deliverable) -> None:
        status, day = Status.NOT_STARTED, deliverable.exists_from
        for _ in range(self.chance.randrange(6)):
            day = self._day(day)
            if day > START + timedelta(LENGTH):
                break
            status = self.chance.choice([status, *open_moves(status, Hand.RECORD)])
            make.update(
                self.session, deliverable, status, day, by=self.by, note="So it was reported"
            )
        for member in self.members:
            self._part(deliverable, member)
        for _ in range(self.chance.randrange(3)):
            self._reschedule(deliverable)

    def _part(self, deliverable: Deliverable, member: object) -> None:
        day = deliverable.exists_from
        for _ in range(self.chance.randrange(3)):
            make.assignment(
                self.session,
                deliverable,
                member,  # type: ignore[arg-type]
                self.chance.choice(list(AssignmentRole)),
                self.chance.choice(list(AssignmentState)),
                by=self.by,
                from_on=day,
            )
            day = self._day(day) + timedelta(1)

    def _reschedule(self, deliverable: Deliverable) -> None:
        day = self._day(deliverable.exists_from)
        try:
            reschedule(
                self.session,
                self.by.actor,
                deliverable,
                self._due(),
                effective_on=day,
                reason="It took longer",
                seen_version=deliverable.version,
                now=make.NOW,
            )
        except Refused:
            return

    def _postpone(self, deadline: Deadline) -> None:
        move(
            self.session,
            self.by.actor,
            deadline,
            When(starts_on=self._day(), precision=Precision.DAY),
            effective_on=self._day(START + timedelta(1)),
            reason="The hall is full",
            seen_version=deadline.version,
            now=make.NOW,
        )


@dataclass(frozen=True)
class Standing:
    status: str
    due: date | None
    deadline_id: int | None
    delivered: date | None


class RawCount:
    """Everything is read once and looked at anew for each question."""

    def __init__(self, session: Session) -> None:
        self.deliverables = list(session.scalars(select(Deliverable)))
        self.updates = list(session.scalars(select(StatusUpdate)))
        self.schedule = list(session.scalars(select(ScheduleChange)))
        self.dates = list(session.scalars(select(DeadlineDate)))
        self.parts = [
            (assignment, span)
            for assignment, span in session.execute(
                select(Assignment, AssignmentSpan).join(AssignmentSpan)
            )
        ]

    def standing(self, of: Deliverable, day: date) -> Standing | None:
        if day < of.exists_from:
            return None
        deadline_id, due = self.due(of, day)
        status, delivered = self.status(of, day)
        return Standing(status, due, deadline_id, delivered)

    def status(self, of: Deliverable, day: date) -> tuple[str, date | None]:
        """The status, and since when it is delivered without a break."""
        logged = [u for u in self.updates if u.deliverable_id == of.id and u.effective_on <= day]
        logged.sort(key=lambda u: (u.effective_on, u.id))
        by_day = {u.effective_on: u for u in logged}  # of one day, the last counts
        status, since = "not_started", None
        for effective_on in sorted(by_day):
            new = by_day[effective_on].status.value
            if new != "delivered":
                since = None
            elif status != "delivered":
                since = effective_on
            status = new
        return status, since

    def due(self, of: Deliverable, day: date) -> tuple[int | None, date | None]:
        rows = [s for s in self.schedule if s.deliverable_id == of.id and s.effective_on <= day]
        if not rows:
            return None, None
        last = max(rows, key=lambda s: (s.effective_on, s.id))
        if last.deadline_id is None:
            return None, last.due_on
        for held in self.dates:
            if held.deadline_id == last.deadline_id and held.from_on <= day < held.until_on:
                return last.deadline_id, held.due_on
        return last.deadline_id, None

    def due_days(self, of: Deliverable, day: date) -> list[date | None]:
        """Every due day it had, in order, walking from day to day."""
        found: list[date | None] = []
        each = of.exists_from
        while each <= day:
            _deadline, due = self.due(of, each)
            if (not found and due is not None) or (found and found[-1] != due):
                found.append(due)
            each += timedelta(1)
        return found

    def parts_on(self, of: Deliverable, day: date) -> set[tuple[int, str, str]]:
        """Member, role and state of those who lead or contribute, or are asked to."""
        return {
            (assignment.member_id, span.role.value, span.state.value)
            for assignment, span in self.parts
            if assignment.deliverable_id == of.id
            and span.from_on <= day < span.until_on
            and span.role.value in ("lead", "contributor")
            and span.state.value in ("proposed", "accepted")
        }

    def there(self, day: date) -> dict[int, Standing]:
        found = {d.id: self.standing(d, day) for d in self.deliverables}
        return {id_: standing for id_, standing in found.items() if standing is not None}

    def named(self, id_: int) -> Deliverable:
        return next(d for d in self.deliverables if d.id == id_)
