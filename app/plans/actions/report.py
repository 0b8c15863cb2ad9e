"""What an import did, kind by kind and key by key."""

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


_STRONGEST_FIRST = tuple(Outcome)


@dataclass(slots=True)
class ImportReport:
    outcomes: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    """By section of the files and by the key of what stands in it, both in the order met."""

    def note(self, kind: str, key: str, outcome: Outcome) -> None:
        """Of several things that happened to one entry the report keeps the one that says most."""
        of_kind = self.outcomes.setdefault(kind, {})
        before = of_kind.get(key, outcome)
        of_kind[key] = min(before, outcome, key=_STRONGEST_FIRST.index)

    def keys(self, kind: str, outcome: Outcome) -> list[str]:
        return [key for key, was in self.outcomes.get(kind, {}).items() if was is outcome]

    def count(self, outcome: Outcome, kind: str | None = None) -> int:
        kinds = [kind] if kind else self.outcomes
        return sum(len(self.keys(each, outcome)) for each in kinds)

    @property
    def changes_nothing(self) -> bool:
        return not self.count(Outcome.ADDED) and not self.count(Outcome.CHANGED)
