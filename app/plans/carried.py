"""Which tables a record carries row by row, and how a cell of them is written and read.

Left out is what opens the door (accounts' passwords, second factors, sessions, links, tokens), the
trail, what belongs to one reader's screen, what is worked out anew from the rest, and whatever is
marked RED. A table that is not named here is not carried.
"""

import json
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum as PythonEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Integer, Numeric, String, Table, Time

from app.core.db import Base, Instant, MarkingWord
from app.core.markings import Marking

CARRIED = frozenset(
    [
        "accounts",
        "actions",
        "agenda_item_links",
        "agenda_items",
        "agendas",
        "asked_questions",
        "assignment_spans",
        "assignments",
        "attendances",
        "audience_accounts",
        "audience_members",
        "audiences",
        "bodies",
        "contribution_conversions",
        "term_ends",
        "standing_grounds",
        "programmes",
        "criterion_findings",
        "contribution_ends",
        "contributions",
        "criterion_findings",
        "date_proposals",
        "deadline_dates",
        "deadline_reviews",
        "deadlines",
        "decisions",
        "deliverables",
        "dependencies",
        "engagements",
        "escalations",
        "evidence",
        "evidence_files",
        "flag_mutes",
        "functions",
        "institutes",
        "item_actions",
        "leadership_terms",
        "letter_files",
        "letter_steps",
        "letters",
        "mechanisms",
        "meeting_figures",
        "meeting_series",
        "meeting_slots",
        "meetings",
        "member_functions",
        "member_standings",
        "members",
        "network_names",
        "networks",
        "outside_events",
        "positions",
        "priorities",
        "priority_functions",
        "programmes",
        "proposed_items",
        "published_agendas",
        "published_minutes",
        "question_states",
        "questions",
        "report_requests",
        "report_rounds",
        "report_verdicts",
        "review_choices",
        "review_entries",
        "saved_views",
        "schedule_changes",
        "series_amendments",
        "series_members",
        "settlements",
        "slot_answers",
        "sources",
        "standing_grounds",
        "status_updates",
        "term_ends",
    ]
)
LEFT_OUT = frozenset(
    [
        "api_tokens",
        "attempt_counts",
        "audit_entries",
        "calendar_feeds",
        "deliverable_states",
        "desk_visits",
        "kept_answers",
        "notice_choices",
        "notices",
        "occurrences",
        "one_time_links",
        "parcels",
        "recovery_codes",
        "search_entries",
        "second_factors",
        "sheet_imports",
        "signed_in_sessions",
        "webhooks",
    ]
)
"""Told apart from what somebody forgot: a test asks that every table is in one of the two."""

OF_ACCOUNTS = ("email", "name", "role", "member_id", "zone", "language", "created_at")
"""What is told of those who wrote: an account made from it is closed and has no password."""

_NATURAL = ("key", "code", "email")


def tables() -> list[Table]:
    """Each after those that it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name in CARRIED]


def columns(table: Table) -> list[Column[Any]]:
    if table.name == "accounts":
        return [table.c[name] for name in OF_ACCOUNTS]
    return [column for column in table.columns if column.name != "id" or not natural(table)]


def natural(table: Table) -> str | None:
    """The column by which people know a row, if there is one; else it is known by its number."""
    if "id" not in table.columns:
        return None
    return next((name for name in _NATURAL if name in table.columns), None)


def target(column: Column[Any]) -> Table | None:
    """The table that the column refers to."""
    return next((key.column.table for key in column.foreign_keys), None)


def written_name(column: Column[Any]) -> str:
    return column.name.removesuffix("_id") if column.foreign_keys else column.name


def default(column: Column[Any]) -> Any:
    """What a cell that is not written holds; None also where one has to be written."""
    if column.nullable:
        return None
    told = column.default
    if told is not None and told.is_scalar:
        return told.arg  # type: ignore[attr-defined]
    if isinstance(column.type, Boolean):
        return False
    return None


def as_written(column: Column[Any], value: Any) -> Any:
    """A cell as text, number or truth value."""
    if isinstance(column.type, JSON):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if isinstance(value, PythonEnum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value


def as_kept(column: Column[Any], written: Any) -> Any:
    """A cell from what stands in the file; ValueError where it does not fit the column."""
    if written is None:
        return None
    kind = column.type
    if isinstance(kind, MarkingWord):
        return Marking(written)
    if isinstance(kind, Enum):
        return kind.enum_class(written) if kind.enum_class else str(written)
    for sort, read in _READERS:
        if isinstance(kind, sort):
            return read(written)
    text = written if isinstance(written, str) else str(written)
    if isinstance(kind, String) and kind.length and len(text) > kind.length:
        raise ValueError(text)
    return text


def _truth(written: Any) -> bool:
    if not isinstance(written, bool):
        raise ValueError(written)
    return written


def _whole(written: Any) -> int:
    if isinstance(written, bool) or not isinstance(written, int):
        raise ValueError(written)
    return written


def _moment(written: Any) -> datetime:
    read = datetime.fromisoformat(str(written))
    if read.tzinfo is None:
        raise ValueError(written)
    return read


def _amount(written: Any) -> Decimal:
    if isinstance(written, bool) or not isinstance(written, int | Decimal):
        raise ValueError(written)
    return Decimal(written)


_READERS: tuple[tuple[type[Any], Any], ...] = (
    (Boolean, _truth),
    (Integer, _whole),
    (Instant, _moment),
    (Date, lambda written: date.fromisoformat(str(written))),
    (Time, lambda written: time.fromisoformat(str(written))),
    (Numeric, _amount),
    (JSON, lambda written: json.loads(str(written))),
)
