"""What an agenda or minutes know of their meeting beside what they say: for calendars, and for the
local times of the members."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MemberZone:
    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFacts:
    """`version` is how often the meeting had been changed; `zones` is empty while nobody has said
    at what hour it begins."""

    key: str
    version: int
    link: str = ""
    duration_minutes: int | None = None
    zones: tuple[MemberZone, ...] = ()


def facts_from(given: Mapping[str, Any] | None) -> MeetingFacts | None:
    """None for what was frozen before they were kept."""
    if given is None:
        return None
    zones = tuple(MemberZone(**zone) for zone in given["zones"])
    return MeetingFacts(**{**given, "zones": zones})
