"""Sums and shares of what was put in: within one kind and one unit, never across."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Given:
    """One entry. `by` is what it is summed by: a member, a priority, a year. `amount` None: it is
    not known how much."""

    by: str
    kind: str
    unit: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """`share` is of all that is known of the kind in the unit; None where that is nothing. Of
    `unknown` entries nobody said how much."""

    by: str
    amount: Decimal
    share: Fraction | None
    entries: int
    unknown: int

    @property
    def is_known(self) -> bool:
        return self.entries > self.unknown


@dataclass(frozen=True, slots=True)
class Sum:
    """Of one kind in one unit. `parts` the largest first, then by name."""

    kind: str
    unit: str
    total: Decimal
    parts: tuple[Part, ...]

    @property
    def unknown(self) -> int:
        return sum(part.unknown for part in self.parts)

    def share_of(self, by: str) -> Fraction | None:
        """None where nothing is known of it, which is not a share of nothing."""
        return next((part.share for part in self.parts if part.by == by and part.is_known), None)


def same_unit(unit: str) -> str:
    """Units that differ in blanks and capitals alone are one."""
    return " ".join(unit.split()).casefold()


def sums(entries: Iterable[Given]) -> tuple[Sum, ...]:
    """By kind, then by unit as it was written first."""
    groups: dict[tuple[str, str], list[Given]] = {}
    for each in entries:
        groups.setdefault((each.kind, same_unit(each.unit)), []).append(each)
    return tuple(_sum(groups[key]) for key in sorted(groups))


def _sum(entries: list[Given]) -> Sum:
    total = sum((each.amount for each in entries if each.amount is not None), ZERO)
    by: dict[str, list[Given]] = {}
    for each in entries:
        by.setdefault(each.by, []).append(each)
    parts = [_part(name, own, total) for name, own in by.items()]
    parts.sort(key=lambda part: (-part.amount, part.by))
    return Sum(entries[0].kind, entries[0].unit, total, tuple(parts))


def _part(by: str, own: list[Given], total: Decimal) -> Part:
    known = [each.amount for each in own if each.amount is not None]
    amount = sum(known, ZERO)
    share = Fraction(amount) / Fraction(total) if total else None
    return Part(by, amount, share, len(own), len(own) - len(known))


def weights(
    found: Iterable[Sum], members: Iterable[str]
) -> Mapping[str, tuple[Fraction | None, ...]]:
    """By member, in the order of `found`: its share of each kind in each unit. There is no weight
    over all of them, as nothing is summed across kinds."""
    kinds = [each for each in found if each.total]
    return {member: tuple(each.share_of(member) for each in kinds) for member in members}
