"""What every event of a calendar is made with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from app.audit.queries import last_changes
from app.core.clock import AsOf
from app.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Frame:
    """For whom, seen from when, and where the site stands. `reader` carries the way by which the
    calendar goes; `origin` sets this installation apart from others."""

    session: Session
    reader: Actor
    as_of: AsOf
    origin: str
    root: str
    _changes: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def uid(self, kind: str, key: object) -> str:
        return f"{kind}-{key}@{self.origin}"

    def look_up(self, kind: str, keys: Iterable[str]) -> None:
        """When these were last changed, asked at once: before `changed_at` of any of them."""
        found = last_changes(self.session, kind, [key for key in keys if key])
        self._changes.update({(kind, key): at for key, at in found.items()})

    def changed_at(self, kind: str, key: str, exists_from: date) -> datetime:
        """When it was last changed, as far as the trail knows; else the day it came to be."""
        known = self._changes.get((kind, key))
        return known or datetime.combine(exists_from, time(), UTC)
