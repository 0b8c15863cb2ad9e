"""Which updates of a deliverable make up the picture that each of its readers has of it.

Readers who see the same updates share a picture. Most deliverables have one for everybody; each
update that is narrower than its deliverable makes more of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.markings import OPEN_TO_ACCOUNTS, SHARED_WITH_MEMBERS, Marking


class Viewers(StrEnum):
    """A kind of reader, of those who see the deliverable at all. `_CARRIED`: where the picture
    goes out by feed or mail, which AMBER+STRICT does not."""

    PUBLIC = "public"
    """Nobody in particular."""
    ALL = "all"
    """Any account."""
    ALL_CARRIED = "all_carried"
    SHARING = "sharing"
    """Coordinators and members with a part in it; in a member's own picture, its accounts."""
    SHARING_CARRIED = "sharing_carried"


@dataclass(frozen=True, slots=True)
class Mark:
    marking: Marking
    audience_id: int | None


@dataclass(frozen=True, slots=True)
class Audience:
    """The members and the accounts that a thing names."""

    members: frozenset[int]
    accounts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Picture:
    """`member_id`: for the accounts of this member alone, where it has no part in the deliverable
    but is named on updates; `account_id`: for this account alone. None: for any other."""

    viewers: frozenset[Viewers]
    member_id: int | None
    account_id: int | None
    updates: frozenset[int]


NOBODY = Audience(frozenset(), frozenset())


def pictures(
    own: Mark, updates: Mapping[int, Mark], audiences: Mapping[int, Audience]
) -> tuple[Picture, ...]:
    """Every reader of the deliverable marked `own` finds exactly one by its viewers, its member
    and its account: that of the account, if there is one, and that of the member, if there is one
    for these viewers, before that of ALL. Updates are given and named by their numbers."""
    layers = _Layers(own, updates, audiences)
    found = list(_merged(None, None, layers.of_everybody()))
    for member in sorted(layers.members):
        found += _merged(member, None, layers.of_member(member))
    for account in sorted(layers.accounts):
        found += _merged(None, account, layers.of_account(account))
        for member in sorted(layers.members):
            found += _merged(member, account, layers.of_account_of(member, account))
    return tuple(found)


Views = dict[Viewers, frozenset[int]]


class _Layers:
    """The updates by what it takes to see them, besides seeing the deliverable."""

    def __init__(
        self, own: Mark, updates: Mapping[int, Mark], audiences: Mapping[int, Audience]
    ) -> None:
        self._marks = updates
        self._audience = {
            id_: audiences.get(mark.audience_id, NOBODY) if mark.audience_id else NOBODY
            for id_, mark in updates.items()
        }
        self.plain = self._with(OPEN_TO_ACCOUNTS) | {
            id_ for id_, mark in updates.items() if _is_as_wide(mark, own)
        }
        # The public asks only for what is CLEAR itself.
        self.public = self._with([Marking.CLEAR]) if own.marking is Marking.CLEAR else self.plain
        self.amber = self._with(SHARED_WITH_MEMBERS) - self.plain
        self.red = self._with([Marking.RED]) - self.plain
        self.members = frozenset(m for id_ in self.amber for m in self._audience[id_].members)
        self.accounts = frozenset(a for id_ in self.red for a in self._audience[id_].accounts)

    def of_everybody(self) -> Views:
        return {
            Viewers.PUBLIC: self.public,
            Viewers.ALL: self.plain,
            Viewers.ALL_CARRIED: self._carried(self.plain),
            Viewers.SHARING: self.plain | self.amber,
            Viewers.SHARING_CARRIED: self._carried(self.plain | self.amber),
        }

    def of_member(self, member: int) -> Views:
        seen = self.plain | self._shared_with(member)
        views = {Viewers.SHARING: seen}
        if self._carried(seen) != self._carried(self.plain):
            views[Viewers.SHARING_CARRIED] = self._carried(seen)
        return views

    def of_account(self, account: int) -> Views:
        """On screen only: what is RED goes nowhere else."""
        named = self._naming(account)
        return {
            Viewers.ALL: self.plain | named,
            Viewers.SHARING: self.plain | self.amber | named,
        }

    def of_account_of(self, member: int, account: int) -> Views:
        return {Viewers.SHARING: self.plain | self._shared_with(member) | self._naming(account)}

    def _with(self, markings: Iterable[Marking]) -> frozenset[int]:
        among = set(markings)
        return frozenset(id_ for id_, mark in self._marks.items() if mark.marking in among)

    def _carried(self, updates: frozenset[int]) -> frozenset[int]:
        stays = self._with([Marking.AMBER_STRICT, Marking.RED])
        return updates - stays

    def _shared_with(self, member: int) -> frozenset[int]:
        return frozenset(id_ for id_ in self.amber if member in self._audience[id_].members)

    def _naming(self, account: int) -> frozenset[int]:
        return frozenset(id_ for id_ in self.red if account in self._audience[id_].accounts)


def _is_as_wide(mark: Mark, own: Mark) -> bool:
    """Whoever sees the deliverable by its marking and audience sees what has the same ones."""
    both_shared = mark.marking in SHARED_WITH_MEMBERS and own.marking in SHARED_WITH_MEMBERS
    return (mark.marking is own.marking or both_shared) and mark.audience_id == own.audience_id


def _merged(member_id: int | None, account_id: int | None, views: Views) -> Iterator[Picture]:
    by_updates: dict[frozenset[int], set[Viewers]] = {}
    for viewers, updates in views.items():
        by_updates.setdefault(updates, set()).add(viewers)
    for updates, kinds in by_updates.items():
        yield Picture(frozenset(kinds), member_id, account_id, updates)
