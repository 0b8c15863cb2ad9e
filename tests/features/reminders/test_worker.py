"""`flask worker`: what happened goes out as soon as it is committed, by however many."""

import time
from dataclasses import replace
from datetime import timedelta

import killed_workers
import make
from cast import Cast
from post_office import PostOffice, Remind
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.deliverables.actions.questions import ask
from app.deliverables.actions.schedule import Due
from app.extensions import db
from app.notices.actions import sending, tell
from app.notices.models import Notice, Occurrence, Parcel, State
from app.notices.rules import Departure, Telling, Topic
from app.web.database import Tracker
from config import Settings

NOW = make.NOW


def work_once(app: Tracker) -> None:
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output


def test_what_happened_goes_out_with_the_next_round(
    app: Tracker, office: PostOffice, session: Session, cast: Cast
) -> None:
    tools = make.deliverable(session, by=cast.coordinator, title="Tools")
    make.assignment(session, tools, cast.kenya, by=cast.coordinator)
    make.update(session, tools, by=cast.liaison, effective_on=NOW.date())
    ask(session, cast.coordinator.actor, tools, "When?", NOW)
    session.commit()
    work_once(app)
    assert [mail["X-Rcpt"] for mail in office.took] == ["wanjiru@example.org"]
    session.expire_all()
    assert all(each.told_at == NOW for each in session.scalars(select(Occurrence)))


def test_what_was_undone_was_never_said(
    app: Tracker, office: PostOffice, session: Session, cast: Cast
) -> None:
    """The row is written in the transaction of the change."""
    tools = make.deliverable(session, by=cast.coordinator)
    make.assignment(session, tools, cast.kenya, by=cast.coordinator)
    session.commit()
    ask(session, cast.coordinator.actor, tools, "When?", NOW)
    session.rollback()
    work_once(app)
    assert session.scalars(select(Occurrence)).all() == []


def queue(session: Session, account_id: int, occasion: str = "test:1") -> None:
    telling = Telling(occasion, Topic.DUE, "nothing")
    tell(session, account_id, [telling], Departure(NOW, ""), NOW)
    session.commit()


def test_a_claim_is_for_one_alone_until_it_lapses(
    app: Tracker, session: Session, cast: Cast
) -> None:
    queue(session, cast.liaison.id)
    lease = timedelta(minutes=5)
    with app.app_context():
        with db.aside() as first:
            mine = sending.claim_next(first, NOW, lease, calls=False)
        with db.aside() as second:
            assert sending.claim_next(second, NOW, lease, calls=False) is None
        later = NOW + lease
        with db.aside() as second:
            theirs = sending.claim_next(second, later, lease, calls=False)
        assert mine is not None
        assert theirs is not None
        assert mine.id == theirs.id
        with db.aside() as first:
            assert not sending.sent(first, mine, later)  # too late: it is another's now
        with db.aside() as second:
            assert sending.sent(second, theirs, later)


def test_an_occasion_is_told_once_whoever_queues_it(session: Session, cast: Cast) -> None:
    for _ in range(2):
        queue(session, cast.liaison.id)
    queue(session, cast.other_liaison.id)
    assert len(session.scalars(select(Notice)).all()) == 2


def test_one_that_cannot_be_written_does_not_keep_the_next_from_going(
    app: Tracker, remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    broken = Telling("link:broken", Topic.ACCOUNT, "link")  # without its nonce
    tell(session, cast.observer.id, [broken], Departure(NOW - timedelta(hours=1), ""), NOW)
    tools = make.deliverable(session, by=cast.coordinator)
    make.assignment(session, tools, cast.kenya, by=cast.coordinator)
    make.update(session, tools, by=cast.liaison, effective_on=NOW.date())
    ask(session, cast.coordinator.actor, tools, "When?", NOW)
    said = remind()
    assert (said["sent"], said["failed"]) == (1, 1)
    assert said["errors"] == ["could not be written: KeyError"]


def test_a_worker_that_is_told_to_end_finishes_the_mail_at_hand(
    settings: Settings, office: PostOffice
) -> None:
    office.delay = 0.05
    ours = replace(settings, mail_url=office.url)
    killed_workers.arrange(ours, 30)
    worker = killed_workers.start(ours)
    until = time.monotonic() + 60
    while not office.took and time.monotonic() < until:
        worker.join(0.05)
    worker.terminate()
    worker.join(30)
    assert worker.exitcode == 0
    first = len(office.took)
    assert 0 < first < 30
    with killed_workers.looking_at(ours) as session:
        states = session.scalars(select(Parcel.state)).all()
        claimed = session.scalars(select(Parcel.claimed_until)).all()
    assert states.count(State.SENT) == first
    assert set(claimed) == {None}


def test_what_ended_long_ago_leaves_the_outbox_and_nobody_is_told_again(
    app: Tracker, office: PostOffice, session: Session, cast: Cast, remind: Remind
) -> None:
    tools = make.deliverable(session, by=cast.coordinator, due=Due(own_due_on=NOW.date()))
    make.assignment(session, tools, cast.kenya, by=cast.coordinator)
    make.update(session, tools, by=cast.liaison, effective_on=NOW.date())
    late, long_after = NOW + timedelta(days=40), NOW + timedelta(days=131)
    remind()
    remind(late)  # for the last time
    told = set(session.scalars(select(Notice.occasion)))
    remind(long_after)
    assert session.scalars(select(Parcel).where(Parcel.ended_at <= late)).all() == []
    assert session.scalars(select(Occurrence).where(Occurrence.told_at <= late)).all() == []
    assert told <= set(session.scalars(select(Notice.occasion)))
    newest = select(func.max(Notice.queued_at)).where(Notice.topic == Topic.DUE)
    assert session.scalar(newest) == late
    assert session.scalars(select(Parcel).where(Parcel.ended_at == long_after)).all() != []
