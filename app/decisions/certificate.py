"""The certificate of a decision: what was put, who answered what, and what came of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from app.core.markings import Marking
from app.decisions.rules import Result, Stance, Why


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one member with a say. `stance` None: it did not answer; then `is_assumed` says whether
    its silence was taken as assent."""

    code: str
    name: str
    stance: Stance | None
    statement: str
    at: datetime | None
    is_assumed: bool
    is_bound: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    key: str
    title: str
    proposal: str
    network: str
    marking: Marking
    is_opt_in: bool
    quorum: int
    silence_is_assent: bool
    opens_at: datetime
    closes_at: datetime
    result: Result
    why: Why
    answered: int
    answers: tuple[Answer, ...]


def frozen(certificate: Certificate) -> str:
    """Canonical JSON."""
    return json.dumps(
        asdict(certificate),
        default=_plain,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def hash_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def thawed(content: str) -> Certificate:
    given: Mapping[str, Any] = json.loads(content)
    names = {field.name for field in fields(Certificate)}
    values = {name: value for name, value in given.items() if name in names}
    return Certificate(
        **{
            **values,
            "marking": Marking(given["marking"]),
            "opens_at": datetime.fromisoformat(given["opens_at"]),
            "closes_at": datetime.fromisoformat(given["closes_at"]),
            "result": Result(given["result"]),
            "why": Why(given["why"]),
            "answers": tuple(_answer(answer) for answer in given["answers"]),
        }
    )


def _answer(given: Mapping[str, Any]) -> Answer:
    return Answer(
        code=given["code"],
        name=given["name"],
        stance=Stance(given["stance"]) if given["stance"] else None,
        statement=given["statement"],
        at=datetime.fromisoformat(given["at"]) if given["at"] else None,
        is_assumed=given["is_assumed"],
        is_bound=given["is_bound"],
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(value)
