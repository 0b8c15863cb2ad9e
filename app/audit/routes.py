"""The trail on screen and as a file."""

import csv
import io
import json
from collections.abc import Callable, Iterator

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from app.audit import queries
from app.audit.forms import TrailForm
from app.audit.models import AuditEntry
from app.core.db import Base
from app.core.markings import Channel
from app.core.permissions import Actor, Permission
from app.core.table_text import cell
from app.extensions import db
from app.web.access import access, actor
from app.web.paging import Pages, asked_page

blueprint = Blueprint("audit", __name__, template_folder="templates")
Readable = Callable[[Actor], ColumnElement[bool]]
COLUMNS = (
    "id", "at", "who", "verb", "subject_kind", "subject_key", "changes", "address", "hash",
)  # fmt: skip


@blueprint.get("/audit")
@access(Permission.AUDIT_READ)
def index() -> str:
    form = _form()
    number = asked_page()
    valid = form.validate()
    which = _filter(form) if valid else queries.EVERYTHING
    found = queries.entries(db.session, which, readable=readable(), page=number)
    return render_template(
        "audit/index.html",
        form=form,
        entries=found.rows,
        who=emails(db.session),
        pages=Pages(number, queries.PAGE_SIZE, found.total),
    )


@blueprint.get("/audit.csv")
@access(Permission.AUDIT_READ)
def export() -> Response:
    form = _form()
    if not form.validate():
        abort(400)  # rather no file than one that holds something else than was asked for
    which, who = _filter(form), emails(db.session)
    lines = _lines(which, readable(Channel.EXPORT), who)
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def init_app(app: Flask, readable: Readable) -> None:
    """`readable` gives the condition that a reader may see an entry; it takes features that rank
    higher to tell."""
    app.extensions["readable_trail"] = readable


def readable(channel: Channel = Channel.SCREEN) -> ColumnElement[bool]:
    told: Readable = current_app.extensions["readable_trail"]
    return told(actor().through(channel))


def _form() -> TrailForm:
    form = TrailForm(request.args)
    verbs = queries.verbs(db.session)
    areas = sorted({verb.partition(".")[0] + "." for verb in verbs})
    every = [(area, _("%(area)s all", area=area)) for area in areas]
    form.verb.choices = [("", "–"), *every, *((verb, verb) for verb in verbs)]
    form.kind.choices = [("", "–"), *((kind, kind) for kind in queries.kinds(db.session))]
    return form


def _filter(form: TrailForm) -> queries.Filter:
    who = emails(db.session)
    account = (form.account.data or "").lower()
    by_email = {email: number for number, email in who.items()}
    return queries.Filter(
        account_id=by_email.get(account, -1) if account else None,
        verb=form.verb.data or "",
        kind=form.kind.data or "",
        subject=form.subject.data or "",
        address=form.address.data or "",
        from_on=form.from_on.data,
        until_on=form.until_on.data,
    )


def emails(session: Session) -> dict[int, str]:
    # The trail ranks below people and so knows their table, not their model.
    accounts: Table = Base.metadata.tables["accounts"]
    return {row.id: row.email for row in session.execute(select(accounts.c.id, accounts.c.email))}


def _lines(
    which: queries.Filter, readable: ColumnElement[bool], who: dict[int, str]
) -> Iterator[str]:
    """Line by line, in a session of its own: the request's is closed when they go out."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    with db.glance() as session:
        for entry in queries.every(session, which, readable=readable):
            writer.writerow(_cells(entry, who))
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cells(entry: AuditEntry, who: dict[int, str]) -> list[object]:
    changes = json.dumps(entry.changes, ensure_ascii=False, sort_keys=True)
    return [
        entry.id,
        entry.at.isoformat(),
        cell(who.get(entry.account_id or 0, "")),
        entry.verb,
        entry.subject_kind,
        cell(entry.subject_key),
        cell(changes),
        cell(entry.address),
        entry.hash,
    ]
