"""The sentences of mails."""

from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.days import Precision
from app.notices.rules import Topic
from app.reminders.rules import Day, Kind, Thing
from app.web.labels import label
from app.web.languages import day_text, instant


def sentence(thing: Thing, today: Day, zone: str) -> str:
    """What is to be told of it, on the day on which it is told."""
    return _SENTENCES[thing.kind](thing, today, zone)


def heading(topic: Topic) -> str:
    return {
        Topic.DUE: _("What falls due"),
        Topic.STALE: _("Nothing heard for a while"),
        Topic.ASKED: _("What you are asked"),
        Topic.ACTIONS: _("What meetings asked you to do"),
        Topic.AGENDAS: _("Agendas"),
        Topic.DECISIONS: _("Decisions that wait for you"),
        Topic.DIGEST: _("The week"),
        Topic.ACCOUNT: _("Your account"),
    }[topic]


def hushed(marking: str) -> str:
    """Of what may not go by mail: that it is there, and no more."""
    return _("Something marked %(marking)s waits for you. Sign in to see it.", marking=marking)


def link_label(kind: Kind) -> str:
    if kind in {Kind.DUE, Kind.STALE, Kind.QUESTION, Kind.REPORT, Kind.REPORT_DUE}:
        return _("Log an update")
    return _("Open it")


def _due(thing: Thing, today: Day, _zone: str) -> str:
    days_left, days_late = (thing.on - today.day).days, (today.dueness - thing.on).days
    facts = {"title": thing.title, "day": _day(thing)}
    if days_late > 0:
        return ngettext(
            "Late by %(num)s day: %(title)s, due on %(day)s",
            "Late by %(num)s days: %(title)s, due on %(day)s",
            days_late,
            **facts,
        )
    if days_left <= 0:
        return _("Due today: %(title)s (%(day)s)", **facts)
    return ngettext(
        "Due in %(num)s day: %(title)s, on %(day)s",
        "Due in %(num)s days: %(title)s, on %(day)s",
        days_left,
        **facts,
    )


def _day(thing: Thing) -> str:
    precision = thing.until if isinstance(thing.until, Precision) else Precision.DAY
    return day_text(thing.on, precision)


def _stale(thing: Thing, _today: Day, _zone: str) -> str:
    if not isinstance(thing.until, date):
        return _("No update yet: %(title)s", title=thing.title)
    since = day_text(thing.until)
    return _("No update since %(day)s: %(title)s", day=since, title=thing.title)


def _question(thing: Thing, _today: Day, _zone: str) -> str:
    return _("%(name)s asks about %(title)s", name=thing.by, title=thing.title)


def _report(thing: Thing, _today: Day, _zone: str) -> str:
    return _(
        "A report on %(title)s is asked for by %(day)s, before %(meeting)s",
        title=thing.title,
        day=day_text(thing.until),
        meeting=thing.by,
    )


def _part(thing: Thing, _today: Day, _zone: str) -> str:
    return _(
        "You are asked to take a part (%(role)s): %(title)s",
        role=label(thing.until),
        title=thing.title,
    )


def _action(thing: Thing, _today: Day, _zone: str) -> str:
    if thing.until is None:
        return _("You are asked: %(task)s", task=thing.title)
    day = day_text(thing.until)
    return _("You are asked, by %(day)s: %(task)s", day=day, task=thing.title)


def _agenda(thing: Thing, _today: Day, _zone: str) -> str:
    return _(
        "The agenda of %(title)s on %(day)s is published, as number %(number)s",
        title=thing.title,
        day=day_text(thing.until),
        number=thing.by,
    )


def _decision(thing: Thing, _today: Day, zone: str) -> str:
    until = instant(thing.until, zone)
    return _("Open for your answer until %(instant)s: %(title)s", instant=until, title=thing.title)


def _closes(thing: Thing, _today: Day, zone: str) -> str:
    return _(
        "It closes on %(instant)s and has no answer of yours: %(title)s",
        instant=instant(thing.until, zone),
        title=thing.title,
    )


_SENTENCES: dict[Kind, Callable[[Thing, Day, str], str]] = {
    Kind.DUE: _due,
    Kind.STALE: _stale,
    Kind.QUESTION: _question,
    Kind.REPORT: _report,
    Kind.REPORT_DUE: _report,
    Kind.PART: _part,
    Kind.ACTION: _action,
    Kind.ACTION_DUE: _due,
    Kind.AGENDA: _agenda,
    Kind.DECISION: _decision,
    Kind.DECISION_CLOSES: _closes,
}
