"""Who was what on a day, read from plan and record by hand: slow and obvious, and sharing nothing
with the product."""

from datetime import date
from typing import Any

from hand_count import PLAN, PLANNED_ON, RECORD


def members_on(day: date) -> list[dict[str, Any]]:
    return [m for m in PLAN["members"] if m.get("joined_on", PLANNED_ON) <= day]


def standings_on(day: date) -> dict[str, str]:
    """The record changes nobody's."""
    return {m["code"]: m["status"] for m in members_on(day)}


def in_office_on(day: date) -> set[tuple[str, str]]:
    """The record ends no term."""
    return {(e["member"], e["title"]) for e in RECORD["leadership"] if e["date"] <= day}


def network_on(day: date) -> str | None:
    if day < PLAN["network"]["founded_on"]:
        return None
    called: str = PLAN["network"]["name"]
    for entry in sorted(RECORD["renamed"], key=lambda e: e["date"]):
        if entry["what"] == "network" and entry["date"] <= day:
            called = entry["to"]
    return called


def institute_on(code: str, day: date) -> dict[str, str]:
    """Its name, staff, host and funding; empty text: not said."""
    (member,) = [m for m in PLAN["members"] if m["code"] == code]
    said = member.get("institute", {})
    told = {
        "name": said.get("name", ""),
        "host": said.get("host", ""),
        "staff": said.get("staff", ""),
        "funding": said.get("funding", {}).get("text", ""),
    }
    changes = [*RECORD["institutes"], *(e for e in RECORD["renamed"] if e["what"] == "institute")]
    for entry in sorted(changes, key=lambda e: e["date"]):
        if entry["member"] != code or entry["date"] > day:
            continue
        told["name"] = entry.get("name", entry.get("to", told["name"]))
        if "funding" in entry:
            told["funding"] = entry["funding"]["text"]
    return told


def levels_on(code: str, day: date) -> dict[str, str]:
    """By function; everything comes with the plan."""
    if day < PLANNED_ON:
        return {}
    of_it = [e for e in PLAN["member_functions"] if e["member"] == code]
    return {f["key"]: "unknown" for f in PLAN["functions"]} | {
        e["function"]: e["level"] for e in of_it
    }


def bodies_on(day: date) -> dict[str, int]:
    """How many engagements each has."""
    if day < PLANNED_ON:
        return {}
    return {b["key"]: len(b["engagements"]) for b in PLAN["bodies"]}
