"""What a cell says, as the value that a column takes; Refused where it says something else."""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from app.core.days import FIRST_YEAR, LAST_YEAR
from app.core.errors import N_, Refused
from app.plans.sheets.reading import LONGEST, Cell

Word = TypeVar("Word", bound=StrEnum)

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_NAMED = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})[ -]([0-9]{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOST_AMOUNT = Decimal(10) ** 13


def text(cell: Cell, most: int = LONGEST) -> str:
    """Composed, with one kind of line break and no control characters."""
    if cell is None:
        return ""
    written = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    if isinstance(cell, bool):
        written = written.lower()
    elif isinstance(cell, date):
        written = cell.isoformat()[:10]
    lines = written.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    clean = unicodedata.normalize("NFC", lines).strip()
    odd = [c for c in clean if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t"]
    if odd:
        raise Refused(N_("It holds a control character."))
    if len(clean) > most:
        raise Refused(N_("It is longer than %(most)s characters."), most=most)
    return clean


def word(cell: Cell, words: type[Word]) -> Word:
    said = text(cell, 80)
    folded = said.casefold().replace(" ", "_").replace("-", "_")
    for each in words:
        if folded == each.value.casefold().replace(" ", "_").replace("-", "_"):
            return each
    listed = ", ".join(words)
    raise Refused(N_("“%(said)s” is none of: %(listed)s."), said=said, listed=listed)


def day(cell: Cell) -> date:
    """A day; also as people and spreadsheets write it, where that can be read in one way only."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise Refused(N_("“%(said)s” has a time of day; a day is needed."), said=str(cell))
        cell = cell.date()
    if isinstance(cell, date):
        return _within(cell)
    said = text(cell, 40)
    year, month, of_month = _parts(said)
    try:
        return _within(date(year, month, of_month))
    except ValueError:
        raise _no_day(said) from None


def _parts(said: str) -> tuple[int, int, int]:
    if found := _ISO.fullmatch(said):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DOTTED.fullmatch(said):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _NAMED.fullmatch(said):
        month = found[2][:3].lower()
        if month in _MONTHS:
            return int(found[3]), _MONTHS.index(month) + 1, int(found[1])
    if found := _SLASHED.fullmatch(said):
        return _slashed(said, int(found[1]), int(found[2]), int(found[3]))
    raise _no_day(said)


def _slashed(said: str, first: int, second: int, year: int) -> tuple[int, int, int]:
    if first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    raise Refused(N_("“%(said)s” can be read as two days. Write it as YYYY-MM-DD."), said=said)


def _no_day(said: str) -> Refused:
    return Refused(N_("“%(said)s” is no day. Write it as YYYY-MM-DD."), said=said)


def _within(found: date) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _no_day(found.isoformat())
    return found


def percent(cell: Cell) -> int | None:
    """0 to 100; a spreadsheet's own percentages are fractions of one."""
    if cell is None:
        return None
    said = text(cell, 10).removesuffix("%").strip()
    if isinstance(cell, float) and not cell.is_integer() and 0 < cell < 1:
        said = str(round(cell * 100))
    if not (said.isascii() and said.isdigit() and int(said) <= 100):
        raise Refused(N_("“%(said)s” is no whole number from 0 to 100."), said=said)
    return int(said)


def amount(cell: Cell) -> Decimal | None:
    if cell is None:
        return None
    said = text(cell, 30).replace(" ", "").replace(" ", "")
    try:
        found = Decimal(said).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Refused(
            N_("“%(said)s” is no number. Write it without separators, as in 1420000.50."), said=said
        ) from None
    if not found.is_finite() or not 0 <= found < _MOST_AMOUNT:
        raise Refused(N_("“%(said)s” is negative, or too large."), said=said)
    return found
