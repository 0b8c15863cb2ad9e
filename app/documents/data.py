"""Facts as what JSON knows."""

from collections.abc import Set
from datetime import date
from enum import StrEnum
from typing import Any


def plain(value: Any, hidden: Set[str]) -> Any:
    """Without the fields of these names, however deep; days and instants as ISO 8601."""
    if isinstance(value, dict):
        return {name: plain(each, hidden) for name, each in value.items() if name not in hidden}
    if isinstance(value, list | tuple):
        return [plain(each, hidden) for each in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
