"""What differs between two versions of an agenda, or of minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.agendas.rules.content import ContentItem

COMPARED = (
    "title",
    "kind",
    "note",
    "minutes",
    "in_writing",
    "presenter",
    "member_code",
    "marking",
    "links",
    "outcome",
    "outcome_text",
    "actions",
)


class Difference(StrEnum):
    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Compared:
    """One item in both, or in one of them. `changed` names the fields that differ. `is_moved`: of
    those in both, it stands in another order; the fewest that explain the new order."""

    kind: Difference
    before: ContentItem | None
    after: ContentItem | None
    changed: tuple[str, ...] = ()
    is_moved: bool = False

    @property
    def item(self) -> ContentItem:
        """As it is now, or as it was last."""
        known = self.after or self.before
        assert known is not None  # noqa: S101 - one of them is there
        return known


def compared(before: Sequence[ContentItem], after: Sequence[ContentItem]) -> tuple[Compared, ...]:
    """In the order of the later version, what was dropped where it was."""
    pairs = _pairs(before, after)
    kept = [pairs[i] for i in range(len(after)) if i in pairs]
    steady = set(_longest_rising(kept))
    rows: list[Compared] = []
    gone = sorted(set(range(len(before))) - set(pairs.values()))
    for i, item in enumerate(after):
        if i not in pairs:
            rows.append(Compared(Difference.ADDED, None, item))
            continue
        place = pairs[i]
        while gone and gone[0] < place and place in steady:
            rows.append(Compared(Difference.DROPPED, before[gone.pop(0)], None))
        rows.append(_both(before[place], item, place not in steady))
    rows += [Compared(Difference.DROPPED, before[place], None) for place in gone]
    return tuple(rows)


def _both(before: ContentItem, after: ContentItem, is_moved: bool) -> Compared:
    changed = tuple(name for name in COMPARED if getattr(before, name) != getattr(after, name))
    kind = Difference.CHANGED if changed or is_moved else Difference.SAME
    return Compared(kind, before, after, changed, is_moved)


def _pairs(before: Sequence[ContentItem], after: Sequence[ContentItem]) -> dict[int, int]:
    """Where each of the later version was: by its number; by its title where one was frozen
    before items had numbers."""
    by_number = {item.item_id: place for place, item in enumerate(before) if item.item_id}
    by_title: dict[str, list[int]] = {}
    for place, item in enumerate(before):
        if item.item_id is None:
            by_title.setdefault(item.title, []).append(place)
    found: dict[int, int] = {}
    for i, item in enumerate(after):
        if item.item_id in by_number:
            found[i] = by_number[item.item_id]
        elif by_title.get(item.title):
            found[i] = by_title[item.title].pop(0)
    return found


def _longest_rising(places: Sequence[int]) -> list[int]:
    """The longest part of it that is in order: the rest was moved."""
    best: list[list[int]] = []
    for place in places:
        longest = max((chain for chain in best if chain[-1] < place), key=len, default=[])
        best.append([*longest, place])
    return max(best, key=len, default=[])
