"""Contributions: each row is an entry of its own; what was recorded already is left alone."""

from dataclasses import replace
from typing import Any, ClassVar

from sqlalchemy import select

from app.contributions.actions import ContributionEntry, record_contribution
from app.contributions.models import Contribution, ContributionEnd, ContributionKind
from app.core.days import Precision
from app.plans.actions.sheets.work import Came, Work
from app.plans.sheets import cells
from app.plans.sheets.reading import SheetRow
from app.sharing.queries import visible

COLUMNS = (
    "date", "precision", "member", "kind", "amount", "unit", "currency", "about", "deliverable",
    "note",
)  # fmt: skip
Identity = tuple[Any, ...]


class Contributions(Work):
    columns: ClassVar[tuple[str, ...]] = COLUMNS
    needed: ClassVar[tuple[str, ...]] = ("date", "member", "kind", "about")

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        ended = select(ContributionEnd.contribution_id)
        rows = select(Contribution).where(
            visible(self.actor, Contribution), Contribution.id.not_in(ended)
        )
        self._there = {_identity(row.member_id, row) for row in self.session.scalars(rows)}

    def take(self, row: SheetRow) -> Came:
        member = self.member(row)
        entry = ContributionEntry(
            given_on=self.needed_value(row, "date", cells.day),
            precision=self.value(row, "precision", _precision),
            kind=self.needed_value(row, "kind", lambda cell: cells.word(cell, ContributionKind)),
            amount=self.value(row, "amount", cells.amount),
            unit=self.value(row, "unit", lambda cell: cells.text(cell, 60)),
            currency=self.value(row, "currency", lambda cell: cells.text(cell, 3).upper()),
            about=self.needed_value(row, "about", _text),
            note=self.value(row, "note", _text),
        )
        if row.cells.get("deliverable") is not None:
            entry = replace(entry, deliverable_id=self.deliverable(row).id)
        identity = _identity(member.id, entry)
        self.once(identity)
        if identity in self._there:
            return Came.UNCHANGED
        made = record_contribution(self.session, self.actor, member, entry, self.now)
        self.done.append({"contribution": made.id})
        return Came.ADDED


def _identity(member_id: int, given: Contribution | ContributionEntry) -> Identity:
    return (
        member_id, given.given_on, given.precision, given.kind, given.amount, given.unit,
        given.currency, _text(given.about), given.deliverable_id, _text(given.note),
    )  # fmt: skip


def _precision(cell: Any) -> Precision:
    return Precision.DAY if cell is None else cells.word(cell, Precision)


def _text(cell: Any) -> str:
    return cells.text(cell, 5000)
