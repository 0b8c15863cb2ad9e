"""What a recurrence rule says, as a sentence, and how long a meeting takes."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from babel.dates import format_skeleton, get_day_names, get_month_names
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.meetings.rules.flexible import interval_of
from app.meetings.rules.pattern import PLACES, QUARTER_MONTHS, WEEKDAYS
from app.web.languages import locale

ORDINALS = {
    1: _l("the first %(day)s"),
    2: _l("the second %(day)s"),
    3: _l("the third %(day)s"),
    4: _l("the fourth %(day)s"),
    5: _l("the fifth %(day)s"),
    -1: _l("the last %(day)s"),
    -2: _l("the last %(day)s but one"),
}
_BY_DAY = re.compile(r"([+-]?[0-9]{1,2})?([A-Z]{2})")
_TOLD = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH", "WKST"}


def rule_words(recurrence: str, starts_on: date) -> str:
    """ "Every 6 months, on day 20". A rule that says more than that is shown as it is written."""
    pairs = (part.partition("=") for part in recurrence.upper().removeprefix("RRULE:").split(";"))
    parts = {name: value for name, _sign, value in pairs}
    if not parts.keys() <= _TOLD:
        return recurrence
    often = _often(parts.get("FREQ", ""), int(parts.get("INTERVAL", "1")))
    if parts.get("BYMONTH") == QUARTER_MONTHS and parts.get("INTERVAL", "1") == "1":
        often = _("Every quarter")
        del parts["BYMONTH"]
    days = _days(parts, starts_on)
    if not often:
        return recurrence
    return _("%(often)s, on %(days)s", often=often, days=days) if days else often


def about_words(recurrence: str) -> str:
    """ "About every 6 months", of a flexible cadence."""
    interval = interval_of(recurrence)
    if interval.months:
        return ngettext("About every month", "About every %(num)s months", interval.months)
    return ngettext("About every day", "About every %(num)s days", interval.days)


def weekday_day(day: date) -> str:
    """ "Wednesday 16 December 2026"."""
    return str(format_skeleton("yMMMMEEEEd", day, locale=locale()))


def clock_range(starts: datetime, ends: datetime) -> str:
    """ "Wed 16 Dec, 23:00–01:00", on the clock there; the day is that on which it begins."""
    day = format_skeleton("MMMEd", starts.date(), locale=locale())
    return _(
        "%(day)s, %(starts)s–%(ends)s", day=day, starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}"
    )


def nth_words() -> list[tuple[str, str]]:
    """Which weekday of the month, for a select field."""
    names = (_("First"), _("Second"), _("Third"), _("Fourth"), _("Last"))
    return [(str(nth), name) for nth, name in zip(PLACES, names, strict=True)]


def length_words(minutes: int) -> str:
    """ "16 hours", "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    in_hours = ngettext("%(num)s hour", "%(num)s hours", hours)
    in_minutes = ngettext("%(num)s minute", "%(num)s minutes", rest)
    if not hours or not rest:
        return in_hours if hours else in_minutes
    return _("%(hours)s %(minutes)s", hours=in_hours, minutes=in_minutes)


def _often(frequency: str, interval: int) -> str:
    if frequency == "DAILY":
        return ngettext("Every day", "Every %(num)s days", interval)
    if frequency == "WEEKLY":
        return ngettext("Every week", "Every %(num)s weeks", interval)
    if frequency == "MONTHLY":
        return ngettext("Every month", "Every %(num)s months", interval)
    if frequency == "YEARLY":
        return ngettext("Every year", "Every %(num)s years", interval)
    return ""


def _days(parts: dict[str, str], starts_on: date) -> str:
    """On which days; empty where the frequency says it all."""
    named = _named_days(parts) or _days_of_month(parts, starts_on)
    if "BYMONTH" not in parts:
        return named
    months = _list(_month(int(month)) for month in parts["BYMONTH"].split(","))
    return _("%(days)s of %(months)s", days=named, months=months) if named else months


def _named_days(parts: dict[str, str]) -> str:
    found = _BY_DAY.findall(parts.get("BYDAY", ""))
    place = int(parts.get("BYSETPOS", "0").split(",")[0])
    return _list(_weekday(name, int(nth) if nth else place) for nth, name in found)


def _days_of_month(parts: dict[str, str], starts_on: date) -> str:
    if parts.get("FREQ") not in {"MONTHLY", "YEARLY"}:
        return ""
    days = parts.get("BYMONTHDAY", str(starts_on.day)).split(",")
    if days == ["-1"]:
        return _("the last day of the month")
    return _("day %(days)s of the month", days=_list(days))


def _weekday(code: str, nth: int) -> str:
    day = str(get_day_names("wide", locale=locale())[WEEKDAYS.index(code)])
    return str(ORDINALS[nth]) % {"day": day} if nth in ORDINALS else day


def _month(number_of_month: int) -> str:
    return str(get_month_names("wide", locale=locale())[number_of_month])


def _list(words: Iterable[object]) -> str:
    return str(format_list([str(word) for word in words], locale=locale()))
