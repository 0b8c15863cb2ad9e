"""What each member carries, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.contributions.queries import counted_by_member
from app.core.clock import AsOf
from app.core.permissions import Actor
from app.core.table_files import Cell
from app.dashboards.tables import marking_of
from app.deadlines.queries import DeadlineRow, deadlines
from app.deliverables.queries.load import Load, load_by_member
from app.deliverables.rules.load import overloaded, share
from app.extensions import db
from app.members.models import MemberStatus
from app.members.queries.members import MemberRow
from app.web.day import as_of
from app.web.labels import label
from app.web.languages import territory
from app.web.tables import Column, Table

DEADLINES_AHEAD = 3


@dataclass(frozen=True, slots=True)
class MemberLoad:
    """`is_heavy`: it leads much more open work than its share. `given` counts contributions."""

    member: MemberRow
    load: Load
    is_heavy: bool
    given: int

    def due_at(self, deadline: DeadlineRow) -> int:
        return self.load.by_deadline.get(deadline.id, 0)


def loads(
    session: Session, reader: Actor | None, day: AsOf, members: Iterable[MemberRow]
) -> tuple[MemberLoad, ...]:
    found = list(members)
    carried = load_by_member(session, reader, day)
    given = counted_by_member(session, reader, day)
    leads = {
        row.code: carried[row.id].leads if row.id in carried else 0
        for row in found
        if row.status is MemberStatus.MEMBER
    }
    heavy = overloaded(leads)
    return tuple(
        MemberLoad(row, carried.get(row.id, Load()), row.code in heavy, given.get(row.id, 0))
        for row in found
    )


def share_of(carried: Iterable[MemberLoad]) -> float:
    """What each member would lead if the open work were spread evenly."""
    return share(
        {m.member.code: m.load.leads for m in carried if m.member.status is MemberStatus.MEMBER}
    )


def load_table(carried: tuple[MemberLoad, ...]) -> Table[MemberLoad]:
    ahead = [d for d in deadlines(db.session, as_of()) if not d.is_past][:DEADLINES_AHEAD]

    def due(deadline: DeadlineRow, row: MemberLoad) -> Cell:
        return row.due_at(deadline)

    return Table(
        "members",
        _("Members, their institutes and what they carry"),
        (
            Column("name", _("Member"), lambda row: territory(row.member.code, row.member.name)),
            Column("status", _("Status"), lambda row: label(row.member.status)),
            Column("institute", _("Institute"), lambda row: _institute(row.member)),
            Column("leads", _("Leads, open"), lambda row: row.load.leads, is_number=True),
            Column("gives", _("Contributes to"), lambda row: row.load.contributes, is_number=True),
            Column("asked", _("Asked"), lambda row: row.load.asked, is_number=True),
            *(Column(d.key, d.title, partial(due, d), is_number=True) for d in ahead),
            Column("spoke", _("Last word"), lambda row: row.load.spoke_on),
            Column("given", _("Contributions"), lambda row: row.given, is_number=True),
        ),
        carried,
        marking=partial(marking_of, as_of()),
    )


def _institute(member: MemberRow) -> str | None:
    return (member.institute.name or None) if member.institute else None
