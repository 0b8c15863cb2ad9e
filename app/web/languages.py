"""The reader's language, and how days, instants, numbers and territories are written in it."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from flask import Flask, current_app, has_request_context, request
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from app.core.clock import AsOf
from app.core.days import Precision
from app.web.access import reader_zone
from app.web.day import as_of

RANGES = {Precision.DAY: "yMMMd", Precision.MONTH: "yMMM", Precision.YEAR: "y"}
"""The skeletons under which CLDR keeps how to write a range; it has them with short months only."""
FIELDS = {"y": attrgetter("year"), "M": attrgetter("month"), "d": attrgetter("day")}
_SHORT_MONTH = re.compile(r"(?<!M)MMM(?!M)")


def init_app(app: Flask) -> None:
    for function in (day_text, tick_text, day_range, relative, instant, number, percent, territory):
        app.add_template_filter(function, function.__name__)
    app.add_template_filter(member_name, "member_name")
    app.add_template_filter(weekday_name, "weekday_name")


def available() -> list[str]:
    """English, and every language with a catalogue."""
    return list(_languages(current_app.config["BABEL_TRANSLATION_DIRECTORIES"]))


@cache
def _languages(folders: str) -> tuple[str, ...]:
    babel = current_app.extensions["babel"].instance
    found = {str(locale) for locale in babel.list_translations()}
    return ("en", *sorted(found - {"en"}))


def select_language() -> str:
    """The account's language, else what the browser asks for, else English."""
    if not has_request_context():
        return "en"
    offered = available()
    if current_user.is_authenticated and current_user.language in offered:
        return str(current_user.language)
    return request.accept_languages.best_match(offered, "en")


def select_zone() -> str:
    return str(reader_zone())


def locale() -> Locale:
    """The locale for writing days and numbers. English is written as the network writes it."""
    chosen = get_locale()
    if chosen is None or str(chosen) == "en":
        return Locale("en", "GB")
    return chosen


def day_text(
    value: date | None, precision: Precision | str = Precision.DAY, until: date | None = None
) -> str:
    """A day as well as it is known: "21 November 2024", "November 2024" or "2024"."""
    if value is None:
        return ""
    known = Precision(precision)
    if until is not None and until != value:
        return _range_text(value, until, known)
    if known is Precision.DAY:
        return str(dates.format_date(value, "long", locale=locale()))
    skeleton = "yMMMM" if known is Precision.MONTH else "y"
    return str(dates.format_skeleton(skeleton, value, locale=locale()))


def tick_text(value: date, precision: Precision | str) -> str:
    """A day as it stands on an axis, where there is little room: "15 Nov", "Nov 2024" or "2024"."""
    skeletons = {Precision.DAY: "MMMd", Precision.MONTH: "yMMM", Precision.YEAR: "y"}
    return str(dates.format_skeleton(skeletons[Precision(precision)], value, locale=locale()))


def _range_text(starts_on: date, ends_on: date, precision: Precision) -> str:
    """Writes what both days share only once, as the language does it."""
    differs = next(f for f, part in FIELDS.items() if part(starts_on) != part(ends_on))
    patterns = locale().interval_formats[RANGES[precision]].get(differs)
    if patterns is None:  # they differ by less than is known
        return day_text(starts_on, precision)
    return "".join(
        dates.format_date(day, _SHORT_MONTH.sub("MMMM", pattern), locale=locale())
        for day, pattern in zip((starts_on, ends_on), patterns, strict=True)
    )


def day_range(
    starts_on: date | None, ends_on: date | None, precision: Precision | str = Precision.DAY
) -> str:
    """From the first day to the last: "20–21 November 2024"."""
    return day_text(starts_on, precision, ends_on)


def relative(value: date | None, day: date | AsOf | None = None) -> str:
    """How far `value` is from `day` (default: the day of the page): "in 12 days"."""
    if value is None:
        return ""
    seen_from = day or as_of()
    days = (value - (seen_from.day if isinstance(seen_from, AsOf) else seen_from)).days
    if days == 0:
        return _("on the day") if not as_of().is_today else _("today")
    if days < 0:
        return ngettext("%(num)s day ago", "%(num)s days ago", -days)
    return ngettext("in %(num)s day", "in %(num)s days", days)


def instant(value: datetime | None, zone: str | None = None) -> str:
    """A moment in a zone (default: the reader's), which is named: never a time without one."""
    if value is None:
        return ""
    where = ZoneInfo(zone) if zone else reader_zone()
    local = value.astimezone(where)
    day = dates.format_skeleton("yMMMd", local, tzinfo=where, locale=locale())
    time = dates.format_time(local, "HH:mm", tzinfo=where, locale=locale())
    return _("%(day)s, %(time)s (%(zone)s)", day=day, time=time, zone=str(where))


def number(value: int | float | Decimal | None) -> str:
    return "" if value is None else str(numbers.format_decimal(value, locale=locale()))


def percent(share: float | None) -> str:
    """A share between 0 and 1. Unknown stays empty: it is not 0 %."""
    return "" if share is None else str(numbers.format_percent(share, "#,##0%", locale=locale()))


def territory(code: str, fallback: str = "") -> str:
    """The name of a member's territory in the reader's language."""
    return str(locale().territories.get(code) or fallback or code)


def weekday_name(weekday: int) -> str:
    """From 0, Monday."""
    return str(dates.get_day_names("wide", locale=locale())[weekday])


def member_name(member: Any) -> str:
    """The same, of anything with a code and the name that the plan gives it."""
    return territory(member.code, member.name)
