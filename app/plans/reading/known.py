"""What is in the database already, so that a record can be read without its plan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    members: Collection[str] = frozenset()
    """Codes; the others are keys."""
    functions: Collection[str] = frozenset()
    priorities: Collection[str] = frozenset()
    deadlines: Collection[str] = frozenset()
    deliverables: Collection[str] = frozenset()
    meeting_series: Collection[str] = frozenset()
    questions: Collection[str] = frozenset()
    bodies: Collection[str] = frozenset()
    sources: Collection[str] = frozenset()
    depends_on: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Each deliverable's key to the keys of those it depends on."""
    exists_from: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    """By section (an attribute of this class) and key; where absent, no day is checked."""

    def keys(self, section: str) -> Collection[str]:
        keys: Collection[str] = getattr(self, section)
        return keys
