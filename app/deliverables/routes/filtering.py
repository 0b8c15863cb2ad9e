"""What the address of a list asks for, and the address that asks for it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from app.core.markings import Marking
from app.deliverables.models import AssignmentRole
from app.deliverables.queries.choices import Choices, Options
from app.deliverables.queries.filters import Filter
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.moves import Health, Status

Word = TypeVar("Word", bound=StrEnum)

UNKNOWN = "unknown"
"""Health that nobody stated."""
LONGEST_TEXT = 200
NAMES = ("q", "status", "health", "flag", "priority", "deadline", "member", "role", "marking")
"""In the order of a kept query."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`chosen` holds, by name, what was asked for and can be; a word that is none of the choices
    does not narrow."""

    which: Filter
    chosen: Mapping[str, tuple[str, ...]]

    @property
    def narrows(self) -> bool:
        return any(self.chosen.values())

    @property
    def query(self) -> str:
        """Always the same for the same filter."""
        return urlencode([(name, text) for name in NAMES for text in self.chosen[name]])

    def has(self, name: str, text: str) -> bool:
        return text in self.chosen[name]

    def first(self, name: str) -> str:
        return next(iter(self.chosen[name]), "")


def asked(args: MultiDict[str, str], offered: Choices) -> Asked:
    texts = {name: [text.strip() for text in args.getlist(name)] for name in NAMES}
    chosen = {
        "q": tuple(text[:LONGEST_TEXT] for text in texts["q"][:1] if text),
        "status": _among(texts["status"], Status),
        "health": _among(texts["health"], [*Health, UNKNOWN]),
        "flag": _among(texts["flag"], Flag),
        "priority": _known(texts["priority"], offered.priorities),
        "deadline": _known(texts["deadline"], offered.deadlines),
        "member": _known(texts["member"], offered.members),
        "role": _among(texts["role"], AssignmentRole),
        "marking": _among(texts["marking"], Marking),
    }
    return Asked(_filter(chosen, offered), chosen)


def kept(query: str) -> MultiDict[str, str]:
    """The arguments of a query that was kept as text."""
    return MultiDict(parse_qsl(query))


def _filter(chosen: Mapping[str, tuple[str, ...]], offered: Choices) -> Filter:
    return Filter(
        priority_id=_id(chosen["priority"], offered.priorities),
        deadline_id=_id(chosen["deadline"], offered.deadlines),
        member_id=_id(chosen["member"], offered.members),
        roles=_words(chosen["role"], AssignmentRole),
        statuses=_words(chosen["status"], Status),
        healths=[None if text == UNKNOWN else Health(text) for text in chosen["health"]],
        markings=_words(chosen["marking"], Marking),
        flags=_words(chosen["flag"], Flag),
        text="".join(chosen["q"]),
    )


def _among(texts: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    """In the order of the words, each once."""
    wanted = set(texts)
    return tuple(str(word) for word in words if word in wanted)


def _known(texts: Iterable[str], options: Options) -> tuple[str, ...]:
    return tuple([text for text in texts if options.id_of(text) is not None][:1])


def _id(texts: tuple[str, ...], options: Options) -> int | None:
    return options.id_of(texts[0]) if texts else None


def _words(texts: Iterable[str], kind: Callable[[str], Word]) -> list[Word]:
    return [kind(text) for text in texts]
