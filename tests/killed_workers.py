"""Workers as real processes, killed at random while they send to a real mail server.

bench/outbox.py does so for 1,000 mails."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.context import ForkServerProcess

import make
from post_office import PostOffice
from sqlalchemy.orm import Session

from app import create_app
from app.agendas.models import Agenda, PublishedAgenda
from app.core import clock
from app.core.db import make_engine, writing
from app.core.permissions import Role
from app.meetings.models import MeetingStatus
from config import Settings

LEASE = timedelta(seconds=5)
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["app", "killed_workers"])


@dataclass(frozen=True)
class Counts:
    wanted: int
    arrived: int
    lost: int
    doubled: int
    """Taken by the server more often than once, each with the same Message-ID."""
    strange: int
    """Mails of which a reader has two that are not the same."""
    kills: int
    seconds: float


def work(settings: Settings) -> None:
    """One worker, until it is killed."""
    app = create_app(settings)
    result = app.test_cli_runner().invoke(args=["worker", "--poll", "0.1"])
    raise SystemExit(result.exit_code)


def arrange(settings: Settings, readers: int) -> None:
    """So many who are each to be told that an agenda is published."""
    engine = make_engine(settings.database_url)
    with Session(writing(engine)) as session, session.begin():
        make.network(session)
        by = make.account(session, Role.COORDINATOR)
        for number in range(readers):
            make.account(session, Role.OBSERVER, email=f"reader-{number}@example.org")
        now = clock.now()
        meeting = make.meeting(
            session,
            now.date() + timedelta(days=9),
            key="sitting",
            status=MeetingStatus.PLANNED,
            exists_from=now.date(),
        )
        agenda = Agenda(
            meeting_id=meeting.id,
            created_by_id=by.id,
            created_at=now,
            proposed_as_of=now.date(),
        )
        session.add(agenda)
        session.flush()
        session.add(
            PublishedAgenda(
                agenda_id=agenda.id,
                number=1,
                published_at=now,
                published_by_id=by.id,
                content="{}",
                content_hash="",
            )
        )
    engine.dispose()


def run(
    settings: Settings, office: PostOffice, readers: int, kills: int, limit: float = 120
) -> Counts:
    """Two workers; one of them is killed now and then, and another takes its place."""
    arrange(settings, readers)
    settings = replace(settings, mail_url=office.url, outbox_lease=LEASE)
    begun, killed, chance = time.monotonic(), 0, random.Random(7)
    workers = [start(settings), start(settings)]
    try:
        while len(_recipients(office)) < readers and time.monotonic() - begun < limit:
            workers[0].join(chance.uniform(0.05, 1.0))
            if killed < kills and len(office.took) > killed * readers // (kills + 1):
                victim = workers.pop(chance.randrange(2))
                victim.kill()
                victim.join()
                killed += 1
                workers.append(start(settings))
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(30)
            worker.kill()
    return _counts(office, readers, killed, time.monotonic() - begun)


def start(settings: Settings) -> ForkServerProcess:
    process = CONTEXT.Process(target=work, args=(settings,), daemon=True)
    process.start()
    return process


@contextmanager
def looking_at(settings: Settings) -> Iterator[Session]:
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def _recipients(office: PostOffice) -> set[str]:
    return {mail["X-Rcpt"] for mail in list(office.took)}


def _counts(office: PostOffice, wanted: int, kills: int, seconds: float) -> Counts:
    ids = Counter(mail["Message-ID"] for mail in office.took)
    per_reader = Counter({mail["X-Rcpt"]: 0 for mail in office.took})
    for mail in {mail["Message-ID"]: mail for mail in office.took}.values():
        per_reader[mail["X-Rcpt"]] += 1
    arrived = len(_recipients(office))
    return Counts(
        wanted=wanted,
        arrived=arrived,
        lost=wanted - arrived,
        doubled=sum(count - 1 for count in ids.values()),
        strange=sum(count - 1 for count in per_reader.values()),
        kills=kills,
        seconds=round(seconds, 1),
    )
