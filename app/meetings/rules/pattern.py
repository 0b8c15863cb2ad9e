"""Recurrence rules as people say them: "the third Wednesday, every six months"."""

import re
from dataclasses import dataclass
from enum import StrEnum

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PLACES = (1, 2, 3, 4, -1)
"""Which weekday of the month; -1 is the last."""
QUARTER_MONTHS = "1,4,7,10"
MOST = 99
"""Weeks or months between two meetings; of years, a twelfth."""
_NTH = re.compile(r"([+-]?[0-9])(MO|TU|WE|TH|FR|SA|SU)")


class Every(StrEnum):
    WEEKS = "weeks"
    MONTHS = "months"
    QUARTER = "quarter"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Pattern:
    """`number` of weeks, months or years lie between two meetings. `nth` None: on the day of the
    month of the first; with weeks it is always a weekday."""

    every: Every
    number: int = 1
    nth: int | None = None
    weekday: int | None = None
    """From 0, Monday."""


def rule_of(pattern: Pattern) -> str:
    """As RFC 5545 writes it. A quarter is one of the calendar: in January, April, July, October."""
    if pattern.every is Every.WEEKS:
        return ";".join(["FREQ=WEEKLY", *_interval(pattern.number), *_weekday(pattern, "")])
    parts = ["FREQ=MONTHLY"]
    if pattern.every is Every.QUARTER:
        parts.append(f"BYMONTH={QUARTER_MONTHS}")
    else:
        # "The third Wednesday" of the month in which it begins, not of the year.
        months = 12 if pattern.every is Every.YEARS else 1
        parts += _interval(months * pattern.number)
    if pattern.nth is None:
        return ";".join(parts)
    return ";".join([*parts, *_weekday(pattern, str(pattern.nth))])


def pattern_of(recurrence: str) -> Pattern | None:
    """None for a rule that the form cannot say."""
    pairs = [part.partition("=") for part in recurrence.upper().removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _, value in pairs}
    number = _number(parts.get("INTERVAL", "1"))
    by_day = parts.get("BYDAY", "")
    if number is None or not parts.keys() <= {"FREQ", "INTERVAL", "BYDAY", "BYMONTH"}:
        return None
    if parts.get("FREQ") == "WEEKLY" and "BYMONTH" not in parts:
        if by_day and by_day not in WEEKDAYS:
            return None
        return Pattern(Every.WEEKS, number, None, WEEKDAYS.index(by_day) if by_day else None)
    return _of_months(parts, number, by_day)


def _of_months(parts: dict[str, str], number: int, by_day: str) -> Pattern | None:
    nth, weekday = None, None
    if by_day:
        match = _NTH.fullmatch(by_day)
        if match is None or int(match[1]) not in PLACES:
            return None
        nth, weekday = int(match[1]), WEEKDAYS.index(match[2])
    if parts.get("FREQ") == "YEARLY" and not by_day and "BYMONTH" not in parts:
        return Pattern(Every.YEARS, number)
    if parts.get("FREQ") != "MONTHLY":
        return None
    if "BYMONTH" in parts:
        is_quarter = parts["BYMONTH"] == QUARTER_MONTHS and number == 1
        return Pattern(Every.QUARTER, 1, nth, weekday) if is_quarter else None
    if number % 12 == 0:
        return Pattern(Every.YEARS, number // 12, nth, weekday)
    return Pattern(Every.MONTHS, number, nth, weekday)


def _interval(number: int) -> list[str]:
    return [f"INTERVAL={number}"] if number > 1 else []


def _weekday(pattern: Pattern, nth: str) -> list[str]:
    return [] if pattern.weekday is None else [f"BYDAY={nth}{WEEKDAYS[pattern.weekday]}"]


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and 0 < int(text) <= MOST
    return int(text) if is_number else None
