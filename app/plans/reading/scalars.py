"""What a single value can be: each reader takes a scalar and gives a typed value or is unfit.

The entry that asks adds the field's name to the parameters, so every sentence can use %(field)s.
"""

import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from babel.numbers import list_currencies

from app.core.days import Precision, last_day, parse_day
from app.core.territories import member_codes
from app.plans.reading.faults import N_, Phrase, phrase, shown
from app.plans.reading.nodes import Meaning, Scalar
from app.plans.reading.values import PartDate

LINE, LONG_LINE, ADDRESS, PROSE = 300, 500, 2000, 10_000

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MOST_KEY = 80
_PART_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_AMOUNT = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_MOST_AMOUNT = Decimal(10) ** 13
Reader = Callable[[Scalar], object]


NO_SOURCE = "none"


class NoSource:
    """Said of an entry that has no source, where one that says nothing would have the plan's."""


def source(scalar: Scalar) -> str | NoSource:
    """The key of a source, or the word that there is none."""
    return NoSource() if scalar.text == NO_SOURCE else key(scalar)


def AS_ROWS(scalar: Scalar) -> object:  # noqa: N802 - a mark: the reader of entries looks for it
    """Rows of tables are read by a reader of their own."""
    raise AssertionError(scalar)


class Unfit(Exception):
    """The value does not fit; `says` and `hopes` lack the parameter `field` still."""

    def __init__(self, says: Phrase, hopes: Phrase) -> None:
        super().__init__(says.template)
        self.says, self.hopes = says, hopes


def _unfit(says: str, value: str, hopes: Phrase) -> Unfit:
    return Unfit(phrase(says, value=shown(value)), hopes)


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most so many characters; only prose may run over several lines."""

    most: int = LINE

    def __call__(self, scalar: Scalar) -> str:
        _check_is_text(scalar)
        text = scalar.text.strip()
        if not text.isprintable():
            self._check_characters(text)
        if len(text) > self.most:
            raise Unfit(
                phrase(N_("“%(field)s” is %(length)s characters long."), length=len(text)),
                phrase(N_("at most %(most)s characters"), most=self.most),
            )
        return text

    def _check_characters(self, text: str) -> None:
        for character in text:
            if _acts(character) and not (character in "\n\t" and self.most == PROSE):
                raise _control(character)


def _check_is_text(scalar: Scalar) -> None:
    hopes = phrase(N_("text; a number or a word such as true goes in quotes to be text"))
    match scalar.meaning:
        case Meaning.NUMBER:
            raise _unfit(N_("“%(field)s” is the number %(value)s."), scalar.text, hopes)
        case Meaning.BOOL:
            raise _unfit(N_("“%(field)s” is the truth value %(value)s."), scalar.text, hopes)
    if not scalar.text.strip():
        raise Unfit(phrase(N_("“%(field)s” is empty.")), phrase(N_("text")))


def _acts(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _control(character: str) -> Unfit:
    return Unfit(
        phrase(
            N_("“%(field)s” holds a line break or control character (U+%(code)s)."),
            code=f"{ord(character):04X}",
        ),
        phrase(N_("text without line breaks and control characters")),
    )


def key(scalar: Scalar) -> str:
    """A name that is stable and can stand in an address."""
    _check_is_text(scalar)
    if not _KEY.fullmatch(scalar.text) or len(scalar.text) > _MOST_KEY:
        raise _unfit(
            N_("“%(field)s” is “%(value)s”, which is no key."),
            scalar.text,
            phrase(
                N_("at most %(most)s small letters and digits, with single hyphens between"),
                most=_MOST_KEY,
            ),
        )
    return sys.intern(scalar.text)


def member_code(scalar: Scalar) -> str:
    if scalar.text not in member_codes():
        raise _unfit(
            N_("“%(field)s” is “%(value)s”, which is no code of a country."),
            scalar.text,
            phrase(N_("a code of ISO 3166 in two capital letters, or EU")),
        )
    return sys.intern(scalar.text)


@dataclass(frozen=True, slots=True)
class OneOf:
    allowed: tuple[str, ...]

    def __call__(self, scalar: Scalar) -> str:
        if scalar.text not in self.allowed:
            raise _unfit(
                N_("“%(field)s” is “%(value)s”, which is not a word for it."),
                scalar.text,
                one_of(scalar.text, self.allowed),
            )
        return sys.intern(scalar.text)


@dataclass(frozen=True, slots=True)
class EnumOf:
    words: type[StrEnum]

    def __call__(self, scalar: Scalar) -> StrEnum:
        return self.words(OneOf(tuple(self.words))(scalar))


def one_of(written: str, allowed: tuple[str, ...]) -> Phrase:
    """Names what is allowed, and the word that was probably meant."""
    close = get_close_matches(shown(written), allowed, n=1)
    listed = ", ".join(allowed)
    if close:
        return phrase(
            N_("perhaps “%(close)s”; allowed are: %(listed)s"), close=close[0], listed=listed
        )
    return phrase(N_("one of: %(listed)s"), listed=listed)


def day(scalar: Scalar) -> date:
    try:
        return parse_day(scalar.text)
    except ValueError:
        raise _no_day(scalar.text, phrase(N_("a day written as YYYY-MM-DD"))) from None


def part_date(scalar: Scalar) -> PartDate:
    """A day, a month or a year, as the first day of it."""
    found = _PART_DATE.fullmatch(scalar.text)
    precision = Precision.DAY
    text = scalar.text
    if found:
        precision = Precision.MONTH if found[2] else Precision.YEAR
        text = f"{found[1]}-{found[2] or '01'}-01"
    try:
        return PartDate(text=scalar.text, day=parse_day(text), precision=precision)
    except ValueError:
        hopes = phrase(N_("a date written as YYYY-MM-DD, as YYYY-MM or as YYYY"))
        raise _no_day(scalar.text, hopes) from None


def counting_date(scalar: Scalar) -> PartDate:
    """A day, a month or a year from which an entry counts: from the last day of it."""
    read = part_date(scalar)
    return PartDate(
        text=read.text, day=last_day(read.day, None, read.precision), precision=read.precision
    )


def _no_day(text: str, hopes: Phrase) -> Unfit:
    return _unfit(N_("“%(field)s” is “%(value)s”, which is no date of the calendar."), text, hopes)


def truth(scalar: Scalar) -> bool:
    value = scalar.truth
    if value is None:
        raise _unfit(
            N_("“%(field)s” is “%(value)s”, which is neither true nor false."),
            scalar.text,
            phrase(N_("true or false, without quotes")),
        )
    return value


def amount(scalar: Scalar) -> Decimal:
    hopes = phrase(N_("a number of 0 or more, such as 1420000 or 12.5, without quotes"))
    if not scalar.plain or len(scalar.text) > 30 or not _AMOUNT.fullmatch(scalar.text):
        raise _unfit(N_("“%(field)s” is “%(value)s”, which is no number."), scalar.text, hopes)
    value = Decimal(scalar.text)
    if value < 0:
        raise _unfit(N_("“%(field)s” is %(value)s, which is negative."), scalar.text, hopes)
    if value >= _MOST_AMOUNT:
        raise _unfit(N_("“%(field)s” is %(value)s, which is too large."), scalar.text, hopes)
    return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range."""

    least: int
    most: int

    def __call__(self, scalar: Scalar) -> int:
        fits = scalar.plain and re.fullmatch("[0-9]{1,9}", scalar.text)
        if not fits or not self.least <= int(scalar.text) <= self.most:
            raise _unfit(
                N_("“%(field)s” is “%(value)s”, which does not fit."),
                scalar.text,
                phrase(
                    N_("a whole number from %(least)s to %(most)s, without quotes"),
                    least=self.least,
                    most=self.most,
                ),
            )
        return int(scalar.text)


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def currency(scalar: Scalar) -> str:
    if scalar.text not in _currencies():
        raise _unfit(
            N_("“%(field)s” is “%(value)s”, which is no currency."),
            scalar.text,
            phrase(N_("a code of ISO 4217, such as USD or EUR")),
        )
    return sys.intern(scalar.text)


_zones = cache(available_timezones)


def zone(scalar: Scalar) -> str:
    if scalar.text not in _zones():
        close = get_close_matches(shown(scalar.text), sorted(_zones()), n=1)
        hopes = phrase(N_("a time zone of the IANA list, such as Europe/Paris"))
        if close:
            hopes = phrase(N_("a time zone of the IANA list, perhaps “%(close)s”"), close=close[0])
        raise _unfit(N_("“%(field)s” is “%(value)s”, which is no time zone."), scalar.text, hopes)
    return sys.intern(scalar.text)


def url(scalar: Scalar) -> str:
    text = Text(ADDRESS)(scalar)
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(character.isspace() or character in '<>"\\' for character in text):
        raise _unfit(
            N_("“%(field)s” is “%(value)s”, which is no web address."),
            text,
            phrase(N_("an address that begins with https:// or http://")),
        )
    return text
