"""Everything about one member as one archive: what its reader may take along, and no more."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Action
from app.contributions.models import Contribution, ContributionEnd
from app.core.clock import AsOf
from app.core.markings import Marking, apart, highest
from app.core.permissions import Actor
from app.core.table_files import as_csv
from app.decisions.models import Decision, Position
from app.deliverables.models import (
    Assignment,
    AssignmentSpan,
    Deliverable,
    Evidence,
    StatusUpdate,
)
from app.meetings.models import Attendance, Meeting
from app.members.models import (
    Function,
    Institute,
    LeadershipTerm,
    Member,
    MemberFunction,
    MemberStanding,
)
from app.sharing.queries import visible

Row = dict[str, Any]
MADE = (1980, 1, 1, 0, 0, 0)
"""The time of every file in it, so that the same facts are the same bytes."""


@dataclass(frozen=True, slots=True)
class Archive:
    code: str
    marking: Marking
    content: bytes


def archive(session: Session, reader: Actor, code: str, as_of: AsOf) -> Archive | None:
    """None where there is no such member on the day. RED is not in it: the reader asks through the
    channel of exports."""
    member = session.scalars(
        select(Member).where(Member.code == code, Member.exists_on(as_of.day))
    ).one_or_none()
    if member is None:
        return None
    with apart() as read:
        tables = dict(_tables(session, reader, member, as_of))
    marking = highest(read, Marking.GREEN)
    head = {
        "member": {"code": member.code, "name": member.name, "zone": member.zone},
        "as_of": as_of.day.isoformat(),
        "marking": marking.label,
    }
    return Archive(member.code, marking, _packed(head, tables))


def _packed(head: Row, tables: dict[str, list[Row]]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        whole = json.dumps({**head, **_plain(tables)}, ensure_ascii=False, indent=2)
        _put(packed, "member.json", whole + "\n")
        for name, rows in tables.items():
            if rows:
                headings = list(rows[0])
                cells = ([_cell(row[column]) for column in headings] for row in rows)
                marked = ([*line, str(head["marking"])] for line in cells)
                _put(packed, f"{name}.csv", as_csv([*headings, "TLP"], marked))
    return file.getvalue()


def _put(packed: ZipFile, name: str, text: str) -> None:
    entry = ZipInfo(name, MADE)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    packed.writestr(entry, text.encode())


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | Enum) else value


def _cell(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def _tables(
    session: Session, reader: Actor, member: Member, as_of: AsOf
) -> Iterator[tuple[str, list[Row]]]:
    yield "standing", _of(session, MemberStanding, member, as_of, ("status", "note"))
    fields = ("name", "host", "established", "announced_only", "staff", "funding",
              "funding_usd_per_year", "note")  # fmt: skip
    yield "institute", _of(session, Institute, member, as_of, fields)
    yield "offices", _of(session, LeadershipTerm, member, as_of, ("title", "note"))
    yield "functions", _functions(session, member, as_of)
    parts = _parts(session, reader, member, as_of)
    yield "assignments", [row for _, row in parts]
    own = sorted({number for number, _ in parts})
    yield "deliverables", _deliverables(session, reader, own)
    yield "updates", _updates(session, reader, member, own, as_of)
    yield "evidence", _evidence(session, reader, own)
    yield "contributions", _contributions(session, reader, member, as_of)
    yield "actions", _actions(session, reader, member, as_of)
    yield "positions", _positions(session, reader, member, as_of)
    yield "meetings", _meetings(session, member, as_of)


def _of(
    session: Session, kind: Any, member: Member, as_of: AsOf, fields: Sequence[str]
) -> list[Row]:
    of_it = (kind.member_id == member.id, kind.from_on <= as_of.day)
    rows = session.scalars(select(kind).where(*of_it).order_by(kind.from_on, kind.id))
    return [
        {
            "from": row.from_on,
            "until": row.until_on,
            **{name: getattr(row, name) for name in fields},
        }
        for row in rows
    ]


def _functions(session: Session, member: Member, as_of: AsOf) -> list[Row]:
    rows = session.execute(
        select(MemberFunction, Function.key)
        .join(Function, Function.id == MemberFunction.function_id)
        .where(MemberFunction.member_id == member.id, MemberFunction.from_on <= as_of.day)
        .order_by(Function.position, MemberFunction.from_on, MemberFunction.id)
    )
    return [
        {"from": row.from_on, "function": key, "level": row.level, "evidence": row.evidence}
        for row, key in rows
    ]


def _parts(session: Session, reader: Actor, member: Member, as_of: AsOf) -> list[tuple[int, Row]]:
    rows = session.execute(
        select(AssignmentSpan, Deliverable)
        .join(Assignment, Assignment.id == AssignmentSpan.assignment_id)
        .join(Deliverable, Deliverable.id == Assignment.deliverable_id)
        .where(
            Assignment.member_id == member.id,
            AssignmentSpan.from_on <= as_of.day,
            visible(reader, Deliverable),
        )
        .order_by(Deliverable.id, AssignmentSpan.from_on, AssignmentSpan.id)
    )
    return [
        (
            of.id,
            {
                "from": span.from_on,
                "deliverable": of.key,
                "role": span.role,
                "state": span.state,
                "why": span.reason,
            },
        )
        for span, of in rows
    ]


def _deliverables(session: Session, reader: Actor, own: Sequence[int]) -> list[Row]:
    rows = session.scalars(
        select(Deliverable)
        .where(Deliverable.id.in_(own), visible(reader, Deliverable))
        .order_by(Deliverable.id)
    )
    return [
        {"key": row.key, "title": row.title, "kind": row.kind, "marking": row.marking,
         "note": row.note}
        for row in rows
    ]  # fmt: skip


def _updates(
    session: Session, reader: Actor, member: Member, own: Sequence[int], as_of: AsOf
) -> list[Row]:
    """Of what the member has a part in, and what its liaisons logged elsewhere."""
    about_it = StatusUpdate.deliverable_id.in_(own) | (StatusUpdate.member_id == member.id)
    rows = session.execute(
        select(StatusUpdate, Deliverable.key)
        .join(Deliverable, Deliverable.id == StatusUpdate.deliverable_id)
        .where(about_it, StatusUpdate.effective_on <= as_of.day, visible(reader, StatusUpdate))
        .order_by(StatusUpdate.effective_on, StatusUpdate.id)
    )
    names = ("status", "health", "progress", "marking", "note", "blocker", "next_step")
    return [
        {"date": row.effective_on, "deliverable": key, **{n: getattr(row, n) for n in names}}
        for row, key in rows
    ]


def _evidence(session: Session, reader: Actor, own: Sequence[int]) -> list[Row]:
    rows = session.execute(
        select(Evidence, Deliverable.key)
        .join(Deliverable, Deliverable.id == Evidence.deliverable_id)
        .where(Evidence.deliverable_id.in_(own), visible(reader, Evidence))
        .order_by(Evidence.id)
    )
    return [
        {"deliverable": key, "title": row.title, "url": row.url, "marking": row.marking}
        for row, key in rows
    ]


def _contributions(session: Session, reader: Actor, member: Member, as_of: AsOf) -> list[Row]:
    ended = select(ContributionEnd.contribution_id).where(ContributionEnd.from_on <= as_of.day)
    rows = session.scalars(
        select(Contribution)
        .where(
            Contribution.member_id == member.id,
            Contribution.given_on <= as_of.day,
            Contribution.id.not_in(ended),
            visible(reader, Contribution),
        )
        .order_by(Contribution.given_on, Contribution.id)
    )
    names = ("kind", "amount", "unit", "currency", "about", "note", "marking")
    return [{"date": row.given_on, **{n: getattr(row, n) for n in names}} for row in rows]


def _actions(session: Session, reader: Actor, member: Member, as_of: AsOf) -> list[Row]:
    rows = session.scalars(
        select(Action)
        .where(Action.member_id == member.id, Action.exists_on(as_of.day), visible(reader, Action))
        .order_by(Action.id)
    )
    names = ("task", "due_on", "state", "closed_on", "closed_note", "marking")
    return [{name: getattr(row, name) for name in names} for row in rows]


def _positions(session: Session, reader: Actor, member: Member, as_of: AsOf) -> list[Row]:
    rows = session.execute(
        select(Position, Decision)
        .join(Decision, Decision.id == Position.decision_id)
        .where(
            Position.member_id == member.id,
            Decision.exists_on(as_of.day),
            visible(reader, Decision),
        )
        .order_by(Decision.id, Position.id)
    )
    return [
        {
            "decision": of.key,
            "title": of.title,
            "stance": row.stance,
            "statement": row.statement,
            "recorded_at": row.recorded_at,
            "marking": of.marking,
        }
        for row, of in rows
        if row.recorded_at.date() <= as_of.day
    ]


def _meetings(session: Session, member: Member, as_of: AsOf) -> list[Row]:
    rows = session.execute(
        select(Meeting, Attendance.presence)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(Attendance.member_id == member.id, Meeting.exists_on(as_of.day))
        .order_by(Meeting.starts_on, Meeting.id)
    )
    return [
        {"meeting": row.key, "title": row.title, "starts_on": row.starts_on, "presence": presence}
        for row, presence in rows
    ]
