"""A member's profile: what is known, since when and from where, and who keeps it."""

from datetime import date

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.permissions import Role
from app.members.models import Institute, MemberFunction
from app.sources.models import Source

PROFILE = "/members/KE/profile"
EVE = "2026-11-23"


def test_a_liaison_keeps_the_profile_and_what_held_before_stays(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.liaison)
    first = client.fill(PROFILE, name="Kenya AISI", staff="about 5", from_on="2025-01-01")
    assert first.status_code == 303
    source = {"source_title": "Yearbook", "source_url": "https://example.org/y"}
    client.fill(PROFILE, staff="about 9", from_on="2026-11-24", **source)
    page = client.page("/members/KE")
    staff = page.select_one("[data-fact=staff]").text
    assert "about 9" in staff
    assert "since 24 November 2026" in staff
    assert "source 1" in staff
    assert "Yearbook" in page.select_one("#told-1").text
    name = page.select_one("[data-fact=name]").text
    assert "since 1 January 2025" in name
    assert "source" not in name
    assert "Not public" in page.select_one("[data-fact=funding]").text
    before = client.page(f"/members/KE?as_of={EVE}").select_one("[data-fact=staff]").text
    assert "about 5" in before
    assert "Nothing is known of an institute" in client.page("/members/KE?as_of=2024-12-31").text
    rows = session.scalars(select(Institute).order_by(Institute.from_on)).all()
    assert [row.staff for row in rows] == ["about 5", "about 9"]
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_key == "KE")).all()
    assert list(verbs) == ["institute.describe", "institute.describe"]
    assert session.scalars(select(Source.key)).all() == ["yearbook"]


def test_who_keeps_whose_profile(client: Browser, session: Session, cast: Cast) -> None:
    function = make.function(session, key="testing")
    level = f"/members/KE/functions/{function.key}"
    expected = {cast.coordinator: 200, cast.liaison: 200}
    for account in cast.accounts:
        client.sign_in(account)
        status = expected.get(account, 403)
        assert client.get(PROFILE).status_code == status, account.email
        assert client.get(level).status_code == status, account.email
        shown = client.page("/members/KE").select(f"a[href='{PROFILE}']")
        assert bool(shown) is (status == 200), account.email
        fields = {"from_on": "2026-11-24", "seen": "1", "name": "Theirs", "source": ""}
        if status == 403:
            assert client.submit(PROFILE, **fields).status_code == 403
            said = {**fields, "level": "stated", "evidence": "x"}
            assert client.submit(level, **said).status_code == 403
    assert session.scalars(select(Institute)).all() == []
    assert client.sign_in(cast.coordinator).get("/members/XX/profile").status_code == 404


def test_of_two_who_save_at_once_the_second_is_told(
    client: Browser, session: Session, cast: Cast
) -> None:
    fields = {"from_on": "2026-11-24", "source": "", "seen": str(cast.kenya.version)}
    client.sign_in(cast.liaison)
    assert client.submit(PROFILE, **fields, name="Ours").status_code == 303
    late = client.sign_in(cast.coordinator).submit(PROFILE, **fields, name="Theirs")
    assert late.status_code == 409
    assert "Somebody changed this meanwhile" in late.text
    assert "Theirs" in late.text
    assert "Ours" in late.text
    assert [row.name for row in session.scalars(select(Institute))] == ["Ours"]
    assert client.fill(PROFILE, name="Both").status_code == 303


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("from_on", "2026-11-25"),
        ("from_on", "2020-01-01"),
        ("from_on", ""),
        ("established", "spring"),
        ("established", "2024-13"),
        ("usd", "a lot"),
        ("usd", "NaN"),
        ("source_url", "javascript:alert(1)"),
        ("source_url", "https://example.org/no-title"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    client: Browser, session: Session, cast: Cast, field: str, text: str
) -> None:
    client.sign_in(cast.liaison)
    answer = client.fill(PROFILE, **{"name": "Kenya AISI", field: text})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert session.scalars(select(Institute)).all() == []


def test_a_level_has_evidence_and_source_and_unknown_is_not_none(
    client: Browser, session: Session, cast: Cast
) -> None:
    make.function(session, key="testing")
    make.function(session, key="tools")
    make.source(session, key="report", title="The report")
    client.sign_in(cast.liaison)
    address = "/members/KE/functions/testing"
    assert client.fill(address, level="stated", evidence="").status_code == 422
    client.fill(address, level="none", evidence="Searched", from_on="2025-01-01")
    client.fill(address, level="operational", evidence="A laboratory", source="report")

    def level(key: str, day: str) -> tuple[str, str]:
        row = client.page(f"/members/KE?as_of={day}").select_one(f"[data-function={key}]")
        return str(row["data-level"]), row.text

    now = level("testing", "2026-11-24")
    assert now[0] == "operational"
    assert "The report" in now[1]
    assert "Before: None stated" in now[1]
    assert level("testing", EVE)[0] == "none"
    assert level("testing", "2024-12-31")[0] == "unknown"
    assert level("tools", "2026-11-24")[0] == "unknown"
    assert len(session.scalars(select(MemberFunction)).all()) == 2


def test_an_entry_for_an_earlier_day_holds_until_the_next(
    client: Browser, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    client.fill(PROFILE, name="New", from_on="2026-01-01")
    client.fill(PROFILE, name="Old", from_on="2025-01-01")
    assert "It holds until 1 January 2026" in client.get("/members/KE").text
    spans = session.execute(
        select(Institute.name, Institute.from_on, Institute.until_on).order_by(Institute.from_on)
    ).all()
    assert [(name, start, end.year) for name, start, end in spans] == [
        ("Old", date(2025, 1, 1), 2026),
        ("New", date(2026, 1, 1), 9999),
    ]


def test_an_administrator_has_no_hand_in_profiles(cast: Cast, client: Browser) -> None:
    assert cast.administrator.role is Role.ADMINISTRATOR
    assert client.sign_in(cast.administrator).get(PROFILE).status_code == 403
