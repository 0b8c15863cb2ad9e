"""Plan and record counted by hand: PyYAML over the two files, slow and obvious.

It shares nothing with the product: neither its reader nor its rules nor its dates.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parents[1] / "data"
FILES = [DATA / "plan.yaml", DATA / "record.yaml"]
OPEN = ("not_started", "in_progress", "in_review")

PLAN: dict[str, Any] = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))
RECORD: dict[str, Any] = yaml.safe_load(FILES[1].read_text(encoding="utf-8"))
PLANNED_ON: date = PLAN["as_of"]


@dataclass(frozen=True)
class Count:
    delivered: int
    total: int
    overdue: int


def things(kind: str) -> list[dict[str, Any]]:
    return [*PLAN.get(kind, []), *RECORD["added"].get(kind, [])]


def exists_on(thing: dict[str, Any], day: date) -> bool:
    return bool(thing.get("from", PLANNED_ON) <= day)


def member_exists_on(member: dict[str, Any], day: date) -> bool:
    return bool(member.get("joined_on", PLANNED_ON) <= day)


def last_day(deadline: dict[str, Any]) -> date:
    day: date = deadline.get("ends_on", deadline["starts_on"])
    if deadline["precision"] == "year":
        return date(day.year, 12, 31)
    if deadline["precision"] == "month":
        return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
    return day


def status_on(key: str, day: date) -> str:
    status = "not_started"
    for update in sorted(RECORD["updates"], key=lambda update: update["date"]):
        if update["deliverable"] == key and update["date"] <= day:
            status = update["status"]
    return status


def delivered_on(key: str, day: date) -> date | None:
    """The record delivers each thing once and takes nothing back."""
    days: list[date] = [
        update["date"]
        for update in RECORD["updates"]
        if update["deliverable"] == key
        and update["status"] == "delivered"
        and update["date"] <= day
    ]
    return min(days, default=None)


def due_on(deliverable: dict[str, Any]) -> date | None:
    for deadline in things("deadlines"):
        if deadline["key"] == deliverable.get("deadline"):
            return last_day(deadline)
    return None


def is_overdue(deliverable: dict[str, Any], day: date) -> bool:
    due = due_on(deliverable)
    return due is not None and due < day and status_on(deliverable["key"], day) in OPEN


def part_on(key: str, member: str, day: date) -> tuple[str, str] | None:
    """Role and state of the member in the deliverable."""
    part = None
    if day >= PLANNED_ON:
        for assignment in PLAN["assignments"]:
            if (assignment["deliverable"], assignment["member"]) == (key, member):
                part = (assignment["role"], assignment["state"])
    for assignment in sorted(RECORD["assignments"], key=lambda a: a["date"]):
        same = (assignment["deliverable"], assignment["member"]) == (key, member)
        if same and assignment["date"] <= day:
            part = (assignment["role"], assignment["state"])
    return part


def works_on(key: str, member: str, day: date) -> bool:
    part = part_on(key, member, day)
    return (
        part is not None
        and part[0] in ("lead", "contributor")
        and part[1] in ("proposed", "accepted")
    )


def deliverables_of(group: str, day: date) -> list[dict[str, Any]]:
    """`network`, `priority:KEY`, `deadline:KEY` or `member:CODE`."""
    kind, _, key = group.partition(":")
    there = [d for d in things("deliverables") if exists_on(d, day)]
    if kind == "network":
        return there
    if kind == "member":
        return [d for d in there if works_on(d["key"], key, day)]
    return [d for d in there if d.get(kind) == key]


def count(group: str, day: date) -> Count:
    counted = [d for d in deliverables_of(group, day) if status_on(d["key"], day) != "dropped"]
    return Count(
        delivered=sum(status_on(d["key"], day) == "delivered" for d in counted),
        total=len(counted),
        overdue=sum(is_overdue(d, day) for d in counted),
    )


def groups_on(day: date) -> set[str]:
    """Every group that exists on the day, the network apart."""
    return {
        *(f"priority:{p['key']}" for p in things("priorities") if exists_on(p, day)),
        *(f"deadline:{d['key']}" for d in things("deadlines") if exists_on(d, day)),
        *(f"member:{m['code']}" for m in PLAN["members"] if member_exists_on(m, day)),
    }


def days_that_matter() -> list[date]:
    """Every day named in the files, with the day before and the day after."""
    days = {PLANNED_ON, *(m["joined_on"] for m in PLAN["members"] if "joined_on" in m)}
    for deadline in things("deadlines"):
        days |= {deadline["starts_on"], last_day(deadline), deadline.get("from", PLANNED_ON)}
    for kind in ("updates", "assignments"):
        days |= {entry["date"] for entry in RECORD[kind]}
    days |= {d["from"] for d in RECORD["added"]["deliverables"]}
    around = {date.fromordinal(day.toordinal() + n) for day in days for n in (-1, 0, 1)}
    return sorted(around)
