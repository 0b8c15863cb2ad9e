"""One's own account: what one may do, sessions, password, language and zone."""

from datetime import datetime

import pytest
from browser import Browser
from cast import Cast
from make import PASSWORD
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.errors import Refused
from app.core.permissions import ROLE_TABLE, Role
from app.people import actions, passwords
from app.people.actions import NewAccount
from app.people.models import Account, SignedInSession


@pytest.fixture
def liaison(cast: Cast) -> Account:
    return cast.liaison


def test_the_page_says_what_each_of_the_cast_may_do(client: Browser, cast: Cast) -> None:
    for account in cast.accounts:
        page = client.sign_in(account).page("/account")
        shown = {item["data-permission"] for item in page.select("[data-permission]")}
        assert shown == set(ROLE_TABLE[account.role])


def test_another_browser_can_be_signed_out_from_here(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.observer)
    other = client.application.test_client()
    assert isinstance(other, Browser)
    other.session = session
    other.sign_in(cast.observer)
    rows = client.page("/account").select("tr[data-session]")
    forms = [form["action"] for row in rows for form in row.select("form")]
    assert (len(rows), len(forms)) == (2, 1)
    assert client.submit(forms[0]).status_code == 303
    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_nobody_can_end_the_session_of_somebody_else(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.liaison)
    theirs = session.scalars(select(SignedInSession.id)).one()
    client.sign_in(cast.other_liaison)
    assert client.submit(f"/account/sessions/{theirs}/end").status_code == 404
    assert client.submit("/account/sessions/99999/end").status_code == 404
    assert session.get_one(SignedInSession, theirs).ended_at is None


def test_changing_the_password_needs_the_present_one_and_ends_other_sessions(
    client: Browser, session: Session, liaison: Account
) -> None:
    other = client.application.test_client()
    assert isinstance(other, Browser)
    other.session = session
    other.sign_in(liaison)
    client.sign_in(liaison)
    new = "another long and calm sentence"
    refused = client.submit("/account/password", current="not this one at all", new=new)
    assert refused.status_code == 422
    assert "not your present password" in refused.text
    assert passwords.matches(PASSWORD, liaison.password_hash)
    answer = client.submit("/account/password", current=PASSWORD, new=new)
    assert answer.status_code == 303
    assert passwords.matches(new, liaison.password_hash)
    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_a_password_that_will_not_do_is_refused_beside_its_field(
    client: Browser, liaison: Account
) -> None:
    client.sign_in(liaison)
    answer = client.submit("/account/password", current=PASSWORD, new="short")
    assert answer.status_code == 422
    assert "At least 15 characters" in answer.text


def test_language_and_zone_are_kept_and_instants_are_shown_in_the_zone(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.observer)
    saved = client.submit("/account/preferences", language="en", zone="Pacific/Auckland")
    assert saved.status_code == 303
    assert "01:00 (Pacific/Auckland)" in client.page("/account").text
    refused = client.submit("/account/preferences", language="en", zone="Mars/Base")
    assert refused.status_code == 422
    session.refresh(cast.observer)
    assert cast.observer.zone == "Pacific/Auckland"


def test_what_happens_to_an_account_is_in_the_trail_without_secrets(
    client: Browser, session: Session, liaison: Account
) -> None:
    client.sign_in(liaison)
    client.submit("/account/password", current=PASSWORD, new="another long and calm sentence")
    client.submit("/account/preferences", language="en", zone="Europe/Rome")
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.verb for entry in entries] == [
        "account.signed_in",
        "account.password_changed",
        "account.changed",
    ]
    assert entries[2].changes == {"zone": ["Africa/Nairobi", "Europe/Rome"]}
    assert "sentence" not in repr([entry.changes for entry in entries])


@pytest.mark.parametrize(
    "new",
    [
        NewAccount("no address", "Name", Role.OBSERVER),
        NewAccount("a@example.org", " ", Role.OBSERVER),
        NewAccount("a@example.org", "Name", Role.LIAISON),
        NewAccount("a@example.org", "Name", Role.OBSERVER, member_id=1),
        NewAccount("OTTO@example.org", "Name", Role.OBSERVER),
        NewAccount("a@example.org", "Name", Role.OBSERVER, zone="Mars/Base"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    session: Session, cast: Cast, now: datetime, new: NewAccount
) -> None:
    with pytest.raises(Refused):
        actions.create_account(session, cast.administrator.actor, new, PASSWORD, now)


def test_nobody_deactivates_the_account_they_are_signed_in_with(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Refused):
        actions.deactivate(session, cast.administrator.actor, cast.administrator, now)
