"""The column `depends_on`: what must come first, also where the same table brings it in."""

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refused
from app.core.markings import Channel
from app.core.permissions import Actor
from app.deliverables.actions.planning import depend_on_all, dependency_edges
from app.deliverables.models import Deliverable
from app.plans.sheets import cells
from app.plans.sheets.reading import SheetRow
from app.sharing.queries import visible

COLUMN = "depends_on"
_BETWEEN = re.compile(r"[\s,;]+")
Change = dict[str, list[str]]


class Needs:
    """Every row is asked first; `settle` sets what they said, when all keys are known."""

    def __init__(self, session: Session, actor: Actor, headings: Collection[str]) -> None:
        self._session, self._actor = session, actor
        self._is_told = COLUMN in headings
        self._edges = dependency_edges(session) if self._is_told else {}
        self._listed = keys(session, actor.through(Channel.EXPORT))
        self._hidden = keys(session, actor) - self._listed
        self._wanted: dict[str, tuple[int, Deliverable, set[str]]] = {}

    def of(self, deliverable: Deliverable, row: SheetRow) -> Change | None:
        """What the row changes: before and after; None where it says nothing new. What goes into no
        table, being RED, stays needed."""
        if not self._is_told:
            return None
        wanted = set(
            cells.text(row.cells.get(COLUMN)).lower().replace(",", " ").replace(";", " ").split()
        )
        all_before = self._edges.get(deliverable.key, set())
        before = all_before & self._listed
        if wanted == before:
            return None
        needed = wanted | (all_before & self._hidden)
        self._wanted[deliverable.key] = (row.line, deliverable, needed)
        return {"before": sorted(before), "after": sorted(wanted)}

    def settle(self, now: datetime) -> dict[int, Refused]:
        """Faults by line: a key that nothing has, a circle with the way it goes."""
        if not self._wanted:
            return {}
        seen = select(Deliverable).where(visible(self._actor, Deliverable))
        there = {each.key: each for each in self._session.scalars(seen)}
        faults: dict[int, Refused] = {}
        for line, _, needed in self._wanted.values():
            for key in sorted(needed - there.keys()):
                message = N_("There is no “%(said)s”.")
                faults.setdefault(line, Refused(message, field=COLUMN, said=key[:80]))
        if faults:
            return faults
        pairs = [
            (deliverable, [there[key] for key in sorted(needed)])
            for _, deliverable, needed in self._wanted.values()
        ]
        try:
            depend_on_all(self._session, self._actor, pairs, now)
        except Refused as refused:
            circle = str(refused.params.get("cycle", "")).split(" → ")
            at = [line for key, (line, *_) in self._wanted.items() if key in circle]
            return dict.fromkeys(at or [line for line, *_ in self._wanted.values()], refused)
        return {}


def keys(session: Session, reader: Actor) -> set[str]:
    return set(session.scalars(select(Deliverable.key).where(visible(reader, Deliverable))))
