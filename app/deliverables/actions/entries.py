"""What is logged of a deliverable, as its author gives it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.days import Precision
from app.core.permissions import Role
from app.deliverables.rules.files import FileKind
from app.deliverables.rules.moves import Hand, Health, Status
from app.sharing.rules import Sharing

HANDS = {
    Role.LIAISON: Hand.LIAISON,
    Role.COORDINATOR: Hand.COORDINATOR,
    Role.RECORDER: Hand.RECORD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What is kept of a file beside its bytes, which lie under `sha256`."""

    sha256: str
    name: str
    kind: FileKind
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLink:
    """`url` is empty where the evidence is a file of our own. `sharing`: None as the update's."""

    title: str
    url: str = ""
    source_id: int | None = None
    file: StoredFile | None = None
    sharing: Sharing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateEntry:
    """What is logged. `progress` is 0-100 or None for unknown; `effective_on` is the day it holds
    from; `sharing` None: marked and shared as the deliverable is. `seen_update_id` is the newest
    update its author had before them (None: there was none); `checks_seen` off logs it whatever
    came in meanwhile."""

    status: Status
    effective_on: date
    health: Health | None = None
    progress: int | None = None
    note: str = ""
    blocker: str = ""
    next_step: str = ""
    evidence: Sequence[EvidenceLink] = ()
    precision: Precision = Precision.DAY
    source_id: int | None = None
    corrects_id: int | None = None
    sharing: Sharing | None = None
    seen_update_id: int | None = None
    checks_seen: bool = False
