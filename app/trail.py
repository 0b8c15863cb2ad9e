"""What the trail tells whom: nothing of things that its reader may not see.

Here, above all features, because each thing that carries a marking can be what an entry is about.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, not_, or_, select

from app.agendas.models import Action, AgendaItem
from app.audit.models import AuditEntry
from app.contributions.models import Contribution
from app.core.permissions import Actor
from app.correspondence.models import Letter
from app.decisions.models import Decision
from app.deliverables.models import Deliverable, Evidence, FlagMute, StatusUpdate
from app.sharing.models import Marked
from app.sharing.queries import visible

BY_KEY: Mapping[str, type[Marked]] = {
    "deliverable": Deliverable,
    "decision": Decision,
    "letter": Letter,
}
"""Kind of subject: what its key names."""
BY_NUMBER: Mapping[str, Mapping[str, type[Marked]]] = {
    "deliverable": {"update": StatusUpdate, "evidence": Evidence, "mute": FlagMute},
    "agenda": {"item": AgendaItem},
    "meeting": {"action": Action},
    "action": {"action": Action},
    "member": {"contribution": Contribution, "decision": Decision},
}
"""Kind of subject: change of this name: what its number, before or after, names."""


def readable(reader: Actor) -> ColumnElement[bool]:
    """Entries about things that the reader may see, about what is gone, and about all else."""
    hidden = [
        *(_names_by_key(kind, model, reader) for kind, model in BY_KEY.items()),
        *(
            _names_by_number(kind, name, model, reader)
            for kind, names in BY_NUMBER.items()
            for name, model in names.items()
        ),
    ]
    return not_(or_(*hidden))


def _names_by_key(kind: str, model: type[Marked], reader: Actor) -> ColumnElement[bool]:
    keys = _columns(model).key
    hidden = select(keys).where(not_(visible(reader, model)))
    return and_(AuditEntry.subject_kind == kind, AuditEntry.subject_key.in_(hidden))


def _names_by_number(
    kind: str, name: str, model: type[Marked], reader: Actor
) -> ColumnElement[bool]:
    # Compared as text: a change of the same name may hold something that is no number.
    numbers = cast(_columns(model).id, String)
    hidden = select(numbers).where(not_(visible(reader, model)))
    told = (cast(AuditEntry.changes[(name, at)].as_string(), String) for at in (0, 1))
    named = (func.coalesce(number, "").in_(hidden) for number in told)
    return and_(AuditEntry.subject_kind == kind, or_(*named))


def _columns(model: type[Marked]) -> Any:
    return model.__table__.c  # type: ignore[attr-defined]
