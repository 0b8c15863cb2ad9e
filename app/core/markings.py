"""Information markings of the Traffic Light Protocol 2.0 and their order."""

from collections.abc import Iterable
from enum import StrEnum


class Marking(StrEnum):
    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"

    @property
    def label(self) -> str:
        """As FIRST writes it; never translated."""
        return f"TLP:{self.value}"


WIDEST_FIRST = tuple(Marking)
OPEN_TO_ACCOUNTS = (Marking.CLEAR, Marking.GREEN)
SHARED_WITH_MEMBERS = (Marking.AMBER, Marking.AMBER_STRICT)


def narrowness(marking: Marking) -> int:
    return WIDEST_FIRST.index(marking)


def highest(markings: Iterable[Marking], default: Marking = Marking.CLEAR) -> Marking:
    """The narrowest of them: what a page or an export that holds all of them is marked."""
    return max(markings, key=narrowness, default=default)


def is_wider(marking: Marking, than: Marking) -> bool:
    return narrowness(marking) < narrowness(than)
