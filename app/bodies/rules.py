"""Where the network and an outside body do the same thing.

Found by three plain ways, each named in what is shown: a programme says which function it is like;
an engagement or a programme says which priority it touches; words of an engagement name a function.
It is information: whether two things are the same is for people to say.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

SHORTEST_WORD = 5
GENERIC = frozenset({"international", "technical", "systems", "public", "domestic", "encouraging"})
"""Words of functions that say nothing of what is done."""


class Ground(StrEnum):
    """How an overlap was found."""

    FUNCTION = "function"
    PRIORITY = "priority"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a body does or has to do with: a programme or an engagement."""

    body: str
    text: str
    function: str | None = None
    priority: str | None = None
    is_programme: bool = False
    avoids: bool = False
    """The network has said that it keeps out of this."""


@dataclass(frozen=True, slots=True)
class Field:
    """A function, with the priorities that draw on it and the members that state or do it."""

    key: str
    name: str
    priorities: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    @property
    def is_worked_in(self) -> bool:
        return bool(self.priorities or self.members)


@dataclass(frozen=True, slots=True)
class Overlap:
    """`key` is of the function, or of the priority where it was found by that."""

    deed: Deed
    ground: Ground
    key: str


def overlaps(
    deeds: Sequence[Deed], fields: Sequence[Field], priorities: Iterable[str]
) -> tuple[Overlap, ...]:
    """In the order of the deeds; each pair of a deed and a function or priority once, by the first
    ground that holds."""
    known, there = {field.key: field for field in fields}, set(priorities)
    found: list[Overlap] = []
    for deed in deeds:
        seen = set()
        if deed.function in known and known[deed.function].is_worked_in:
            found.append(Overlap(deed, Ground.FUNCTION, deed.function))
            seen.add(deed.function)
        if deed.priority in there and (deed.is_programme or deed.avoids):
            found.append(Overlap(deed, Ground.PRIORITY, deed.priority))
        found += [
            Overlap(deed, Ground.WORDS, field.key)
            for field in fields
            if field.key not in seen and field.is_worked_in and names(deed.text, field)
        ]
    return tuple(found)


def names(text: str, field: Field) -> bool:
    """Whether a word of the text is the function's key or a word of its name that tells it."""
    return bool(_words(text) & ({field.key.casefold()} | _telling(field.name)))


def _telling(name: str) -> set[str]:
    return {word for word in _words(name) if len(word) >= SHORTEST_WORD} - GENERIC


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
