"""Accounts as administrators keep them."""

from datetime import datetime

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.permissions import Role
from app.people.actions import links
from app.people.models import Account, OneTimeLink, SignedInSession


@pytest.fixture
def observer(cast: Cast) -> Account:
    return cast.observer


def another(client: Browser, account: Account) -> Browser:
    """Another browser, in which the account is signed in."""
    other = client.application.test_client()
    assert isinstance(other, Browser)
    other.session = client.session
    return other.sign_in(account)


def change(client: Browser, account: Account, **fields: str) -> int:
    page = client.page(f"/accounts/{account.id}")
    seen = page.select_one("input[name=seen]")["value"]
    filled = {"name": account.name, "role": account.role.value, "member": "", "seen": seen}
    return client.submit(f"/accounts/{account.id}/change", **{**filled, **fields}).status_code


def test_the_list_names_every_account_and_how_it_stands(client: Browser, cast: Cast) -> None:
    page = client.sign_in(cast.administrator).page("/accounts")
    listed = {str(row["data-account"]) for row in page.select("tr[data-account]")}
    assert listed == {account.email for account in cast.accounts}


def test_another_role_holds_from_the_next_request_on(
    client: Browser, session: Session, cast: Cast
) -> None:
    theirs = another(client, cast.coordinator)
    assert theirs.get("/audit").status_code == 200
    client.sign_in(cast.administrator)
    assert change(client, cast.coordinator, role="observer") == 303
    assert theirs.get("/audit").status_code == 403
    assert theirs.get("/account").status_code == 200
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.verb == "account.role_changed")
    ).one()
    assert entry.changes == {"role": ["coordinator", "observer"]}


def test_a_liaison_of_another_member_acts_for_that_one_from_then_on(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    assert change(client, cast.liaison, member=str(cast.britain.id)) == 303
    session.refresh(cast.liaison)
    assert cast.liaison.actor.member_id == cast.britain.id


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"role": "liaison"}, 422),
        ({"role": "observer", "member": "1"}, 422),
        ({"role": "recorder"}, 422),
        ({"role": "king"}, 422),
        ({"member": "99999"}, 422),
        ({"name": " "}, 422),
        ({"name": "x" * 201}, 422),
        ({"seen": "administrator//Otto"}, 409),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    client: Browser, session: Session, cast: Cast, observer: Account, fields: dict[str, str],
    status: int,
) -> None:  # fmt: skip
    client.sign_in(cast.administrator)
    assert change(client, observer, **fields) == status
    session.refresh(observer)
    assert (observer.role, observer.member_id, observer.name) == (Role.OBSERVER, None, "Otto")


def test_fields_that_the_form_does_not_have_change_nothing(
    client: Browser, session: Session, cast: Cast, observer: Account
) -> None:
    client.sign_in(cast.administrator)
    before = observer.password_hash
    more = {"email": "x@example.org", "is_active": "0", "password_hash": "", "id": "1"}
    assert change(client, observer, **more) == 303
    session.refresh(observer)
    assert (observer.email, observer.is_active) == ("otto@example.org", True)
    assert observer.password_hash == before


def test_nobody_takes_the_own_role_away_or_closes_the_own_account(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    assert change(client, cast.administrator, role="observer") == 409
    own = f"/accounts/{cast.administrator.id}/deactivate"
    assert client.submit(own).status_code == 409
    session.refresh(cast.administrator)
    assert cast.administrator.is_active


def test_closing_an_account_ends_its_sessions_and_links_for_good(
    client: Browser, session: Session, cast: Cast, observer: Account, now: datetime
) -> None:
    theirs = another(client, observer)
    token = links.make_link(session, None, observer, now).token
    client.sign_in(cast.administrator)
    assert client.get(f"/accounts/{observer.id}/deactivate").status_code == 200
    assert client.submit(f"/accounts/{observer.id}/deactivate").status_code == 303
    assert theirs.get("/account").status_code == 302
    assert theirs.get(f"/links/{token}").status_code == 404
    assert client.submit(f"/accounts/{observer.id}/link").status_code == 409
    assert client.submit(f"/accounts/{observer.id}/activate").status_code == 303
    assert theirs.get("/account").status_code == 302
    assert theirs.get(f"/links/{token}").status_code == 404
    ended = session.scalars(select(OneTimeLink.ended_at)).all()
    assert None not in ended


def test_every_session_of_an_account_can_be_ended(
    client: Browser, session: Session, cast: Cast, observer: Account
) -> None:
    theirs = another(client, observer)
    client.sign_in(cast.administrator)
    assert client.submit(f"/accounts/{observer.id}/end-sessions").status_code == 303
    assert theirs.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_one_ends_all_of_ones_own_sessions_but_this(
    client: Browser, session: Session, observer: Account
) -> None:
    others = [another(client, observer) for _ in range(2)]
    client.sign_in(observer)
    assert client.submit("/account/sessions/end-others").status_code == 303
    assert [other.get("/account").status_code for other in others] == [302, 302]
    assert client.get("/account").status_code == 200
    still_open = select(SignedInSession.id).where(SignedInSession.ended_at.is_(None))
    assert len(session.scalars(still_open).all()) == 1


def test_the_account_of_imports_gets_no_link_and_no_other_role(
    client: Browser, session: Session, cast: Cast
) -> None:
    recorder = make.account(session, Role.RECORDER, password_hash="")
    client.sign_in(cast.administrator)
    assert client.submit(f"/accounts/{recorder.id}/link").status_code == 422
    changed = client.submit(
        f"/accounts/{recorder.id}/change", name="X", role="administrator", member="",
        seen="recorder//Somebody",
    )  # fmt: skip
    assert changed.status_code == 422


@pytest.mark.parametrize(
    ("email", "status"),
    [("otto@example.org", 409), ("OTTO@example.org", 409), ("no address", 422), ("a@b\x00c", 422)],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    client: Browser, session: Session, cast: Cast, email: str, status: int
) -> None:
    client.sign_in(cast.administrator)
    fields = {"email": email, "name": "New", "role": "observer", "member": ""}
    assert client.submit("/accounts/invite", **fields).status_code == status
    assert len(session.scalars(select(Account.id)).all()) == len(cast.accounts)


def test_an_account_that_is_not_there_is_missing(client: Browser, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    for path in ("", "/deactivate", "/second-factor/reset"):
        assert client.get(f"/accounts/99999{path}").status_code == 404
    assert client.submit("/accounts/99999/link").status_code == 404
