"""The published descriptions (JSON Schema, draft 2020-12) of what the JSON exports hold."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def address(name: str) -> str:
    """Where the schema is published within the site."""
    return f"/schemas/{name}.json"


def schema(name: str) -> dict[str, Any] | None:
    """None for a name that is none of ours."""
    return _read(name) if name in names() else None


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found
