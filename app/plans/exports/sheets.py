"""Tables out, in the format in which they come in again. RED stays on the screen: the reader asks
through the channel of exports."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contributions.models import Contribution, ContributionEnd
from app.core.clock import AsOf
from app.core.markings import Marking, highest
from app.core.permissions import Actor
from app.core.table_files import Cell, as_csv, as_xlsx
from app.deliverables.actions.planning import dependency_edges
from app.deliverables.models import (
    Assignment,
    AssignmentSpan,
    Deliverable,
    StatusUpdate,
)
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import every
from app.members.models import Member
from app.plans.actions.sheets import WORKS
from app.plans.actions.sheets.needs import keys
from app.plans.exports.names import Names
from app.plans.models import SheetKind
from app.plans.sheets.reading import MARKING
from app.sharing.queries import visible

ENDINGS = {
    "csv": "text/csv",
    "bom.csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Out:
    """A table as it goes out: each row ends with its own marking."""

    kind: SheetKind
    rows: list[tuple[list[Cell], Marking]]

    @property
    def marking(self) -> Marking:
        return highest((marking for _, marking in self.rows), Marking.GREEN)


def template(kind: SheetKind) -> Out:
    """The headings alone."""
    return Out(kind, [])


def table(session: Session, reader: Actor, as_of: AsOf, kind: SheetKind) -> Out:
    """What the reader may take along of how it stands on the day."""
    found = _TABLES[kind](session, reader, as_of)
    return Out(kind, [_in_columns(kind, values, marking) for values, marking in found])


def as_file(out: Out, ending: str, note: str, made_at: datetime) -> bytes:
    columns = WORKS[out.kind].columns
    if ending == "xlsx":
        rows = ([*cells, marking.label] for cells, marking in out.rows)
        headings = [*columns, MARKING]
        return as_xlsx(out.kind.value, headings, rows, note=note, made_at=made_at)
    marked = ([*cells, marking.label] for cells, marking in out.rows)
    text = as_csv([*columns, MARKING], marked, byte_order_mark=ending == "bom.csv")
    return text.encode()


def _in_columns(
    kind: SheetKind, values: dict[str, Any], marking: Marking
) -> tuple[list[Cell], Marking]:
    told = (values.get(name) for name in WORKS[kind].columns)
    return [None if value == "" else value for value in told], marking


Found = Iterator[tuple[dict[str, Any], Marking]]


def _deliverables(session: Session, reader: Actor, as_of: AsOf) -> Found:
    rows = every(session, reader, as_of, Filter())
    notes = session.execute(
        select(Deliverable.id, Deliverable.note).where(visible(reader, Deliverable))
    )
    note_of = {number: note for number, note in notes}  # noqa: C416 - rows are no plain pairs
    listed, edges = keys(session, reader), dependency_edges(session)
    for row in sorted(rows, key=lambda row: row.id):
        yield (
            {
                "key": row.key,
                "title": row.title,
                "kind": row.kind.value,
                "priority": row.priority_key,
                "deadline": None if row.own_due_on else row.deadline_key,
                "due_on": row.own_due_on,
                "depends_on": " ".join(sorted(edges.get(row.key, set()) & listed)),
                "basis": row.basis.value,
                "marking": row.marking.value,
                "note": note_of.get(row.id, ""),
            },
            row.marking,
        )


def _assignments(session: Session, reader: Actor, as_of: AsOf) -> Found:
    rows = session.execute(
        select(Deliverable, Member.code, AssignmentSpan)
        .join(Assignment, Assignment.deliverable_id == Deliverable.id)
        .join(Member, Member.id == Assignment.member_id)
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .where(visible(reader, Deliverable), AssignmentSpan.holds_on(as_of.day))
        .order_by(Deliverable.id, Member.code, AssignmentSpan.id)
    )
    for deliverable, code, span in rows:
        yield (
            {
                "deliverable": deliverable.key,
                "member": code,
                "role": span.role.value,
                "state": span.state.value,
                "date": span.from_on,
                "why": span.reason,
            },
            deliverable.marking,
        )


def _updates(session: Session, reader: Actor, as_of: AsOf) -> Found:
    rows = session.execute(
        select(StatusUpdate, Deliverable.key)
        .join(Deliverable, Deliverable.id == StatusUpdate.deliverable_id)
        .where(visible(reader, StatusUpdate), StatusUpdate.effective_on <= as_of.day)
        .order_by(StatusUpdate.effective_on, StatusUpdate.id)
    )
    told = set()
    for row, key in rows:
        values = {
            "date": row.effective_on,
            "deliverable": key,
            "status": row.status.value,
            "health": row.health.value if row.health else None,
            "progress": row.progress,
            "blocker": row.blocker,
            "next_step": row.next_step,
            "note": row.note,
        }
        identity = tuple(values.values())
        if identity not in told:  # said twice, once is what a table can carry
            told.add(identity)
            yield values, row.marking


def _contributions(session: Session, reader: Actor, as_of: AsOf) -> Found:
    names = Names(session)
    ended = select(ContributionEnd.contribution_id)
    rows = session.scalars(
        select(Contribution)
        .where(
            visible(reader, Contribution),
            Contribution.given_on <= as_of.day,
            Contribution.id.not_in(ended),
        )
        .order_by(Contribution.given_on, Contribution.id)
    )
    for row in rows:
        yield (
            {
                "date": row.given_on,
                "precision": row.precision.value,
                "member": names.members[row.member_id],
                "kind": row.kind.value,
                "amount": row.amount,
                "unit": row.unit,
                "currency": row.currency,
                "about": row.about,
                "deliverable": names.deliverables.get(row.deliverable_id or 0),
                "note": row.note,
            },
            row.marking,
        )


_TABLES: dict[SheetKind, Callable[[Session, Actor, AsOf], Found]] = {
    SheetKind.DELIVERABLES: _deliverables,
    SheetKind.ASSIGNMENTS: _assignments,
    SheetKind.UPDATES: _updates,
    SheetKind.CONTRIBUTIONS: _contributions,
}
