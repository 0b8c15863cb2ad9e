"""After how many days something needs somebody."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from typing import TypeGuard

LONGEST = 3650
A_YEAR = 365


class BadThresholds(ValueError):
    """`unknown` names no threshold; `invalid` is not a whole number of days from 0 to `longest`."""

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
    report_days: int = 7
    """So many days before a meeting its reports are due, unless it has a number of its own."""

    @property
    def text(self) -> str:
        """All of them in one word, to tell whether they are the same as before."""
        return "-".join(str(days) for days in astuple(self))

    @classmethod
    def from_mapping(cls, settings: Mapping[str, object]) -> "Thresholds":
        """What is not in `settings` keeps its default; BadThresholds names every fault."""
        names = {field.name for field in fields(cls)}
        unknown = tuple(sorted(settings.keys() - names))
        days = {
            key: value for key, value in settings.items() if _is_number_of_days(value, longest(key))
        }
        invalid = tuple(sorted((settings.keys() & names) - days.keys()))
        if unknown or invalid:
            raise BadThresholds(unknown=unknown, invalid=invalid)
        return cls(**days)


def longest(name: str) -> int:
    """Reports are asked for in the year before a meeting."""
    return A_YEAR if name == "report_days" else LONGEST


def _is_number_of_days(value: object, most: int) -> TypeGuard[int]:
    # bool is an int, and true is no number of days.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
