"""Nothing is lost and nothing is told twice, though workers die in the middle of it."""

from dataclasses import replace

import killed_workers
from killed_workers import Counts
from post_office import PostOffice, running
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import make_engine
from app.notices.models import Notice, Parcel, State
from config import Settings

READERS, KILLS = 200, 6


def test_two_workers_killed_at_random_lose_nothing_and_double_nothing(settings: Settings) -> None:
    """A mail may come twice only where a worker died after the server took it and before that was
    written down: SMTP knows no more. Then it is the same mail, with the same Message-ID."""
    office = PostOffice()
    office.delay = 0.004
    ours = replace(
        settings, mail_from="tracker@example.org", public_url="https://tracker.example.org"
    )
    with running(office):
        counts: Counts = killed_workers.run(ours, office, READERS, KILLS)
    assert (counts.arrived, counts.lost, counts.strange) == (READERS, 0, 0), counts
    assert counts.kills == KILLS
    assert counts.doubled <= counts.kills, counts
    engine = make_engine(ours.database_url)
    with Session(engine) as session:
        told = session.scalar(select(func.count()).select_from(Notice))
        left = session.scalar(
            select(func.count()).select_from(Parcel).where(Parcel.state != State.SENT)
        )
    engine.dispose()
    assert told == READERS
    assert left <= 2  # the last ones: taken by the server just as the workers were told to end
