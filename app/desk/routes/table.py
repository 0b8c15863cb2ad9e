"""One screen that logs the updates of several deliverables; “no change” is one click."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission
from app.deliverables.actions.many import Result
from app.deliverables.actions.updates import HANDS, UpdateEntry, newest_update_id
from app.deliverables.models import Deliverable, StatusUpdate
from app.deliverables.queries.detail import find
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, every
from app.deliverables.rules.moves import CLOSED, Health, Status
from app.desk import actions
from app.desk.forms import RowForm
from app.desk.queries.board import in_effect, named, newest_updates
from app.desk.routes.desk import blueprint
from app.extensions import db
from app.sharing.actions import sharing_of
from app.web.access import access, actor, load_or_404
from app.web.day import now, present
from app.web.kept import draft_done, keeps_text
from app.web.paging import Pages, asked_page
from app.web.wording import worded

PAGE_SIZE = 40
MIXED = 207
"""Some rows are kept and some are not, each with its reason."""


@dataclass(slots=True)
class TableRow:
    row: DeliverableRow
    form: RowForm
    is_logged: bool = False


@blueprint.get("/desk/updates")
@access(Permission.DESK_OPEN)
def updates() -> str:
    return _page(_fresh(_rows(actor())))


@blueprint.post("/desk/updates")
@access(Permission.DESK_OPEN)
@keeps_text
def log_updates() -> Response | tuple[str, int]:
    """Only rows that changed are logged; a row that fails keeps its text and says why."""
    unchanged = request.form.get("unchanged", "")
    table = _sent(_rows(actor()))
    chosen = [line for line in table if _is_to_log(line, unchanged)]
    if unchanged and not chosen:
        load_or_404(None)
    logged = _log([line for line in chosen if _is_valid(line, unchanged)], unchanged)
    if not unchanged and logged == len(chosen):
        if not chosen:
            flash(_("Nothing was changed, so nothing was logged."), "info")
        else:
            draft_done("updates")
            flash(_logged(logged), "success")
        return redirect("/desk", 303)
    return _page(_after(table), logged=logged, failed=len(chosen) - logged), _status(
        logged, len(chosen)
    )


@blueprint.post("/desk/unchanged/<key>")
@access(Permission.DESK_OPEN)
def no_change(key: str) -> Response:
    """It stands as it stood: that is an update, too."""
    reader = actor()
    deliverable = load_or_404(find(db.session, reader, key))
    held = in_effect(db.session, reader, [deliverable.id], present()).get(deliverable.id)
    entry = _same(held, request.form.get("seen", ""))
    [row] = actions.log_each(db.session, reader, {deliverable: entry}, now())
    if row.refused is not None:
        flash(worded(row.refused), "error")
    else:
        flash(_("Logged without a change: %(title)s.", title=row.title), "success")
    return redirect("/desk", 303)


def _rows(reader: Actor) -> list[DeliverableRow]:
    """What the member leads or contributes to and is not over."""
    if reader.member_id is None:
        raise Forbidden(N_("The table is for liaisons; log on the page of the deliverable."))
    which = Filter(
        member_id=reader.member_id, statuses=[status for status in Status if status not in CLOSED]
    )
    return list(every(db.session, reader, present(), which))


def _fresh(rows: Sequence[DeliverableRow]) -> list[TableRow]:
    """As they stand, nothing typed."""
    newest = newest_updates(db.session, actor(), [row.id for row in rows])
    table = [TableRow(row, RowForm(row.key, formdata=None)) for row in rows]
    for line in table:
        line.form.show_row(line.row, newest.get(line.row.id, 0))
    return table


def _sent(rows: Sequence[DeliverableRow]) -> list[TableRow]:
    """What was typed, of the page that was sent."""
    return [TableRow(row, RowForm(row.key)) for row in rows if f"{row.key}-seen" in request.form]


def _is_to_log(line: TableRow, unchanged: str) -> bool:
    return line.row.key == unchanged if unchanged else line.form.is_changed


def _is_valid(line: TableRow, unchanged: str) -> bool:
    return bool(unchanged) or line.form.validate()


def _log(lines: list[TableRow], unchanged: str) -> int:
    """How many were logged; the others carry the reason."""
    reader = actor()
    held = in_effect(db.session, reader, [line.row.id for line in lines], present())
    wanted: dict[Deliverable, UpdateEntry] = {}
    by_key = {line.row.key: line for line in lines}
    for deliverable in named(db.session, reader, by_key):
        line, before = by_key[deliverable.key], held.get(deliverable.id)
        wanted[deliverable] = (
            _same(before, str(line.form.seen.data), line.form.note.data or "")
            if unchanged
            else _entry(line.form, before)
        )
    logged = 0
    for row in actions.log_each(db.session, reader, wanted, now()):
        line = by_key[row.key]
        line.is_logged = row.result is Result.DONE
        logged += line.is_logged
        if row.refused is not None:
            _explain(line, row.refused)
    return logged


def _explain(line: TableRow, refused: Refused) -> None:
    line.form.refuse(refused)
    if isinstance(refused, Conflict):
        newest = newest_update_id(db.session, actor(), line.row.id)
        line.form.seen.data = newest or 0


def _after(table: list[TableRow]) -> list[TableRow]:
    """What was logged is shown as it stands now; everything else keeps what was typed."""
    stands = {line.row.key: line for line in _fresh(_rows(actor()))}
    shown = []
    for line in table:
        present = stands.get(line.row.key)
        if present and not line.is_logged:
            present.form = line.form
        if present:
            shown.append(TableRow(present.row, present.form, line.is_logged))
    return shown


def _entry(form: RowForm, before: StatusUpdate | None) -> UpdateEntry:
    """What the table does not ask for stays as it was, and as narrow."""
    return UpdateEntry(
        status=Status(str(form.status.data)),
        effective_on=present().today,
        health=Health(form.health.data) if form.health.data else None,
        progress=form.percent,
        note=form.note.data or "",
        blocker=before.blocker if before else "",
        next_step=before.next_step if before else "",
        sharing=sharing_of(db.session, before) if before else None,
        seen_update_id=form.seen.data or None,
        checks_seen=True,
    )


def _same(before: StatusUpdate | None, seen: str, note: str = "") -> UpdateEntry:
    """What held before, said again today."""
    is_number = seen.isascii() and seen.isdigit() and len(seen) < 18
    return UpdateEntry(
        status=before.status if before else Status.NOT_STARTED,
        effective_on=present().today,
        health=before.health if before else None,
        progress=before.progress if before else None,
        note=note,
        blocker=before.blocker if before else "",
        next_step=before.next_step if before else "",
        sharing=sharing_of(db.session, before) if before else None,
        seen_update_id=(int(seen) or None) if is_number else None,
        checks_seen=True,
    )


def _logged(count: int) -> str:
    return ngettext("%(num)s update logged.", "%(num)s updates logged.", count)


def _status(logged: int, chosen: int) -> int:
    if logged == chosen:
        return 200
    return MIXED if logged else 422


def _page(table: list[TableRow], *, logged: int = 0, failed: int = 0) -> str:
    hand = HANDS[actor().role]
    pages = Pages(asked_page(), PAGE_SIZE, len(table))
    shown = table if request.method == "POST" else table[max(pages.first - 1, 0) : pages.last]
    for line in shown:
        line.form.offer(line.row.status, hand)
    return render_template(
        "desk/updates.html", table=shown, pages=pages, logged=logged, failed=failed
    )
