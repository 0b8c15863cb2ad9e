"""The day and the instant of a request, and the bar that leads from one day to another.

A page that takes `?as_of=` calls `as_of()`; it is shown the bar because it did, and its links
carry the day on through `at()`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.lists import format_list
from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from app.core import clock
from app.core.clock import AsOf
from app.core.days import Precision, parse_day
from app.web.addresses import asked


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day that matters, what happens on it, and since when anybody knows."""

    day: date
    label: str
    known_from: date
    precision: Precision = Precision.DAY
    """How well the day is known; the bar leads to `day` and says no more than this."""


Milestones = Callable[[Session], Iterable[Milestone]]


class BadDay(BadRequest):
    """`as_of` is no day."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text[:40]


@dataclass(frozen=True, slots=True)
class Stop:
    day: date
    label: str
    url: str
    active: bool
    precision: Precision


@dataclass(frozen=True, slots=True)
class DayBar:
    day: date
    is_today: bool
    today_url: str
    stops: tuple[Stop, ...]
    query: tuple[tuple[str, str], ...]

    @property
    def previous(self) -> Stop | None:
        return max((s for s in self.stops if s.day < self.day), key=lambda s: s.day, default=None)

    @property
    def next(self) -> Stop | None:
        return min((s for s in self.stops if s.day > self.day), key=lambda s: s.day, default=None)


def init_app(app: Flask, milestones: Milestones) -> None:
    """`milestones` gives the days that matter, in any order; today is added here."""
    app.extensions["milestones"] = milestones
    app.add_template_global(at, "at")
    app.add_template_global(here, "here")


def now() -> datetime:
    """The one instant of this request."""
    if "now" not in g:
        g.now = current_app.config.get("NOW", clock.now)()
    instant: datetime = g.now
    return instant


def as_of() -> AsOf:
    """The day this page is asked for. Raises BadDay where `as_of` is none."""
    if "as_of" not in g:
        g.as_of = clock.as_of(_asked_day(), now())
    asked: AsOf = g.as_of
    return asked


def present() -> AsOf:
    """Today, for what is always of today: it makes no page a page of a day."""
    return clock.as_of(None, now())


def at(endpoint: str, **values: Any) -> str:
    """`url_for` that stays on the day of the page at hand."""
    shown: AsOf | None = g.get("as_of")
    if shown and not shown.is_today:
        values.setdefault("as_of", shown.day.isoformat())
    return url_for(endpoint, **values)


def says_today() -> bool:
    """Whether the page at hand is of today: its address need not say so."""
    shown: AsOf | None = g.get("as_of")
    return shown is not None and shown.is_today


def here(**changed: str | None) -> str:
    """The address of the page at hand, on its day, with other arguments; None leaves one out."""
    kept: dict[str, Any] = {**asked(), **(request.view_args or {})}
    if says_today():
        kept.pop("as_of", None)
    return url_for(request.endpoint or "", **{**kept, **changed})


def day_bar(session: Session) -> DayBar | None:
    """The bar of the page at hand, where it is a page of a day."""
    shown: AsOf | None = g.get("as_of")
    if shown is None or request.endpoint is None:
        return None
    milestones: Milestones = current_app.extensions["milestones"]
    return DayBar(
        day=shown.day,
        is_today=shown.is_today,
        today_url=_here(None),
        stops=_stops(milestones(session), shown),
        query=tuple(
            (name, value) for name, value in request.args.items(multi=True) if name != "as_of"
        ),
    )


def _asked_day() -> date | None:
    text = request.args.get("as_of", "").strip()
    if not text:
        return None
    try:
        return parse_day(text)
    except ValueError:
        raise BadDay(text) from None


def _stops(milestones: Iterable[Milestone], shown: AsOf) -> tuple[Stop, ...]:
    """One stop a day. What nobody knew of on the day shown is a day without a name: the bar leads
    on to it, and tells nothing of it before its time."""
    here = Milestone(shown.today, _("Today"), date.min)
    stones: dict[date, list[Milestone]] = {}
    for stone in sorted([here, *milestones], key=lambda stone: (stone.day, stone.label)):
        stones.setdefault(stone.day, []).append(stone)
    return tuple(_stop(day, stones[day], shown) for day in sorted(stones))


def _stop(day: date, stones: list[Milestone], shown: AsOf) -> Stop:
    known = [stone for stone in stones if stone.known_from <= shown.day]
    labels = dict.fromkeys(stone.label for stone in known)
    return Stop(
        day,
        format_list(list(labels), locale=get_locale()) or _("A day that matters later"),
        _here(None if day == shown.today else day),
        day == shown.day,
        min((stone.precision for stone in known), key=list(Precision).index, default=Precision.DAY),
    )


def _here(day: date | None) -> str:
    """The page at hand on another day."""
    kept = {name: values for name, values in asked().items() if name != "as_of"}
    as_of_day = day.isoformat() if day else None
    values = {**kept, **(request.view_args or {}), "as_of": as_of_day}
    return url_for(request.endpoint or "", **values)
