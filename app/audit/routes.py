"""The trail on screen and as a file."""

import csv
import io
import json
from collections.abc import Callable, Iterator

from flask import Blueprint, Flask, Response, current_app, render_template, request
from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from app.audit import queries
from app.audit.actions import Subject, record
from app.audit.forms import TrailForm
from app.audit.models import AuditEntry
from app.core.db import Base
from app.core.markings import Channel
from app.core.permissions import Actor, Permission
from app.core.table_text import cell
from app.extensions import db
from app.web.access import access, actor
from app.web.day import now
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
    found = queries.entries(db.session, which, readable=_readable(), page=number)
    return render_template(
        "audit/index.html",
        form=form,
        entries=found.rows,
        who=_accounts(db.session),
        pages=Pages(number, queries.PAGE_SIZE, found.total),
    )


@blueprint.get("/audit.csv")
@access(Permission.AUDIT_READ)
def export() -> Response:
    form = _form()
    which = _filter(form) if form.validate() else queries.EVERYTHING
    with db.aside() as session:
        subject = Subject("audit", "audit.csv")
        record(session, actor().account_id, "export.audit", subject, {}, now())
    who = _accounts(db.session)
    readable = _readable(Channel.EXPORT)
    lines = _lines(list(queries.every(db.session, which, readable=readable)), who)
    return Response(
        lines,
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=audit.csv"},
    )


def init_app(app: Flask, readable: Readable) -> None:
    """`readable` gives the condition that a reader may see an entry; it takes features that rank
    higher to tell."""
    app.extensions["readable_trail"] = readable


def _readable(channel: Channel = Channel.SCREEN) -> ColumnElement[bool]:
    readable: Readable = current_app.extensions["readable_trail"]
    return readable(actor().through(channel))


def _form() -> TrailForm:
    form = TrailForm(request.args)
    form.verb.choices = [("", "–"), *((verb, verb) for verb in queries.verbs(db.session))]
    return form


def _filter(form: TrailForm) -> queries.Filter:
    who = _accounts(db.session)
    account = (form.account.data or "").lower()
    by_email = {email: number for number, email in who.items()}
    return queries.Filter(
        account_id=by_email.get(account, -1) if account else None,
        verb=form.verb.data or "",
        subject=form.subject.data or "",
        from_on=form.from_on.data,
        until_on=form.until_on.data,
    )


def _accounts(session: Session) -> dict[int, str]:
    # The trail ranks below people and so knows their table, not their model.
    accounts: Table = Base.metadata.tables["accounts"]
    return {row.id: row.email for row in session.execute(select(accounts.c.id, accounts.c.email))}


def _lines(entries: list[AuditEntry], who: dict[int, str]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        changes = json.dumps(entry.changes, ensure_ascii=False, sort_keys=True)
        writer.writerow([
            entry.id,
            entry.at.isoformat(),
            cell(who.get(entry.account_id or 0, "")),
            entry.verb,
            entry.subject_kind,
            cell(entry.subject_key),
            cell(changes),
            cell(entry.address),
            entry.hash,
        ])  # fmt: skip
        yield out.getvalue()
        out.seek(0)
        out.truncate()
