"""Who led what, when; what everything was called, when."""

from datetime import date

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.history import FOREVER
from app.members.models import LeadershipTerm, NetworkName

TERM = {"member": "KE", "title": "Chair", "from_on": "2025-01-01", "until_on": "", "note": ""}
PRECISE = {"precision": "day", "source": ""}


def holders(client: Browser, day: str) -> list[tuple[str, str]]:
    page = client.page(f"/leadership?as_of={day}")
    return [(str(t["data-holds"]), str(t["data-office"])) for t in page.select("[data-holds]")]


def test_a_term_is_held_from_its_first_day_to_its_end(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    assert client.submit("/leadership", **TERM, **PRECISE).status_code == 303
    assert "from 1 January 2025, end not recorded" in client.page("/leadership").text
    term = session.scalars(select(LeadershipTerm)).one()
    address = f"/leadership/{term.id}/end"
    ended = client.fill(address, until_on="2025-12-10", precision="month", source_title="A note")
    assert ended.status_code == 303
    assert holders(client, "2024-12-31") == []
    assert holders(client, "2025-01-01") == [("KE", "chair")]
    assert holders(client, "2025-12-09") == [("KE", "chair")]
    assert holders(client, "2025-12-10") == []
    now = client.page("/leadership").text
    assert "from 1 January 2025 to December 2025" in now
    assert "A note" in now
    then = client.page("/leadership?as_of=2025-06-01").text
    assert "December 2025" not in then
    assert "A note" not in then
    assert "December 2025" in client.page("/members/KE").text
    assert "Chair" not in client.page("/members/KE").h1.parent.text
    of_it = select(AuditEntry.verb).where(AuditEntry.subject_key == "KE")
    verbs = session.scalars(of_it.order_by(AuditEntry.id)).all()
    assert list(verbs) == ["term.begin", "term.end"]


def test_of_two_who_record_an_end_the_second_is_told(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    client.submit("/leadership", **TERM, **PRECISE)
    address = f"/leadership/{session.scalars(select(LeadershipTerm.id)).one()}/end"
    fields = {"seen": str(FOREVER.toordinal()), "note": "", **PRECISE}
    assert client.submit(address, until_on="2025-06-01", **fields).status_code == 303
    late = client.submit(address, until_on="2025-07-01", **fields)
    assert (late.status_code, "meanwhile" in late.text) == (409, True)
    assert session.scalars(select(LeadershipTerm)).one().until_on == date(2025, 6, 1)
    assert client.fill(address, until_on="2025-08-01").status_code == 303
    assert session.scalars(select(LeadershipTerm)).one().until_on == date(2025, 8, 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"until_on": "2025-01-01"}, "until_on"),
        ({"from_on": "2020-01-01"}, "from_on"),
        ({"from_on": ""}, "from_on"),
        ({"title": ""}, "title"),
        ({"member": "XX"}, "member"),
    ],
)
def test_what_cannot_be_is_refused(
    client: Browser, session: Session, cast: Cast, changed: dict[str, str], field: str
) -> None:
    client.sign_in(cast.coordinator)
    answer = client.submit("/leadership", **{**TERM, **PRECISE, **changed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert session.scalars(select(LeadershipTerm)).all() == []


def test_only_coordinators_record_terms_and_names(client: Browser, cast: Cast) -> None:
    for account in cast.accounts:
        client.sign_in(account)
        is_hers = account is cast.coordinator
        assert client.get("/leadership").status_code == 200
        assert client.get("/names").status_code == 200
        for address in ("/leadership", "/names"):
            answer = client.get(f"{address}/new")
            assert answer.status_code == (200 if is_hers else 403), account.email
            posted = client.submit(address)
            assert posted.status_code == (422 if is_hers else 403), account.email


def test_the_network_is_called_otherwise_from_a_day_on(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    fields = {"name": "Network for Measurement", "short_name": "Measuring", "from_on": "2025-12-10"}
    assert client.fill("/names", at="/names/new", **fields).status_code == 303
    early = {**fields, "from_on": "2024-01-01"}
    refused = client.submit("/names", **early, **PRECISE, note="", seen=str(newest(session)))
    assert refused.status_code == 422
    stale = client.submit("/names", **fields, **PRECISE, note="", seen="0")
    assert stale.status_code == 409

    def title(day: str) -> str:
        return str(client.page(f"/names?as_of={day}").title.text)

    assert title("2025-12-09").endswith("AISI Network")
    assert title("2025-12-10").endswith("Measuring")
    then = client.page("/names?as_of=2025-12-09").text
    assert "Measurement" not in then
    assert "Network for Measurement" in client.page("/?as_of=2026-01-01").h1.text


def newest(session: Session) -> int:
    session.expire_all()
    return max(session.scalars(select(NetworkName.id)))


def test_a_meeting_is_hosted_by_its_own_host_or_by_that_of_its_convening(
    client: Browser, session: Session, cast: Cast
) -> None:
    due = make.deadline(session, by=cast.coordinator, host_id=cast.britain.id)
    make.meeting(session, date(2024, 11, 20), deadline_id=due.id, title="First")
    make.meeting(session, date(2025, 3, 1), host_id=cast.kenya.id, title="Second")
    make.meeting(session, date(2025, 6, 1), title="Third")
    client.sign_in(cast.observer)
    rows = client.page("/leadership").select("[data-hosted]")
    hosts = {str(row["data-hosted"]): str(row["data-host"]) for row in rows}
    assert hosts.pop("First") == "GB"
    assert hosts == {"Second": "KE", "Third": ""}
