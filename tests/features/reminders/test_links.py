"""What the links in mails open, and what they end."""

from datetime import timedelta
from urllib.parse import urlsplit

import make
import pytest
from browser import Browser
from cast import Cast
from post_office import PostOffice, Remind, text_of
from sqlalchemy.orm import Session

from app.deliverables.actions.schedule import Due
from app.notices.queries import choices
from app.notices.rules import Cadence, Topic
from app.notices.setup import signed
from app.people import actions as people
from app.reminders import links
from app.web.database import Tracker

NOW = make.NOW


@pytest.fixture
def mail(remind: Remind, office: PostOffice, session: Session, cast: Cast) -> str:
    """The text of a reminder to Kenya's liaison."""
    made = make.deliverable(
        session, by=cast.coordinator, key="tools", due=Due(own_due_on=NOW.date() + timedelta(7))
    )
    make.assignment(session, made, cast.kenya, by=cast.coordinator)
    make.update(session, made, by=cast.liaison, effective_on=NOW.date())
    remind()
    return text_of(office.took[0])


def path_in(text: str, what: str) -> str:
    found = next(word for word in text.split() if f"/mail/{what}/" in word)
    return urlsplit(found).path


def test_a_link_opens_the_form_after_signing_in(client: Browser, cast: Cast, mail: str) -> None:
    path = path_in(mail, "open")
    answer = client.get(path)
    assert answer.headers["Location"] == "/sign-in?next=/deliverables/tools/updates"
    client.sign_in(cast.liaison)
    assert client.get(path).headers["Location"] == "/deliverables/tools/updates"
    assert client.page("/deliverables/tools/updates").find("form") is not None


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_link_leads_nowhere_else(app: Tracker, client: Browser, target: str) -> None:
    made = signed(app.config, links.OPEN, target)
    assert client.get(f"/mail/open/{made}").status_code == 404
    other = signed(app.config, links.UNSUBSCRIBE, "/deliverables")
    assert client.get(f"/mail/open/{other}").status_code == 404


def test_one_click_ends_a_kind_without_signing_in(
    client: Browser, session: Session, cast: Cast, mail: str
) -> None:
    path = path_in(mail, "unsubscribe")
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    session.expire_all()
    chosen = choices(session, cast.liaison.id)
    assert chosen[Topic.DUE] is Cadence.NEVER
    assert chosen[Topic.DECISIONS] is Cadence.IMMEDIATELY


def test_looking_at_it_ends_nothing(
    client: Browser, session: Session, cast: Cast, mail: str
) -> None:
    path = path_in(mail, "unsubscribe")
    page = client.page(path)
    assert "What falls due" in page.text
    assert choices(session, cast.liaison.id)[Topic.DUE] is Cadence.IMMEDIATELY
    assert client.submit(path).status_code == 200
    session.expire_all()
    assert choices(session, cast.liaison.id)[Topic.DUE] is Cadence.NEVER


def test_a_forged_link_and_one_of_a_closed_account_answer_alike(
    client: Browser, session: Session, cast: Cast, mail: str
) -> None:
    path = path_in(mail, "unsubscribe")
    forged = client.post(f"{path[:-2]}xx")
    people.deactivate(session, cast.administrator.actor, cast.liaison, NOW)
    closed = client.post(path)
    assert (forged.status_code, forged.text) == (400, closed.text)


def test_what_was_ended_is_not_sent_even_where_it_waits(
    client: Browser, remind: Remind, office: PostOffice, session: Session, cast: Cast, mail: str
) -> None:
    client.sign_in(cast.liaison)
    answer = client.fill("/account/mail", due="daily")
    assert answer.status_code == 303
    remind(NOW + timedelta(days=6))
    client.fill("/account/mail", due="never")
    before = len(office.took)
    remind(NOW + timedelta(days=7))
    told = [text_of(each) for each in office.took[before:]]
    assert not any("Log an update" in text and "Due" in text for text in told)


def test_a_cadence_that_there_is_not_is_refused(client: Browser, cast: Cast) -> None:
    client.sign_in(cast.observer)
    assert client.fill("/account/mail", digest="daily").status_code == 422
    assert client.fill("/account/mail", due="hourly").status_code == 422
