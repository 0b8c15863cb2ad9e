"""How a thing is marked and whom it is shared with: what goes together, and what is too wide."""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.markings import SHARED_WITH_MEMBERS, Marking, is_wider


@dataclass(frozen=True, slots=True)
class Sharing:
    """`members` are named where it is AMBER, beyond those with a part in it; `accounts` where it is
    RED: they alone see it."""

    marking: Marking
    members: frozenset[int] = frozenset()
    accounts: frozenset[int] = frozenset()


class Fault(StrEnum):
    WIDER = "wider"
    MEMBERS = "members"
    """It names members that do not see what it belongs to."""
    ACCOUNTS = "accounts"


def settled(wanted: Sharing, author: int) -> Sharing:
    """Without names that its marking has no use for; the author of what is RED is always named."""
    is_red = wanted.marking is Marking.RED
    return replace(
        wanted,
        members=wanted.members if wanted.marking in SHARED_WITH_MEMBERS else frozenset(),
        accounts=wanted.accounts | {author} if is_red else frozenset(),
    )


def fault_of(wanted: Sharing, within: Sharing | None) -> Fault | None:
    """Why a thing may not be shared so inside what it belongs to; `within` with every member that
    sees that, those with a part in it among them. None: it belongs to nothing."""
    if within is None:
        return None
    if is_wider(wanted.marking, within.marking):
        return Fault.WIDER
    if within.marking in SHARED_WITH_MEMBERS and wanted.members - within.members:
        return Fault.MEMBERS
    if within.marking is Marking.RED and wanted.accounts - within.accounts:
        return Fault.ACCOUNTS
    return None
