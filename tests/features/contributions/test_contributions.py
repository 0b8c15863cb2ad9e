"""Contributions: recorded by whom they concern, summed within a kind, put right and kept."""

from datetime import date
from decimal import Decimal
from typing import Any

import make
import pytest
from browser import Browser
from cast import Cast
from hand_count import FILES
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contributions import queries
from app.contributions.actions import (
    ContributionEntry,
    ConversionEntry,
    record_contribution,
    withdraw_contribution,
)
from app.contributions.models import Contribution, ContributionKind
from app.contributions.queries import Which
from app.core.clock import AsOf, as_of
from app.core.errors import Conflict, Forbidden, Refused
from app.core.markings import Marking
from app.plans.actions import import_files

TODAY = as_of(None, make.NOW)
FILLED = {
    "kind": "compute",
    "about": "A cluster",
    "given_on": "2026-03-01",
    "precision": "day",
    "amount": "1 200",
    "unit": "GPU hours",
    "marking": "GREEN",
    "priority": "",
}


def on(day: date) -> AsOf:
    return as_of(day, make.NOW)


def entry(**values: Any) -> ContributionEntry:
    given = {"given_on": date(2026, 3, 1), "kind": ContributionKind.EXPERTISE, "about": "Reviews"}
    return ContributionEntry(**{**given, **values})


def given(session: Session, cast: Cast, **values: Any) -> Contribution:
    by = cast.liaison.actor
    return record_contribution(session, by, cast.kenya, entry(**values), make.NOW)


def ids_on(session: Session, cast: Cast, day: date) -> list[int]:
    found = queries.contributions(session, cast.coordinator.actor, on(day), Which())
    return [row.given.id for row in found]


def test_a_liaison_records_and_everybody_reads(client: Browser, cast: Cast) -> None:
    client.sign_in(cast.liaison)
    form = client.page("/contributions/new")
    assert [o["value"] for o in form.select("#member option")] == ["KE"]
    answer = client.submit("/contributions", member="KE", **FILLED)
    assert answer.status_code == 303, answer.text[-800:]
    client.sign_in(cast.observer)
    page = client.page("/contributions")
    part = page.select_one('[data-kind="compute"] [data-by="KE"]')
    assert part is not None
    assert part["data-amount"] == "1200.00"
    assert "A cluster" in client.page("/members/KE").text
    assert client.get("/contributions/new").status_code == 403


@pytest.mark.parametrize(
    ("who", "member", "status"),
    [
        ("coordinator", "GB", 303),
        ("other_liaison", "GB", 303),
        ("liaison", "GB", 422),
        ("observer", "GB", 403),
        ("administrator", "GB", 403),
    ],
)
def test_each_records_for_the_member_that_is_theirs(
    client: Browser, cast: Cast, who: str, member: str, status: int
) -> None:
    client.sign_in(getattr(cast, who))
    answer = client.submit("/contributions", member=member, **FILLED)
    assert answer.status_code == status


def test_the_action_asks_for_itself(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        record_contribution(session, cast.other_liaison.actor, cast.kenya, entry(), make.NOW)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "money", "unit": "", "amount": ""}, "Money needs an amount and its currency."),
        ({"currency": "USD"}, "Only money has a currency."),
        ({"unit": ""}, "Say in which unit"),
        ({"amount": "1,200"}, "with a point"),
        ({"amount": "-3"}, "with a point"),
        ({"given_on": "2027-01-01"}, "That day is still to come."),
        ({"converted_amount": "5"}, "A conversion needs all of it"),
        ({"period_starts_on": "2026-02-01", "period_ends_on": "2026-01-01"}, "ends before"),
        ({"deliverable": "no-such"}, "There is no deliverable with this key."),
    ],
)
def test_what_makes_no_sense_is_refused_and_says_why(
    client: Browser, cast: Cast, fields: dict[str, str], says: str
) -> None:
    client.sign_in(cast.liaison)
    answer = client.submit("/contributions", **{"member": "KE", **FILLED, **fields})
    assert answer.status_code == 422
    assert says in answer.text


def test_a_conversion_is_shown_with_what_it_rests_on_and_never_summed(
    client: Browser, session: Session, cast: Cast
) -> None:
    stated = ConversionEntry(
        amount=Decimal(36),
        currency="USD",
        rate=Decimal("0.72"),
        rate_on=date(2026, 3, 2),
        rate_source="Bank of Canada",
    )
    money = entry(kind=ContributionKind.MONEY, amount=Decimal(50), currency="CAD")
    by = cast.coordinator.actor
    record_contribution(session, by, cast.britain, money, make.NOW, conversion=stated)
    given(session, cast, kind=ContributionKind.MONEY, amount=Decimal(5), currency="USD")
    page = client.sign_in(cast.observer).page("/contributions")
    totals = {s["data-unit"]: s.select_one("[data-by]") for s in page.select("[data-unit]")}
    assert {unit: part["data-amount"] for unit, part in totals.items()} == {
        "CAD": "50.00",
        "USD": "5.00",
    }
    assert "USD 36 at 0.72 on" in page.text
    assert "Bank of Canada" in page.text


def test_what_was_put_right_counts_on_no_day_and_is_kept(
    client: Browser, session: Session, cast: Cast
) -> None:
    wrong = given(session, cast, amount=Decimal(9), unit="days")
    client.sign_in(cast.liaison)
    url = f"/contributions/{wrong.id}/correction"
    answer = client.fill(url, amount="6", reason="It was six.")
    assert answer.status_code == 303, answer.text[-800:]
    session.expire_all()
    (right,) = ids_on(session, cast, date(2026, 3, 1))
    assert right != wrong.id
    page = client.sign_in(cast.observer).page(f"/contributions/{wrong.id}")
    assert "It was six." in page.text
    assert page.find("a", href=f"/contributions/{right}")
    assert client.get(f"/contributions/{wrong.id}/correction").status_code == 403
    client.sign_in(cast.liaison)
    assert client.submit(f"/contributions/{wrong.id}/withdraw", reason="x").status_code == 422


def test_what_is_taken_back_counts_until_then(session: Session, cast: Cast) -> None:
    made, by = given(session, cast), cast.liaison.actor
    early, late = date(2026, 2, 1), date(2026, 12, 1)
    for day in (early, late):
        with pytest.raises(Refused):
            withdraw_contribution(session, by, made, day, "No longer", make.NOW)
    withdraw_contribution(session, by, made, date(2026, 5, 1), "No longer", make.NOW)
    assert ids_on(session, cast, date(2026, 2, 28)) == []
    assert ids_on(session, cast, date(2026, 4, 30)) == [made.id]
    assert ids_on(session, cast, date(2026, 5, 1)) == []
    with pytest.raises(Conflict):
        withdraw_contribution(session, by, made, date(2026, 6, 1), "Again", make.NOW)
    lines = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_key == "KE")).all()
    assert lines[-2:] == ["contribution.record", "contribution.withdraw"]


def test_the_page_of_an_entry_is_of_a_day(client: Browser, session: Session, cast: Cast) -> None:
    made, by = given(session, cast), cast.liaison.actor
    withdraw_contribution(session, by, made, date(2026, 5, 1), "No longer", make.NOW)
    url = f"/contributions/{made.id}"
    client.sign_in(cast.observer)
    assert client.get(f"{url}?as_of=2026-02-28").status_code == 404
    assert client.page(f"{url}?as_of=2026-04-30").select("[data-ended]") == []
    assert client.page(url).select("[data-ended]")


def test_a_correction_is_never_wider_than_what_it_corrects(
    client: Browser, session: Session, cast: Cast
) -> None:
    wrong = given(session, cast, marking=Marking.AMBER)
    client.sign_in(cast.liaison)
    url = f"/contributions/{wrong.id}/correction"
    answer = client.fill(url, marking="GREEN", reason="It may be known.")
    assert answer.status_code == 422
    client.sign_in(cast.other_liaison)
    assert client.get(f"/contributions/{wrong.id}").status_code == 404
    assert "Reviews" not in client.page("/contributions").text


def test_who_records_may_mark_it_anew(client: Browser, session: Session, cast: Cast) -> None:
    made = given(session, cast)
    client.sign_in(cast.liaison)
    url = f"/contributions/{made.id}/marking"
    assert client.fill(url, marking="AMBER").status_code == 303
    client.sign_in(cast.other_liaison)
    assert client.get(f"/contributions/{made.id}").status_code == 404


def test_weight_is_shown_when_asked_for_and_says_that_it_is_for_information(
    client: Browser, session: Session, cast: Cast
) -> None:
    given(session, cast, amount=Decimal(4), unit="days")
    client.sign_in(cast.observer)
    assert client.page("/contributions").select_one("#weights") is None
    panel = client.page("/contributions?weights=1").select_one("#weights")
    assert panel is not None
    assert "for information only" in panel.text
    kenya, britain = (panel.select_one(f'[data-weight-of="{code}"]').text for code in ("KE", "GB"))
    assert "100" in kenya
    assert "none on record" in britain


def test_the_real_record_by_member_priority_and_year(
    client: Browser, session: Session, cast: Cast
) -> None:
    import_files(session, cast.coordinator.actor, FILES, make.NOW)
    client.sign_in(cast.observer)
    page = client.page("/contributions?by=member")
    money = page.select('[data-kind="money"][data-unit="USD"] [data-by]')
    assert {part["data-by"]: part["data-amount"] for part in money} == {
        "KR": "7200000.00",
        "US": "3800000.00",
        "AU": "1420000.00",
    }
    by_year = client.page("/contributions?by=year").select("[data-by]")
    assert [part["data-by"] for part in by_year] == ["2024"]
    (priority,) = client.page("/contributions?by=priority").select("[data-by]")
    assert priority["data-amount"] == "12420000.00"
    assert client.page(f"/priorities/{priority['data-by']}").select("[data-contribution]")
    assert client.page("/contributions?as_of=2024-11-19").select("[data-by]") == []
    narrowed = client.page("/contributions?member=KR").select("tr[data-contribution]")
    assert len(narrowed) == 1
    csv = client.get("/contributions?download=contributions.csv").text
    assert "7200000" in csv
    assert "TLP:GREEN" in csv


@pytest.mark.parametrize(
    "query", ["year=0", "year=x", "kind=gold", "by=%00", "member=%F0%9F%98%80"]
)
def test_nonsense_in_the_address_is_no_fault(client: Browser, cast: Cast, query: str) -> None:
    client.sign_in(cast.observer)
    assert client.get(f"/contributions?{query}").status_code == 200
