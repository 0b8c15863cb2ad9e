"""How entries of the trail hang together: each hash covers its content and the hash before."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypedDict

FIRST = "0" * 64


class Entry(TypedDict):
    """What an entry of the trail says, apart from its place in it."""

    at: datetime
    account_id: int | None
    verb: str
    subject_kind: str
    subject_key: str
    changes: Mapping[str, Any]
    address: str


def content(entry: Entry) -> str:
    """The canonical text of an entry: the same entry is the same text on every database."""
    at = entry["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(
        {**entry, "at": at},
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )


def chained(previous_hash: str, entry: str) -> str:
    return hashlib.sha256(f"{previous_hash}\n{entry}".encode()).hexdigest()
