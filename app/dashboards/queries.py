"""What needs somebody, summed up: how pressing it is and who can act."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.queries.filters import EVERYTHING, Filter
from app.deliverables.queries.listing import DeliverableRow, holding_flags, most_pressing
from app.deliverables.rules.attention import Severity

COORDINATOR = "coordinator"
"""Stands among the codes of members for the coordinators, who act where no member can."""


@dataclass(frozen=True, slots=True)
class Attention:
    """`rows` are most severe first; a row counts once for each who can act on one of its flags."""

    rows: tuple[DeliverableRow, ...]
    by_severity: dict[Severity, int]
    by_actor: tuple[tuple[str, int], ...]
    muted: tuple[DeliverableRow, ...] = ()
    """Those with a flag that holds but does not count."""

    @property
    def total(self) -> int:
        return len(self.rows)


def attention(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter = EVERYTHING
) -> Attention:
    return summed_up(holding_flags(session, reader, as_of, which))


def summed_up(found: Sequence[DeliverableRow]) -> Attention:
    rows = most_pressing(found)
    severities = Counter(row.flags[0].severity for row in rows)
    actors = Counter(who for row in rows for who in who_can_act(row))
    return Attention(
        rows,
        {severity: severities[severity] for severity in Severity},
        tuple(sorted(actors.items(), key=lambda pair: (-pair[1], pair[0]))),
        tuple(row for row in found if row.muted),
    )


def who_can_act(row: DeliverableRow) -> frozenset[str]:
    """The codes of members, and COORDINATOR, that a flag of the row names."""
    members = frozenset(code for raised in row.flags for code in raised.actors)
    by_coordinator = any(raised.coordinator_acts for raised in row.flags)
    return members | {COORDINATOR} if by_coordinator else members
