"""Turns what rules and actions say in facts into a sentence in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from babel.lists import format_list
from flask_babel import get_translations

from app.core.errors import Refused
from app.web.labels import label
from app.web.languages import day_text, locale


def worded(refused: Refused) -> str:
    """The message of a refusal."""
    return sentence(refused.message, refused.params)


def sentence(message: str, params: Mapping[str, Any]) -> str:
    """`message` translated and filled in: days, words of enums and lists as the reader writes
    them."""
    translated = get_translations().ugettext(message)
    if not params:
        return str(translated)
    return str(translated % {name: _written(value) for name, value in params.items()})


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return format_list([str(_written(part)) for part in value], locale=locale())
    return value
