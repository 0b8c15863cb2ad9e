"""Bodies around the network: what they do, and how the network has to do with them."""

from datetime import date

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.markings import Marking
from app.priorities.models import Body, Engagement, Programme

EVE = "2026-11-23"
SAID = {"relation": "avoids duplicating", "about": "standards", "priority": "", "deliverable": ""}


@pytest.fixture
def iso(session: Session) -> Body:
    made = Body(key="iso", name="Standards Organization", exists_from=make.PLANNED_ON, note="Norms")
    session.add(made)
    session.commit()
    return made


def held(client: Browser, day: str = "2026-11-24") -> list[str]:
    page = client.page(f"/bodies/iso?as_of={day}")
    return [str(row["data-relation"]) for row in page.select("[data-engagement]")]


def test_an_engagement_is_added_changed_and_ended_and_all_of_it_stays(
    client: Browser, session: Session, cast: Cast, iso: Body
) -> None:
    client.sign_in(cast.coordinator)
    new = "/bodies/iso/engagements/new"
    made = client.fill("/bodies/iso/engagements", at=new, **SAID, from_on="2025-01-01")
    assert made.status_code == 303
    first = session.scalars(select(Engagement.id)).one()
    address = f"/bodies/iso/engagements/{first}"
    client.fill(f"{address}/change", relation="candidate partner", from_on="2026-01-01")
    late = client.submit(f"{address}/end", until_on="2026-05-01", reason="x")
    assert late.status_code == 409
    second = max(session.scalars(select(Engagement.id)))
    end = f"/bodies/iso/engagements/{second}/end"
    assert client.fill(end, until_on="2025-06-01", reason="Done").status_code == 422
    assert client.fill(end, until_on="2026-11-24", reason="").status_code == 422
    assert client.fill(end, until_on="2026-11-24", reason="Done").status_code == 303
    assert held(client, "2024-12-31") == []
    assert held(client, "2025-12-31") == ["avoids duplicating"]
    assert held(client, EVE) == ["candidate partner"]
    assert held(client) == []
    text = client.page("/bodies/iso").text
    assert "another took its place" in text
    assert "Done" in text
    assert "Done" not in client.page(f"/bodies/iso?as_of={EVE}").text
    of_it = select(AuditEntry.verb).where(AuditEntry.subject_key == "iso")
    verbs = session.scalars(of_it.order_by(AuditEntry.id)).all()
    expected = ["engagement.add", "engagement.end", "engagement.add", "engagement.end"]
    assert list(verbs) == expected


def test_an_engagement_about_what_is_hidden_is_hidden(
    client: Browser, session: Session, cast: Cast, iso: Body
) -> None:
    hidden = make.priority(session)
    make.deliverable(
        session, by=cast.coordinator, key="secret", marking=Marking.AMBER, priority=hidden
    )
    client.sign_in(cast.coordinator)
    fields = {**SAID, "about": "told to few", "deliverable": "secret", "from_on": "2025-01-01"}
    new = "/bodies/iso/engagements/new"
    refused = client.fill("/bodies/iso/engagements", at=new, **{**fields, "deliverable": "nothing"})
    assert (refused.status_code, "no deliverable with this key" in refused.text) == (422, True)
    client.fill("/bodies/iso/engagements", at=new, **fields)
    for account in cast.accounts:
        client.sign_in(account)
        sees = account in (cast.coordinator, cast.administrator)
        for address in ("/bodies", "/bodies/iso"):
            assert ("told to few" in client.get(address).text) is sees, account.email
        page = client.page(f"/priorities/{hidden.key}")
        assert bool(page.select("[data-engaged=iso]")) is sees, account.email


def test_a_programme_that_is_like_a_function_overlaps_with_who_works_in_it(
    client: Browser, session: Session, cast: Cast, iso: Body
) -> None:
    function = make.function(session, key="testing", name="Testing of systems")
    make.priority(session, key="evaluation", functions=[function])
    client.sign_in(cast.coordinator)
    new = "/bodies/iso/programmes/new"
    fields = {"title": "Laboratory", "function": "testing", "from_on": "2025-01-01"}
    assert client.fill("/bodies/iso/programmes", at=new, title="").status_code == 422
    client.fill("/bodies/iso/programmes", at=new, **fields)
    client.sign_in(cast.observer)

    def found(day: str) -> list[tuple[str, str, str]]:
        rows = client.page(f"/bodies?as_of={day}").select("[data-overlap]")
        return [(str(r["data-overlap"]), str(r["data-ground"]), str(r["data-of"])) for r in rows]

    assert found(EVE) == [("iso", "function", "testing")]
    assert found("2024-12-31") == []
    assert "For information" in client.page("/bodies").text
    number = session.scalars(select(Programme.id)).one()
    client.sign_in(cast.coordinator)
    client.fill(f"/bodies/iso/programmes/{number}/end", until_on="2026-11-24")
    assert found("2026-11-24") == []
    assert found(EVE) == [("iso", "function", "testing")]
    assert session.scalars(select(Programme.until_on)).one() == date(2026, 11, 24)


def test_a_body_is_added_described_and_found_by_search(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    made = client.fill("/bodies", at="/bodies/new", name="Group of Ten", note="Ten of them")
    assert made.headers["Location"] == "/bodies/group-of-ten"
    address = "/bodies/group-of-ten/edit"
    seen = client.page(address).select_one("[name=seen]")["value"]
    client.fill(address, note="Eleven by now")
    stale = client.submit(address, name="Group of Ten", note="Nine", source="", seen=seen)
    assert stale.status_code == 409
    client.sign_in(cast.observer)
    assert "Eleven by now" in client.page("/bodies/group-of-ten").text
    page = client.page("/search?q=eleven")
    assert page.select("a[href='/bodies/group-of-ten']")
    assert client.get(f"/bodies/group-of-ten?as_of={EVE}").status_code == 404


def test_only_coordinators_change_bodies(client: Browser, cast: Cast, iso: Body) -> None:
    pages = ["/bodies/new", "/bodies/iso/edit", "/bodies/iso/engagements/new"]
    pages.append("/bodies/iso/programmes/new")
    for account in cast.accounts:
        client.sign_in(account)
        is_hers = account is cast.coordinator
        assert client.get("/bodies/iso").status_code == 200
        for address in pages:
            assert client.get(address).status_code == (200 if is_hers else 403), address
        if not is_hers:
            for address in ("/bodies", "/bodies/iso/engagements", "/bodies/iso/programmes"):
                assert client.submit(address).status_code == 403, address
