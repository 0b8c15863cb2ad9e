"""How well the forecast's chances agree with what then happens, on made-up histories.

    python bench/forecast_calibration.py [--networks 200] [--seed 1]

Each network has its own paces, deliverables and deadlines. On some days the forecast is asked with
only what was known by then, and compared with what the rest of the made-up history brings. Printed
per world: how often what was given a chance of 20 to 30 % came about, and so on; the Brier score
beside that of always giving the base rate; and how often no number was given.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from random import Random

from app.deliverables.rules.forecast import (
    NEAR_DAYS,
    Outlook,
    Stay,
    Verdict,
    learn,
    nights_left,
    together,
)
from app.deliverables.rules.moves import ACTIVE, Status

START = date(2024, 1, 1)
LENGTH = 900
ASKED_EVERY = 60

# Chances per night of the average network.
PACES = {
    (Status.NOT_STARTED, Status.IN_PROGRESS): 1 / 30,
    (Status.NOT_STARTED, Status.DROPPED): 1 / 1500,
    (Status.IN_PROGRESS, Status.IN_REVIEW): 1 / 50,
    (Status.IN_PROGRESS, Status.DEFERRED): 1 / 900,
    (Status.IN_REVIEW, Status.DELIVERED): 1 / 14,
    (Status.IN_REVIEW, Status.IN_PROGRESS): 1 / 60,
    (Status.DEFERRED, Status.IN_PROGRESS): 1 / 120,
}


@dataclass(frozen=True, slots=True)
class World:
    """How the made-up networks differ from what the method takes for granted.

    `hurry` multiplies the pace in the last month; `unlike` is the spread of paces between the
    deliverables of one network; `shared` the spread between its deadlines, which all deliverables
    of a deadline have in common.
    """

    name: str
    hurry: float = 1.0
    unlike: float = 0.0
    shared: float = 0.0


WORLDS = (
    World("As the method takes it to be"),
    World("A hurry in the last month", hurry=2.5),
    World("Deliverables of unlike pace", hurry=1.5, unlike=0.5),
    World("Deadlines with fortunes of their own", hurry=1.5, unlike=0.3, shared=0.5),
)


@dataclass(frozen=True, slots=True)
class Course:
    """One deliverable to its end, as it was to happen."""

    deadline: int
    due_on: date
    stays: tuple[Stay, ...]

    def status_on(self, day: date) -> Status | None:
        return next((s.status for s in self.stays if s.from_on <= day < s.until_on), None)

    @property
    def delivered_on(self) -> date | None:
        return next((s.until_on for s in self.stays if s.then is Status.DELIVERED), None)

    @property
    def is_in_time(self) -> bool:
        return self.delivered_on is not None and self.delivered_on <= self.due_on


def network(world: World, random: Random) -> list[Course]:
    own = {move: pace * random.lognormvariate(0, 0.4) for move, pace in PACES.items()}
    courses = []
    for deadline in range(random.randint(6, 14)):
        begins = random.randint(0, LENGTH - 200)
        due_on = START + timedelta(begins + random.randint(60, 200))
        fortune = random.lognormvariate(0, world.shared)
        for _ in range(random.randint(2, 8)):
            factor = fortune * random.lognormvariate(0, world.unlike)
            from_on = START + timedelta(begins + random.randint(0, 40))
            paces = {move: pace * factor for move, pace in own.items()}
            stays = tuple(course(paces, world.hurry, from_on, due_on, random))
            courses.append(Course(deadline, due_on, stays))
    return courses


def course(
    paces: dict[tuple[Status, Status], float],
    hurry: float,
    from_on: date,
    due_on: date,
    random: Random,
) -> Iterator[Stay]:
    status, since, day = Status.NOT_STARTED, from_on, from_on
    end = START + timedelta(LENGTH + 400)
    while day < end and status not in {Status.DELIVERED, Status.DROPPED}:
        day += timedelta(1)
        is_near = 0 <= (due_on - day).days < NEAR_DAYS
        drawn = random.random()
        for (old, new), pace in paces.items():
            if old is not status:
                continue
            drawn -= min(0.5, pace * (hurry if is_near else 1.0))
            if drawn < 0:
                yield Stay(status, since, day, due_on, new)
                status, since = new, day
                break
    yield Stay(status, since, end + timedelta(1), due_on, status)


@dataclass
class Bin:
    asked: int = 0
    given: float = 0.0
    came: int = 0


class Table:
    """Chances given against what came about, in ten bins."""

    def __init__(self) -> None:
        self.bins = [Bin() for _ in range(10)]
        self.squares = 0.0
        self.silent = 0

    def add(self, chance: float | None, came: bool) -> None:
        if chance is None:
            self.silent += 1
            return
        into = self.bins[min(9, int(chance * 10))]
        into.asked += 1
        into.given += chance
        into.came += came
        self.squares += (chance - came) ** 2

    def print(self, name: str) -> None:
        asked = sum(b.asked for b in self.bins)
        base = sum(b.came for b in self.bins) / max(asked, 1)
        off = sum(abs(b.given - b.came) for b in self.bins) / max(asked, 1)
        print(f"\n  {name}: {asked} numbers given, {self.silent} times none")
        print("      chance     given    came about    asked")
        for number, b in enumerate(self.bins):
            if b.asked:
                given, came = b.given / b.asked, b.came / b.asked
                bounds = f"{number * 10:3}-{number * 10 + 10:3} %"
                print(f"    {bounds}   {given:6.1%}      {came:6.1%}    {b.asked:5}")
        print(
            f"    off by {off:.1%} on average; Brier {self.squares / max(asked, 1):.3f}"
            f" (base rate alone {base * (1 - base):.3f})"
        )


def ask(courses: list[Course], day: date, each: Table, every: Table) -> None:
    """On one day, with what was known by then."""
    known = [c for c in courses if c.stays[0].from_on <= day]
    outlook = Outlook(learn((stay for c in known for stay in c.stays), day))
    for _, group in groupby(known, key=lambda c: c.deadline):
        due_together = list(group)
        forecasts = []
        for c in due_together:
            status = c.status_on(day)
            delivered_on = c.delivered_on if status is None else None
            told = outlook.forecast(
                status or (Status.DELIVERED if delivered_on else Status.DROPPED),
                c.due_on,
                delivered_on,
                nights_left(c.due_on, day, day_is_over=True),
            )
            forecasts.append(told)
            if told.verdict in {Verdict.CHANCE, Verdict.THIN} and status in ACTIVE:
                each.add(told.chance, c.is_in_time)
        if any(f.verdict in {Verdict.CHANCE, Verdict.THIN} for f in forecasts):
            counted = [
                c for c, f in zip(due_together, forecasts, strict=True) if f.verdict != Verdict.OUT
            ]
            found = together(forecasts)
            if found.chance != 0:
                every.add(found.chance, all(c.is_in_time for c in counted))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for world in WORLDS:
        random = Random(chosen.seed)
        each, every = Table(), Table()
        for _ in range(chosen.networks):
            courses = network(world, random)
            for number in range(ASKED_EVERY, LENGTH, ASKED_EVERY):
                ask(courses, START + timedelta(number), each, every)
        print(f"\n{world.name}")
        each.print("each deliverable")
        every.print("all of a deadline, as if each went its own way")


if __name__ == "__main__":
    main()
