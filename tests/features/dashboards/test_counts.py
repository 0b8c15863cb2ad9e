"""Every count on a dashboard against a count by hand over the two files."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import hand_count
import make
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from hand_count import Count

RANDOM_DAYS = [
    date(2024, 5, 1) + timedelta(days=random.Random(n).randrange(1400)) for n in range(30)
]
TODAY = make.NOW.date()
LISTS = {"/priorities": "priority", "/deadlines": "deadline", "/members": "member"}


def shown(page: BeautifulSoup) -> Iterator[tuple[str, Count]]:
    for element in page.select("[data-progress-of]"):
        yield (
            str(element["data-progress-of"]),
            Count(*(int(str(element[f"data-{n}"])) for n in ("delivered", "total", "overdue"))),
        )


def address(group: str) -> str:
    kind, _, key = group.partition(":")
    return {"priority": "/priorities/", "deadline": "/deadlines/", "member": "/members/"}[
        kind
    ] + key


def test_lists_and_overview_count_as_by_hand_on_any_day(reading: Browser) -> None:
    for day in sorted({*hand_count.days_that_matter(), *RANDOM_DAYS}):
        groups = hand_count.groups_on(day)
        for path, kind in LISTS.items():
            found = dict(shown(reading.page(f"{path}?as_of={day}")))
            assert found.keys() == {g for g in groups if g.startswith(kind)}, (path, day)
            assert found == {g: hand_count.count(g, day) for g in found}, (path, day)
        overview = dict(shown(reading.page(f"/?as_of={day}")))
        assert overview == {g: hand_count.count(g, day) for g in overview}, day
        if day >= hand_count.PLANNED_ON:
            priorities_and_members = {g for g in groups if not g.startswith("deadline")}
            assert overview.keys() >= {"network", *priorities_and_members}, day


def test_pages_of_one_thing_count_and_list_as_by_hand(reading: Browser) -> None:
    days = [date(2024, 11, 22), date(2025, 2, 12), date(2025, 7, 10), *RANDOM_DAYS[:3], TODAY]
    for day in days:
        for group in sorted(hand_count.groups_on(day)):
            page = reading.page(f"{address(group)}?as_of={day}")
            assert dict(shown(page)) == {group: hand_count.count(group, day)}, day
            rows = page.select("[data-deliverable]")
            expected = {d["key"]: d for d in hand_count.deliverables_of(group, day)}
            assert sorted(str(row["data-deliverable"]) for row in rows) == sorted(expected)
            for row in rows:
                deliverable = expected[str(row["data-deliverable"])]
                flags = str(row["data-flags"]).split()
                assert row["data-status"] == hand_count.status_on(deliverable["key"], day)
                assert ("overdue" in flags) == hand_count.is_overdue(deliverable, day)


def test_who_has_what_tells_accepted_from_proposed(reading: Browser) -> None:
    for day in (date(2024, 10, 30), date(2024, 11, 20), date(2025, 2, 10), TODAY):
        page = reading.page(f"/?as_of={day}")
        for row in page.select("tbody tr:has([data-progress-of])"):
            code = str(row.select_one("[data-progress-of]")["data-progress-of"]).split(":")[1]
            parts = [
                hand_count.part_on(d["key"], code, day)
                for d in hand_count.deliverables_of(f"member:{code}", day)
            ]
            for role, cell in zip(("lead", "contributor"), row.select("td")[-3:-1], strict=True):
                accepted = parts.count((role, "accepted"))
                proposed = parts.count((role, "proposed"))
                asked = f"asked: {proposed}" if proposed else ""
                words = f"{accepted or ('' if proposed else 0)} {asked}".split()
                assert cell.get_text().split() == words, (code, role, day)


@pytest.mark.parametrize(
    ("day", "deadline", "expected"),
    [
        ("2024-11-19", "convening", Count(delivered=0, total=3, overdue=0)),
        ("2024-11-21", "convening", Count(delivered=4, total=6, overdue=0)),
        ("2024-11-22", "convening", Count(delivered=4, total=6, overdue=2)),
        ("2025-02-12", "summit", Count(delivered=1, total=5, overdue=4)),
        ("2025-06-01", "eu-code", Count(delivered=0, total=1, overdue=1)),
        ("2025-07-10", "eu-code", Count(delivered=1, total=1, overdue=0)),
    ],
)
def test_the_network_is_where_its_public_record_says(
    reading: Browser, day: str, deadline: str, expected: Count
) -> None:
    for path in (f"/deadlines/{deadline}", "/deadlines", "/"):
        found = dict(shown(reading.page(f"{path}?as_of={day}")))
        assert found[f"deadline:{deadline}"] == expected, path


def test_what_is_overdue_and_delivered_late_says_by_how_many_days(reading: Browser) -> None:
    def row(day: str, key: str) -> str:
        page = reading.page(f"/deadlines/eu-code?as_of={day}")
        return page.select_one(f'[data-deliverable="{key}"]').get_text(" ")

    assert "30 days late" in row("2025-06-01", "code-input")
    assert "69 days late" in row("2025-07-10", "code-input")
    page = reading.page("/deadlines/eu-code?as_of=2025-07-10")
    assert "1 was delivered late" in page.get_text()
    assert "Delivered late" in page.get_text()


def test_overdue_at_the_convening_are_the_agenda_and_the_calendar(reading: Browser) -> None:
    for day, expected in (
        ("2024-11-21", set()),
        ("2024-11-22", {"research-agenda", "cadence"}),
        ("2026-11-24", {"research-agenda", "cadence"}),
    ):
        page = reading.page(f"/deadlines/convening?as_of={day}")
        late = {
            row["data-deliverable"]
            for row in page.select("[data-deliverable]")
            if "overdue" in str(row["data-flags"]).split()
        }
        assert late == expected, day


def test_today_and_as_of_today_are_the_same_page(reading: Browser) -> None:
    for path in ("/", "/priorities", "/deadlines/summit", "/members/GB", "/attention"):
        plain, dated = reading.get(path), reading.get(f"{path}?as_of={TODAY}")
        main = [BeautifulSoup(answer.text, "html.parser").main for answer in (plain, dated)]
        assert str(main[0]) == str(main[1]), path
