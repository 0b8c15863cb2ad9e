"""What every event of a calendar is made with."""

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
    _changes: dict[str, dict[str, datetime]] = field(default_factory=dict)

    def uid(self, kind: str, key: object) -> str:
        return f"{kind}-{key}@{self.origin}"

    def changed_at(self, kind: str, key: str, exists_from: date) -> datetime:
        """When it was last changed, as far as the trail knows; else the day it came to be."""
        if kind not in self._changes:
            self._changes[kind] = last_changes(self.session, kind)
        since = datetime.combine(exists_from, time(), UTC)
        return self._changes[kind].get(key, since)
