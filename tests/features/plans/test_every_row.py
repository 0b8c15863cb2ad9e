"""What stands in the tables against a slow count of the files with another parser."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core.permissions import Role
from app.models import Base
from app.people.models import Account
from app.plans.actions.recorder import EMAIL

PLAN, RECORD = (Path(__file__).parents[3] / "data" / name for name in ("plan.yaml", "record.yaml"))

COLUMNS = {
    "sources": "key",
    "members": "code",
    "functions": "key",
    "mechanisms": "key",
    "questions": "key",
    "priorities": "key",
    "deadlines": "key",
    "deliverables": "key",
    "bodies": "key",
    "meeting_series": "key",
}


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    return dict(yaml.safe_load(PLAN.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return dict(yaml.safe_load(RECORD.read_text(encoding="utf-8")))


@pytest.fixture(autouse=True)
def imported(bring_in: Any) -> None:
    bring_in(PLAN, RECORD)


def both(plan: dict[str, Any], record: dict[str, Any], section: str) -> list[dict[str, Any]]:
    added = record["added"].get(section, [])
    return [*plan.get(section, []), *added, *record.get(section, [])]


def rows(session: Session, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(text(query))]


def test_no_table_holds_a_row_more_or_less_than_the_files_say(
    session: Session, plan: dict[str, Any], record: dict[str, Any]
) -> None:
    def size(section: str) -> int:
        return len(both(plan, record, section))

    deliverables = both(plan, record, "deliverables")
    priorities = both(plan, record, "priorities")
    parts = both(plan, record, "assignments")
    members_renamed = [entry for entry in record["renamed"] if entry["what"] == "institute"]
    expected = {
        **{table: size(table) for table in COLUMNS},
        "accounts": 2,  # the coordinator that imports, and the account of the import
        "networks": 1,
        "network_names": 1 + len(record["renamed"]) - len(members_renamed),
        "member_standings": size("members"),
        "institutes": sum("institute" in member for member in plan["members"])
        + len(record["institutes"])
        + len(members_renamed),
        "member_functions": size("member_functions"),
        "priority_functions": sum(len(priority.get("functions", [])) for priority in priorities),
        "question_states": size("questions"),
        "deadline_dates": size("deadlines"),
        "schedule_changes": size("deliverables"),
        "dependencies": sum(len(each.get("depends_on", [])) for each in deliverables),
        "engagements": sum(len(body["engagements"]) for body in plan["bodies"]),
        "outside_events": size("timeline"),
        "assignments": len({(each["deliverable"], each["member"]) for each in parts}),
        "assignment_spans": size("assignments"),
        "contributions": size("contributions"),
        "leadership_terms": size("leadership"),
        "meetings": size("meetings"),
        "status_updates": size("updates"),
        "deliverable_states": sum(1 for _ in spans(deliverables, record["updates"])),
    }
    found = {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
        if table.name not in {"audit_entries", "deliverable_states", "search_entries"}
    }
    for_all = "SELECT deliverable_id FROM deliverable_states WHERE for_all"
    found["deliverable_states"] = len(rows(session, for_all))
    assert {name: n for name, n in found.items() if n} == expected


def spans(
    deliverables: list[dict[str, Any]], updates: list[dict[str, Any]]
) -> Iterator[tuple[str, date]]:
    """A state for each day on which something of a deliverable changes."""
    for each in deliverables:
        since = each.get("from", date(2024, 10, 30))
        days = {update["date"] for update in updates if update["deliverable"] == each["key"]}
        yield from ((each["key"], day) for day in days | {since})


@pytest.mark.parametrize("section", COLUMNS)
def test_every_thing_is_there_under_its_key_and_its_source(
    session: Session, plan: dict[str, Any], record: dict[str, Any], section: str
) -> None:
    key = COLUMNS[section]
    default = None if section == "sources" else plan["network"]["source"]
    wanted = sorted(
        (each[key], each.get("source", default)) for each in both(plan, record, section)
    )
    if section == "sources":
        found = [(name, None) for (name,) in rows(session, "SELECT key FROM sources")]
    else:
        found = rows(
            session,
            f"SELECT t.{key}, s.key FROM {section} t JOIN sources s ON s.id = t.source_id",  # noqa: S608
        )
    assert sorted(found) == wanted


def test_every_update_is_there_with_its_day_precision_note_and_source(
    session: Session, record: dict[str, Any]
) -> None:
    found = rows(
        session,
        "SELECT d.key, u.status, u.precision, u.note, s.key, a.email, u.health, u.progress "
        "FROM status_updates u JOIN deliverables d ON d.id = u.deliverable_id "
        "JOIN sources s ON s.id = u.source_id JOIN accounts a ON a.id = u.account_id "
        "ORDER BY u.id",
    )
    in_order = sorted(record["updates"], key=lambda update: update["date"])
    assert found == [
        (
            each["deliverable"],
            each["status"],
            each.get("precision", "day"),
            each["note"],
            each["source"],
            EMAIL,
            None,
            None,
        )
        for each in in_order
    ]


def test_every_part_is_there_with_the_day_from_which_it_is_known(
    session: Session, plan: dict[str, Any], record: dict[str, Any]
) -> None:
    found = rows(
        session,
        "SELECT d.key, m.code, s.role, s.state, s.reason, s.precision, CAST(s.from_on AS TEXT) "
        "FROM assignment_spans s JOIN assignments a ON a.id = s.assignment_id "
        "JOIN deliverables d ON d.id = a.deliverable_id JOIN members m ON m.id = a.member_id",
    )
    assert sorted(found) == sorted(
        (
            each["deliverable"],
            each["member"],
            each["role"],
            each["state"],
            each.get("why", ""),
            each.get("precision", "day"),
            str(each.get("date", plan["as_of"])),
        )
        for each in both(plan, record, "assignments")
    )


def test_an_institute_carries_over_what_a_later_entry_leaves_out(session: Session) -> None:
    found = rows(
        session,
        "SELECT m.code, CAST(i.from_on AS TEXT), i.name, i.host, i.funding, i.announced_only "
        "FROM institutes i JOIN members m ON m.id = i.member_id WHERE m.code IN ('CA', 'GB') "
        "ORDER BY m.code, i.from_on",
    )
    host = "Department for Science, Innovation and Technology"
    pounds = "more than GBP 50 million (USD 65 million) a year, 2024-2030"
    dollars = "CAD 50 million (about USD 36.5 million), period unknown"
    longer = "Canadian Artificial Intelligence Safety Institute"
    assert [(*row[:-1], bool(row[-1])) for row in found] == [
        ("CA", "2024-05-21", "Canada AISI", "", dollars, True),
        ("CA", "2024-11-12", longer, "", "CAD 50 million over five years", False),
        ("GB", "2024-05-21", "UK AISI", host, pounds, False),
        ("GB", "2025-12-31", "AI Security Institute", host, pounds, False),
    ]


def test_the_network_keeps_its_short_name_when_it_takes_a_longer_one(session: Session) -> None:
    found = rows(
        session,
        "SELECT name, short_name, precision, CAST(from_on AS TEXT), CAST(until_on AS TEXT) "
        "FROM network_names ORDER BY from_on",
    )
    first = "International Network of AI Safety Institutes"
    second = "International Network for Advanced AI Measurement, Evaluation and Science"
    assert found == [
        (first, "AISI Network", "day", "2024-05-21", "2025-12-10"),
        (second, "AISI Network", "month", "2025-12-10", "9999-12-31"),
    ]


def test_a_meeting_at_the_day_and_place_of_a_convening_is_the_meeting_of_it(
    session: Session,
) -> None:
    found = rows(
        session,
        "SELECT m.key, d.key, m.status, m.precision, m.title FROM meetings m "
        "JOIN deadlines d ON d.id = m.deadline_id ORDER BY m.starts_on",
    )
    assert found == [
        ("plenary-2024-11-20", "convening", "held", "day", "San Francisco convening"),
        ("plenary-2025-12-01", "san-diego", "held", "month", "San Diego meeting"),
    ]


def test_what_lies_behind_the_plan_is_known_from_when_it_happened(session: Session) -> None:
    days = "CAST(starts_on AS TEXT), CAST(exists_from AS TEXT)"
    found = rows(session, f"SELECT {days} FROM outside_events")  # noqa: S608
    assert {known for happened, known in found if happened > "2024-10-30"} == {"2024-10-30"}
    assert all(happened == known for happened, known in found if happened <= "2024-10-30")


def test_nobody_can_sign_in_as_the_account_of_the_import(session: Session) -> None:
    account = session.scalars(select(Account).where(Account.email == EMAIL)).one()
    assert (account.role, account.password_hash) == (Role.RECORDER, "")
