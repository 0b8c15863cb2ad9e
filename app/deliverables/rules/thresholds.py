"""After how many days something needs somebody."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from typing import TypeGuard

LONGEST = 3650


class BadThresholds(ValueError):
    """`unknown` names no threshold; `invalid` is not a whole number of days from 0 to LONGEST."""

    def __init__(self, *, unknown: tuple[str, ...], invalid: tuple[str, ...]) -> None:
        super().__init__(unknown, invalid)
        self.unknown = unknown
        self.invalid = invalid


@dataclass(frozen=True, slots=True)
class Thresholds:
    """In days."""

    due_soon_days: int = 14
    stale_days: int = 30
    stale_days_when_due: int = 7
    stale_when_due_within: int = 30
    review_days: int = 7

    @property
    def text(self) -> str:
        """All of them in one word, to tell whether they are the same as before."""
        return "-".join(str(days) for days in astuple(self))

    @classmethod
    def from_mapping(cls, settings: Mapping[str, object]) -> "Thresholds":
        """What is not in `settings` keeps its default; BadThresholds names every fault."""
        names = {field.name for field in fields(cls)}
        unknown = tuple(sorted(settings.keys() - names))
        days = {key: value for key, value in settings.items() if _is_number_of_days(value)}
        invalid = tuple(sorted((settings.keys() & names) - days.keys()))
        if unknown or invalid:
            raise BadThresholds(unknown=unknown, invalid=invalid)
        return cls(**days)


def _is_number_of_days(value: object) -> TypeGuard[int]:
    # bool is an int, and true is no number of days.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST
