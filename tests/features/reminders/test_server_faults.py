"""The mail server is away, slow, busy or refuses: nothing is lost, and it is said."""

from datetime import timedelta

import make
import pytest
from browser import Browser
from cast import Cast
from post_office import PostOffice, Remind, running, text_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.deliverables.actions.schedule import Due
from app.notices.models import Parcel, State
from app.notices.queries import depth, stuck
from app.web.database import Tracker

NOW = make.NOW
LATER = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def due(session: Session, cast: Cast) -> None:
    """Kenya leads something that is due in a week."""
    made = make.deliverable(
        session, by=cast.coordinator, due=Due(own_due_on=NOW.date() + timedelta(days=7))
    )
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    make.update(session, made, by=cast.liaison, effective_on=NOW.date())
    session.commit()


def parcel(session: Session) -> Parcel:
    """The first that was made."""
    return session.scalars(select(Parcel).order_by(Parcel.id)).all()[0]


def test_a_server_that_is_away_is_tried_again(
    app: Tracker, remind: Remind, office: PostOffice, session: Session
) -> None:
    away, app.config["MAIL_URL"] = app.config["MAIL_URL"], "smtp://127.0.0.1:1"
    said = remind()
    assert (said["failed"], said["sent"]) == (1, 0)
    assert parcel(session).state is State.WAITING
    app.config["MAIL_URL"] = away
    assert remind()["sent"] == 0  # not before its time
    assert remind(LATER)["sent"] == 1
    assert parcel(session).state is State.SENT


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_server_that_says_not_now_is_tried_again_with_the_same_mail(
    remind: Remind, office: PostOffice, session: Session, where: str
) -> None:
    setattr(office, where, lambda _: "451 try later")
    assert remind()["errors"] == ["451 try later"]
    number = parcel(session).message_id
    setattr(office, where, lambda _: "250 OK")
    assert remind(LATER)["sent"] == 1
    assert office.took[0]["Message-ID"] == f"<{number}@tracker.example.org>"


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_refusal_for_good_is_not_tried_again(
    remind: Remind, office: PostOffice, session: Session, where: str
) -> None:
    setattr(office, where, lambda _: "550 nobody here")
    said = remind()
    assert (said["given_up"], said["errors"]) == (1, ["550 nobody here"])
    assert parcel(session).state is State.GIVEN_UP
    assert remind(LATER)["failed"] == 0
    assert office.took == []


def test_one_that_is_refused_does_not_keep_the_next_from_going(
    remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    other = make.account(session, role=cast.liaison.role, member_id=cast.kenya.id)
    office.rcpt = lambda to: "550 nobody here" if to.startswith("wanjiru") else "250 OK"
    said = remind()
    assert (said["given_up"], said["sent"]) == (1, 1)
    assert office.took[0]["X-Rcpt"] == other.email


def test_a_slow_server_is_left_and_tried_again(
    app: Tracker, remind: Remind, office: PostOffice
) -> None:
    app.config["MAIL_TIMEOUT"] = 0.2
    office.delay = 1.0
    assert remind()["failed"] == 1
    office.delay = 0.0
    assert remind(LATER)["sent"] == 1


def test_after_many_tries_it_is_given_up_and_can_be_tried_again_by_hand(
    app: Tracker, client: Browser, remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    office.data = lambda _: "451 try later"
    at = NOW
    for _ in range(8):
        remind(at)
        at += timedelta(days=1, minutes=1)
    assert parcel(session).state is State.GIVEN_UP
    office.data = lambda _: "250 OK"
    client.sign_in(cast.coordinator)
    page = client.page("/outbox")
    assert "451 try later" in page.text
    client.submit(f"/outbox/{parcel(session).id}/again")
    remind(at)
    # By now the day has passed, and that is what it says.
    assert any("Late by" in text_of(mail) for mail in office.took)


def test_the_outbox_says_how_much_waits_and_when_it_is_stuck(
    remind: Remind, office: PostOffice, session: Session
) -> None:
    office.data = lambda _: "451 try later"
    remind()
    found = depth(session, LATER)
    assert (found.waiting, found.due, found.claimed, found.given_up) == (1, 1, 0, 0)
    assert stuck(session, LATER) == 0
    assert stuck(session, NOW + timedelta(hours=2)) == 1


def test_without_a_server_nothing_is_queued(app: Tracker, remind: Remind, session: Session) -> None:
    app.config["MAIL_URL"] = ""
    assert remind()["queued"] == 0
    assert session.scalars(select(Parcel)).all() == []


def test_a_day_without_a_server_ends_with_everybody_told_once(
    app: Tracker, remind: Remind, office: PostOffice, session: Session, cast: Cast
) -> None:
    readers = [cast.liaison] + [
        make.account(session, role=cast.liaison.role, member_id=cast.kenya.id) for _ in range(3)
    ]
    there, app.config["MAIL_URL"] = app.config["MAIL_URL"], "smtp://127.0.0.1:1"
    remind()
    for hours in (1, 2, 4, 8, 12, 18, 24):
        assert remind(NOW + timedelta(hours=hours))["given_up"] == 0
    assert stuck(session, NOW + timedelta(hours=24)) >= len(readers)
    app.config["MAIL_URL"] = there
    back = NOW + timedelta(hours=24)
    for minutes in (1, 16, 31, 46):  # two more than it takes
        remind(back + timedelta(minutes=minutes))
    assert [len(office.to(reader.email)) for reader in readers] == [1] * len(readers)
    assert len({mail["Message-ID"] for mail in office.took}) == len(office.took)
    assert (depth(session, back).waiting, stuck(session, back + timedelta(hours=1))) == (0, 0)


def test_however_long_a_server_is_away_nothing_is_given_up(
    app: Tracker, remind: Remind, session: Session
) -> None:
    app.config["MAIL_URL"] = "smtp://mail.invalid"  # a name that nobody knows
    for days in range(10):
        remind(NOW + timedelta(days=days))
    assert parcel(session).state is State.WAITING
    assert parcel(session).after <= NOW + timedelta(days=9, minutes=15)


def test_a_server_that_breaks_off_after_it_took_a_mail_gets_the_same_one_again(
    remind: Remind, office: PostOffice, session: Session
) -> None:
    """It may have it or not: SMTP cannot say. So the number stays, and it is not for ever."""
    office.data = lambda _: "421 shutting down"
    said = remind()
    assert (said["failed"], said["sent"]) == (1, 0)
    office.data = lambda _: "250 OK"
    assert remind(LATER)["sent"] == 1
    assert office.took[0]["Message-ID"] == f"<{parcel(session).message_id}@tracker.example.org>"


def test_a_clock_that_is_set_back_sends_nothing_twice(
    remind: Remind, office: PostOffice, session: Session
) -> None:
    remind()
    assert len(office.took) == 1
    for minutes in (-60, -30, 0, 5):
        remind(NOW + timedelta(minutes=minutes))
    assert len(office.took) == 1


def test_a_server_that_comes_back_gets_everything(
    app: Tracker, remind: Remind, office: PostOffice
) -> None:
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    remind()
    with running(PostOffice()) as other:
        app.config["MAIL_URL"] = other.url
        assert remind(LATER)["sent"] == 1
        assert len(other.took) == 1
