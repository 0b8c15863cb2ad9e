"""Posts status updates from many sides at once, and counts afterwards what became of each.

An update that was answered with success must be there once; one that was refused must not be there;
of one whose answer never came, either holds. None may be there by half.
"""

import os
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import cast as the_cast
import make
from served import Site, Visitor
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.audit import queries as trail
from app.audit.models import AuditEntry
from app.core.db import make_engine, reading, writing
from app.deliverables.models import Deliverable, DeliverableState, StatusUpdate

POSTS = int(os.environ.get("FAULT_POSTS") or 240)
"""`make faults` runs 10,000; `make test` enough of it to notice."""
HANDS = 6
MARK = "post-"
DONE, WAIT = 303, 503


@dataclass
class Said:
    """What the site answered to each post."""

    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    without_retry: int = 0

    def __iadd__(self, other: "Said") -> "Said":
        self.done += other.done
        self.refused += other.refused
        self.unknown += other.unknown
        self.statuses += other.statuses
        self.without_retry += other.without_retry
        return self


def arrange(url: str) -> tuple[str, list[str]]:
    """A coordinator's address, and a deliverable for each hand."""
    engine = make_engine(url)
    with Session(writing(engine)) as session, session.begin():
        cast = the_cast.assemble(session)
        email = cast.coordinator.email
        keys = [make.deliverable(session, by=cast.coordinator).key for _ in range(HANDS)]
    engine.dispose()
    return email, keys


class Hand(Thread):
    """One browser: opens the form, sends it, and does so again."""

    def __init__(self, port: int, cookies: dict[str, str], key: str, name: str, posts: int) -> None:
        super().__init__(daemon=True)
        self.port, self.key, self.label, self.posts = port, key, name, posts
        self.cookies = dict(cookies)
        self.visitor = self._fresh()
        self.said = Said()
        self.enough = Event()

    def _fresh(self) -> Visitor:
        visitor = Visitor(self.port)
        visitor.cookies = dict(self.cookies)
        return visitor

    def run(self) -> None:
        for number in range(self.posts):
            if self.enough.is_set():
                return
            self._post(f"{MARK}{self.label}-{number}.")

    def _post(self, note: str) -> None:
        path = f"/deliverables/{self.key}/updates"
        sent = False
        try:
            status, page = self.visitor.get(path)
            if status == 200:
                fields = filled(page, note)
                sent = True
                status, page = self.visitor.post(path, **fields)
        except ConnectionError:
            if sent:
                self.said.unknown.append(note)
            self.visitor = self._fresh()
            self.enough.wait(0.05)  # the server is being started again
            return
        self.said.statuses[status] += 1
        if status == DONE:
            self.said.done.append(note)
        elif "not known whether" in page:  # the connection broke while it was being saved
            self.said.unknown.append(note)
        else:
            self.said.refused.append(note)
            if status == WAIT and "Retry-After" not in self.visitor.headers:
                self.said.without_retry += 1
            if status == WAIT:
                self.enough.wait(0.2)  # nobody sends again at once


def filled(page: str, note: str) -> dict[str, str]:
    def value(name: str) -> str:
        found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        given = re.search(r'value="([^"]*)"', found[0]) if found else None
        return given[1] if given else ""

    return {
        "csrf_token": value("csrf_token"),
        "seen": value("seen"),
        "effective_on": value("effective_on"),
        "status": "in_progress",
        "note": note,
    }


def hands(sites: Sequence[Site], email: str, keys: Sequence[str], posts: int) -> list[Hand]:
    """Each with its own deliverable, and turn by turn at one of the sites."""
    visitor = Visitor(sites[0].port)
    visitor.sign_in(email, make.PASSWORD)
    each = posts // len(keys)
    return [
        Hand(sites[n % len(sites)].port, visitor.cookies, key, str(n), each)
        for n, key in enumerate(keys)
    ]


def finish(working: Sequence[Hand], most: float = 2700) -> Said:
    """Wait for all of them: while they get on, and at `most` for so many seconds."""
    until = time.monotonic() + most
    while any(hand.is_alive() for hand in working):
        assert time.monotonic() < until, "it did not end in time"
        progress(working, answered(working) + len(working))
    total = Said()
    for hand in working:
        total += hand.said
    return total


def answered(working: Sequence[Hand]) -> int:
    """How many posts were answered, or broken off."""
    told = (hand.said for hand in working)
    return sum(len(said.done) + len(said.refused) + len(said.unknown) for said in told)


def progress(working: Sequence[Hand], count: int, patience: float = 120) -> None:
    """Wait until so many posts were answered; gives up where for so many seconds none was. A slow
    machine may take its time, one that stands still may not."""
    seen, until = answered(working), time.monotonic() + patience
    while seen < count and any(hand.is_alive() for hand in working):
        now = answered(working)
        if now > seen:
            seen, until = now, time.monotonic() + patience
        assert time.monotonic() < until, "nothing goes on"
        working[0].enough.wait(0.02)


def account_for(url: str, said: Said) -> None:
    """Compare what was answered with what is there; raises AssertionError where they differ."""
    engine = make_engine(url)
    try:
        with Session(reading(engine)) as session:
            notes = Counter(
                note for note in session.scalars(select(StatusUpdate.note)) if note.startswith(MARK)
            )
            assert [n for n in said.done if notes[n] != 1] == [], "acknowledged, but not there once"
            assert [n for n in said.refused if notes[n]] == [], "refused, but there"
            assert [n for n in said.unknown if notes[n] > 1] == [], "there twice"
            known = {*said.done, *said.refused, *said.unknown}
            assert set(notes) <= known, "there, but nobody sent it"
            _none_is_half(session)
        _is_sound(engine)
    finally:
        engine.dispose()


def _none_is_half(session: Session) -> None:
    """Each update has its line in the trail, and the state that it leads to."""
    updates = session.scalar(select(func.count()).select_from(StatusUpdate))
    logged = select(func.count()).where(AuditEntry.verb == "update.log")
    assert session.scalar(logged) == updates
    newest = select(StatusUpdate.deliverable_id, func.max(StatusUpdate.id)).group_by(
        StatusUpdate.deliverable_id
    )
    for deliverable_id, update_id in session.execute(newest):
        states = select(DeliverableState.update_id).where(
            DeliverableState.deliverable_id == deliverable_id
        )
        assert update_id in set(session.scalars(states))
    assert list(trail.faults(session)) == []


def _is_sound(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None


def report(name: str, said: Said) -> None:
    """For `make faults`, which shows it."""
    print(  # noqa: T201 - the harness reports
        f"\n{name}: {len(said.done)} acknowledged, {len(said.refused)} refused "
        f"({dict(said.statuses)}), {len(said.unknown)} without an answer"
    )


def titles(url: str) -> int:
    engine = make_engine(url)
    with Session(reading(engine)) as session:
        count = session.scalar(select(func.count()).select_from(Deliverable)) or 0
    engine.dispose()
    return count


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))
