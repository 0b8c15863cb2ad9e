"""The real files against a second reading of them with another parser."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.core.days import Precision
from app.plans.reading import Bundle, read
from app.plans.reading.values import PartDate

DATA = Path(__file__).parents[2] / "data"
PLAN, RECORD = DATA / "plan.yaml", DATA / "record.yaml"
HEAD = {"format", "version", "as_of", "plan", "network", "added"}
OTHER_NAMES = {"from": "exists_from", "date": "effective_on", "until": "ends_on"}


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return read([RECORD, PLAN])


@pytest.fixture(scope="module")
def raw() -> dict[str, list[dict[str, Any]]]:
    """Section to entries as plain text, plan first."""
    plan = yaml.load(PLAN.read_text(), yaml.BaseLoader)  # noqa: S506 - it makes only text
    record = yaml.load(RECORD.read_text(), yaml.BaseLoader)  # noqa: S506 - the same
    sections: dict[str, list[dict[str, Any]]] = {}
    for document in (plan, record["added"], record):
        for name, entries in document.items():
            if name not in HEAD:
                sections.setdefault(name, []).extend(entries)
    return sections


def written(value: object) -> object:
    match value:
        case PartDate():
            return value.text
        case bool():
            return str(value).lower()
        case tuple():
            return [written(item) for item in value]
        case str() | int() | date() | Decimal():
            return str(value)
    return value


def assert_says_the_same(value: Any, entry: dict[str, Any]) -> None:
    for name, text in entry.items():
        attribute = OTHER_NAMES.get(name, name)
        if name == "date" and not hasattr(value, attribute):
            attribute = "starts_on"
        read_value = getattr(value, attribute)
        if isinstance(text, dict):
            assert_says_the_same(read_value, text)
        elif isinstance(text, list) and text and isinstance(text[0], dict):
            assert len(read_value) == len(text)
            for part, part_entry in zip(read_value, text, strict=True):
                assert_says_the_same(part, part_entry)
        else:
            assert written(read_value) == text, (value, name)


def test_every_section_holds_as_many_entries_as_the_files(bundle, raw):
    counts = {name: len(getattr(bundle, name)) for name in raw}
    assert counts == {name: len(entries) for name, entries in raw.items()}
    assert counts["deliverables"] == 21
    assert counts["assignments"] == 33


def test_every_field_of_every_entry_is_kept_as_it_was_written(bundle, raw):
    for name, entries in raw.items():
        values, in_order = getattr(bundle, name), entries
        if any("date" in entry for entry in entries) and name != "timeline":
            # Sorting is stable; what has no date stands in the plan and counts from its day.
            in_order = sorted(entries, key=lambda entry: entry.get("date", "2024-10-30"))
        for value, entry in zip(values, in_order, strict=True):
            assert_says_the_same(value, entry)


def test_every_keyed_value_names_the_line_on_which_it_stands(bundle, raw):
    lines = {str(path): path.read_text().splitlines() for path in (PLAN, RECORD)}
    keyed = [value for name in raw for value in getattr(bundle, name) if hasattr(value, "key")]
    assert len(keyed) == 18 + 9 + 9 + 6 + 21 + 1 + 4 + 9 + 6
    for value in keyed:
        assert f"key: {value.key}" in lines[value.file][value.line - 1]


def test_heads_and_network_are_kept(bundle):
    assert bundle.plan.as_of == date(2024, 10, 30)
    assert [head.as_of for head in bundle.records] == [date(2026, 2, 28)]
    assert bundle.records[0].plan == "plan.yaml"
    assert bundle.network.name == "International Network of AI Safety Institutes"
    assert bundle.network.founded_on == date(2024, 5, 21)


def test_a_thing_exists_from_its_own_day_or_from_the_day_of_the_plan(bundle):
    since = {each.key: each.exists_from for each in bundle.deliverables}
    assert since["statement"] == date(2024, 10, 30)
    assert since["joint-test-2"] == date(2024, 11, 21)
    joined = {each.code: each.exists_from for each in bundle.members}
    assert joined["KE"] == date(2024, 9, 18)
    assert joined["DE"] == date(2024, 10, 30)


def test_dates_are_kept_as_precisely_as_they_are_known(bundle):
    published = {each.key: each.published for each in bundle.sources}
    assert published["csis-2024"].precision == Precision.DAY
    assert published["babl-2024-11"] == PartDate("2024-11", date(2024, 11, 1), Precision.MONTH)
    assert published["aisi-2025-agentic"] == PartDate("2025", date(2025, 1, 1), Precision.YEAR)
    assert published["wikipedia-aisi"] is None
    geneva = next(each for each in bundle.deadlines if each.key == "geneva")
    assert (geneva.starts_on, geneva.precision) == (date(2027, 1, 1), Precision.YEAR)


def test_entries_of_the_plan_cite_the_source_of_the_network(bundle):
    assert {each.source for each in bundle.members} == {"csis-2024"}
    assert {each.source for each in bundle.assignments if each.file == str(PLAN)} == {"csis-2024"}
    assert "csis-2024" not in {each.source for each in bundle.updates}


def test_assignments_of_the_plan_count_from_its_day(bundle):
    planned = [each for each in bundle.assignments if each.file == str(PLAN)]
    assert {each.effective_on for each in planned} == {date(2024, 10, 30)}


def test_the_order_of_the_files_makes_no_difference(bundle):
    assert read([PLAN, RECORD]) == bundle


def test_updates_come_in_the_order_of_their_days(bundle):
    days = [each.effective_on for each in bundle.updates]
    assert days == sorted(days)
