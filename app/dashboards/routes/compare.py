"""What happened between two days: the page that goes round before a meeting."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.core import clock
from app.core.clock import AsOf
from app.core.days import parse_day
from app.core.markdown import escaped
from app.core.permissions import Permission
from app.dashboards.frame import last_held_before
from app.dashboards.tables import marking_of
from app.deliverables.queries.comparison import Comparison, comparison
from app.deliverables.rules.comparison import Change, Happened, Part
from app.extensions import db
from app.sharing.pages import draw, kept
from app.web.access import access
from app.web.day import BadDay, as_of, now
from app.web.labels import label
from app.web.languages import day_text, territory
from app.web.tables import Column, Table, download, reader

blueprint = Blueprint("compare", __name__, template_folder="../templates")

USUAL_DAYS = 30
HAPPENED: dict[Happened, str] = {
    Happened.DELIVERED: _l("Delivered"),
    Happened.SLIPPED: _l("Slipped"),
    Happened.ADDED: _l("Added"),
    Happened.DROPPED: _l("Dropped"),
    Happened.REOPENED: _l("Reopened"),
    Happened.REASSIGNED: _l("Assigned anew"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One change under one heading; `says` is what changed, in words."""

    happened: Happened
    change: Change
    says: str


@blueprint.get("/compare")
@access(Permission.NETWORK_READ)
@kept
def show() -> str | Response:
    first, second = two_days(db.session, _asked("from"), _asked("to"))
    found = comparison(db.session, reader(), first, second)
    lines = [
        Line(kind, change, sentence(kind, change, second))
        for kind, changes in found.changes.items()
        for change in changes
    ]
    table = _table(lines, first, second)
    given = {
        "first": first,
        "second": second,
        "found": found,
        "table": table,
        "counts": {kind: len(changes) for kind, changes in found.changes.items()},
        "happened": HAPPENED,
    }
    if request.args.get("download") == "changes.md":
        return _markdown(found, lines, first, second, table.marking().label)
    if (file := download(table)) is not None:
        return file
    return draw("dashboards/compare.html", **given)


def sentence(kind: Happened, change: Change, second: AsOf) -> str:
    """What changed, in words."""
    return _SENTENCES[kind](change, second)


def _delivered(change: Change, _second: AsOf) -> str:
    after = change.after
    on = day_text(after.delivered_on)
    if after.due_on is None or after.delivered_on is None:
        return _("On %(day)s; it had no due day.", day=on)
    late = (after.delivered_on - after.due_on).days
    if late > 0:
        return ngettext(
            "On %(day)s, %(num)s day after it was due.",
            "On %(day)s, %(num)s days after it was due.",
            late,
            day=on,
        )
    return _("On %(day)s, in time.", day=on)


def _slipped(change: Change, second: AsOf) -> str:
    before, after = change.before, change.after
    if before is not None and before.due_on is not None and after.due_on is None:
        return _("Was due on %(day)s, and has no due day now.", day=day_text(before.due_on))
    if (change.days_moved or 0) > 0 and before is not None:
        return ngettext(
            "Due on %(after)s instead of %(before)s: %(num)s day later.",
            "Due on %(after)s instead of %(before)s: %(num)s days later.",
            change.days_moved or 0,
            after=day_text(after.due_on),
            before=day_text(before.due_on),
        )
    days = (second.dueness - after.due_on).days if after.due_on else 0
    return ngettext(
        "Was due on %(day)s: %(num)s day late.",
        "Was due on %(day)s: %(num)s days late.",
        days,
        day=day_text(after.due_on),
    )


def _added(change: Change, _second: AsOf) -> str:
    if change.after.due_on is None:
        return _("%(status)s; no due day.", status=label(change.after.status))
    return _(
        "%(status)s; due on %(day)s.",
        status=label(change.after.status),
        day=day_text(change.after.due_on),
    )


def _was(change: Change, _second: AsOf) -> str:
    if change.before is None:
        return _("Added since, and dropped.")
    return _("Was: %(status)s.", status=label(change.before.status))


def _reassigned(change: Change, _second: AsOf) -> str:
    before = change.before.parts if change.before else frozenset()
    new, gone = sorted(change.after.parts - before), sorted(before - change.after.parts)
    said = [
        *(_("now: %(part)s", part=_part(part)) for part in new),
        *(_("no longer: %(part)s", part=_part(part)) for part in gone),
    ]
    return "; ".join(said)


def _part(part: Part) -> str:
    code, role, state = part
    return _(
        "%(member)s (%(role)s, %(state)s)",
        member=territory(code),
        role=label(role).lower(),
        state=label(state).lower(),
    )


_SENTENCES = {
    Happened.DELIVERED: _delivered,
    Happened.SLIPPED: _slipped,
    Happened.ADDED: _added,
    Happened.DROPPED: _was,
    Happened.REOPENED: _was,
    Happened.REASSIGNED: _reassigned,
}


def two_days(session: Session, first: date | None, second: date | None) -> tuple[AsOf, AsOf]:
    """In their order. Without them: from the last meeting to the day of the page."""
    after = clock.as_of(second or as_of().day, now())
    begin = first or last_held_before(session, after.day)
    before = clock.as_of(begin or after.day - timedelta(days=USUAL_DAYS), now())
    return (before, after) if before.day <= after.day else (after, before)


def _asked(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_day(text)
    except ValueError:
        raise BadDay(text) from None


def _table(lines: list[Line], first: AsOf, second: AsOf) -> Table[Line]:
    return Table(
        "changes",
        _(
            "What happened from %(first)s to %(second)s",
            first=day_text(first.day),
            second=day_text(second.day),
        ),
        (
            Column("happened", _("What happened"), lambda line: str(HAPPENED[line.happened])),
            Column("title", _("Deliverable"), lambda line: line.change.after.title),
            Column("status", _("Status"), lambda line: label(line.change.after.status)),
            Column("due", _("Due now"), lambda line: line.change.after.due_on),
            Column("says", _("In detail"), lambda line: line.says),
        ),
        lines,
        marking=partial(marking_of, second),
    )


def _markdown(
    found: Comparison, lines: list[Line], first: AsOf, second: AsOf, marking: str
) -> Response:
    text = render_template(
        "dashboards/compare.md",
        found=found,
        lines=lines,
        first=first,
        second=second,
        marking=marking,
        happened=HAPPENED,
        escaped=escaped,
    )
    response = Response(text, mimetype="text/markdown")
    name = f"changes-{first.day}-{second.day}-{marking.replace(':', '-')}.md"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
