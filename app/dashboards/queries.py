"""What needs somebody, summed up: how pressing it is and who can act."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.queries.filters import EVERYTHING, Filter
from app.deliverables.queries.groups import rows_of
from app.deliverables.queries.judging import Judgement, judgements
from app.deliverables.queries.listing import DeliverableRow
from app.deliverables.rules.attention import Severity


@dataclass(frozen=True, slots=True)
class Attention:
    """`judged` are those with a flag that counts, most severe first; each counts once for each who
    can act on one of its flags. `muted` have a flag that holds but does not count."""

    judged: tuple[Judgement, ...]
    muted: tuple[Judgement, ...]
    by_severity: dict[Severity, int]
    by_actor: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return len(self.judged)

    def waiting_for(self, code: str) -> int:
        """How many the member can act on."""
        return sum(code in each.actors for each in self.judged)


def attention(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter = EVERYTHING
) -> Attention:
    found = judgements(session, reader, as_of, which)
    flagged = tuple(each for each in found if each.severity is not None)
    severities = Counter(each.severity for each in flagged)
    actors = Counter(who for each in flagged for who in each.actors)
    return Attention(
        flagged,
        tuple(each for each in found if each.is_muted),
        {severity: severities[severity] for severity in Severity},
        tuple(sorted(actors.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def whole(
    session: Session, reader: Actor | None, as_of: AsOf, some: Sequence[Judgement]
) -> list[DeliverableRow]:
    """The deliverables that were judged, in their order."""
    rows = rows_of(session, reader, as_of, [each.id for each in some])
    return [rows[each.id] for each in some]
