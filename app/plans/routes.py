"""Tables in and out: a file is looked through, then confirmed as a whole, and can be undone."""

from collections import Counter
from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.core.days import Precision
from app.core.errors import N_, Refused
from app.core.markings import Channel
from app.core.permissions import Permission
from app.extensions import db
from app.plans.actions.sheets import WORKS, Came, keeping
from app.plans.actions.sheets.work import Progress
from app.plans.exports.members import archive
from app.plans.exports.sheets import ENDINGS, Out, as_file, table, template
from app.plans.forms import KINDS, SheetForm
from app.plans.models import SheetImport, SheetKind
from app.plans.working import Deed, Doing, workbench
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, now, present
from app.web.languages import day_text
from app.web.paging import Pages, asked_page
from app.web.wording import worded

blueprint = Blueprint("imports", __name__, template_folder="templates")

AT_ONCE = 200
LARGE, LARGE_FILE = 500, 64 * 1024
"""Rows, and bytes, from which the work is done beside the request."""
OTHERWISE = N_("By now something else would come of it. Nothing was done: look again.")
NEWEST = 20


@blueprint.get("/import")
@access(Permission.PLAN_IMPORT)
def index() -> str:
    return _index(SheetForm(formdata=None))


@blueprint.post("/import")
@access(Permission.PLAN_IMPORT)
def look_through() -> AnyResponse | tuple[str, int]:
    form = SheetForm()
    if not form.validate_on_submit():
        return _index(form), 422
    try:
        return _look(form)
    except Refused as refused:
        form.add_error(worded(refused), "file")
        return _index(form), 422


@blueprint.post("/import/<int:number>/look")
@access(Permission.PLAN_IMPORT)
def look_again(number: int) -> AnyResponse:
    """Where looking was cut off."""
    load_or_404(_own(number))
    return _begin(number, Doing.LOOKING, _looking(number))


@blueprint.get("/import/<int:number>")
@access(Permission.PLAN_IMPORT)
def show(number: int) -> str:
    kept, state = load_or_404(_own(number)), workbench().state(number)
    if state is not None and not state.is_over:
        return render_template("imports/working.html", kept=kept, state=state)
    return _page(kept, state.trouble if state else "")


@blueprint.post("/import/<int:number>/confirm")
@access(Permission.PLAN_IMPORT)
def confirm(number: int) -> AnyResponse:
    if len(load_or_404(_own(number)).preview) > LARGE:
        return _begin(number, Doing.CONFIRMING, _confirming(number))
    kept, is_done = keeping.confirm(db.session, actor(), number, now(), worded)
    if is_done:
        flash(_("Done as shown: %(count)s rows.", count=len(kept.done)), "success")
    elif kept.confirmed_at:
        flash(_("This was done already, once."), "info")
    else:
        flash(worded(Refused(OTHERWISE)), "error")
    return redirect(url_for("imports.show", number=number), 303)


@blueprint.post("/import/<int:number>/undo")
@access(Permission.PLAN_IMPORT)
def undo(number: int) -> AnyResponse:
    kept = load_or_404(_own(number))
    day = day_text(kept.uploaded_at.date(), Precision.DAY, None)
    note = _("Taken back: brought in with “%(name)s” (%(day)s).", name=kept.name, day=day)
    if len(kept.done) > LARGE:
        return _begin(number, Doing.UNDOING, _undoing(number, note))
    kept, is_done = keeping.undo(db.session, actor(), number, note, now(), worded)
    if not is_done:
        flash(_("This was undone already."), "info")
    elif kept.told:
        flash(_("Undone, but for what was changed since; see below."), "info")
    else:
        flash(_("Undone, by later entries that say so."), "success")
    return redirect(url_for("imports.show", number=number), 303)


@blueprint.get("/tables/<kind>.<ending>")
@access(Permission.NETWORK_READ)
def export(kind: str, ending: str) -> Response:
    """How it stands, in the format in which it comes in again."""
    wanted, ending = _asked(kind, ending)
    out = table(db.session, actor().through(Channel.EXPORT), as_of(), wanted)
    return _file(out, ending, f"{wanted.value}-{as_of().day.isoformat()}")


@blueprint.get("/tables/template/<kind>.<ending>")
@access(Permission.NETWORK_READ)
def blank(kind: str, ending: str) -> Response:
    wanted, ending = _asked(kind, ending)
    return _file(template(wanted), ending, f"{wanted.value}-template")


@blueprint.get("/members/<code>/archive")
@access(Permission.NETWORK_READ)
def archived(code: str) -> Response:
    """Everything about one member that the reader may take along."""
    reader = actor().through(Channel.EXPORT)
    found = load_or_404(archive(db.session, reader, code, as_of()))
    response = Response(found.content, mimetype="application/zip")
    marked = found.marking.label.replace(":", "-").replace("+", "-")
    name = f"{found.code}-{as_of().day.isoformat()}-{marked}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(kind: str, ending: str) -> tuple[SheetKind, str]:
    """An ending can have a point in it, too."""
    kind, _point, ending = f"{kind}.{ending}".partition(".")
    if kind not in set(SheetKind) or ending not in ENDINGS:
        abort(404)
    return SheetKind(kind), ending


def _file(out: Out, ending: str, saved_as: str) -> Response:
    note = f"{KINDS[out.kind]} · {as_of().day.isoformat()} · {out.marking.label}"
    response = Response(as_file(out, ending, note, now()), mimetype=ENDINGS[ending])
    marked = out.marking.label.replace(":", "-").replace("+", "-")
    name = quote(f"{saved_as}-{marked}.{ending.rpartition('.')[2]}")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _look(form: SheetForm) -> AnyResponse:
    given = (form.wanted, form.name, form.file.content, now())
    if len(form.file.content) > LARGE_FILE:
        with db.beforehand() as session:
            number = keeping.keep(session, actor(), *given).id
        return _begin(number, Doing.LOOKING, _looking(number))
    kept = keeping.keep(db.session, actor(), *given)
    keeping.look_through(db.session, actor(), kept.id, now(), worded)
    return redirect(url_for("imports.show", number=kept.id), 303)


def _begin(number: int, doing: Doing, deed: Deed) -> AnyResponse:
    """A page may not take longer than a second; what does is done beside it, and watched."""
    address = request.remote_addr or ""
    said_in = str(get_locale() or "en")
    db.discard()  # on SQLite this holds the lock that the work needs
    workbench().begin(number, doing, address, said_in, deed)
    return redirect(url_for("imports.show", number=number), 303)


def _looking(number: int) -> Deed:
    who, instant = actor(), now()

    def deed(session: Session, progress: Progress) -> None:
        keeping.look_through(session, who, number, instant, worded, progress)

    return deed


def _confirming(number: int) -> Deed:
    who, instant = actor(), now()

    def deed(session: Session, progress: Progress) -> Refused | None:
        kept, is_done = keeping.confirm(session, who, number, instant, worded, progress)
        return None if is_done or kept.confirmed_at else Refused(OTHERWISE)

    return deed


def _undoing(number: int, note: str) -> Deed:
    who, instant = actor(), now()

    def deed(session: Session, progress: Progress) -> None:
        keeping.undo(session, who, number, note, instant, worded, progress)

    return deed


def _own(number: int) -> SheetImport | None:
    own = (SheetImport.id == number, SheetImport.account_id == actor().account_id)
    return db.session.scalars(select(SheetImport).where(*own)).one_or_none()


def _index(form: SheetForm) -> str:
    own = select(SheetImport).where(SheetImport.account_id == actor().account_id)
    newest = db.session.scalars(own.order_by(SheetImport.id.desc()).limit(NEWEST)).all()
    columns = {kind: work.columns for kind, work in WORKS.items()}
    needed = {kind: work.needed for kind, work in WORKS.items()}
    return render_template(
        "imports/index.html",
        form=form,
        kinds=KINDS,
        columns=columns,
        needed=needed,
        newest=newest,
        today=present().today,
    )


def _page(kept: SheetImport, trouble: str) -> str:
    counts = Counter(line[2] for line in kept.preview)
    # What is wrong comes first; unchanged rows are many and say least.
    order = {Came.FAULTY: 0, Came.ADDED: 1, Came.CHANGED: 1, Came.UNCHANGED: 2}
    lines = sorted(kept.preview, key=lambda line: (order[Came(line[2])], line[0]))
    pages = Pages(asked_page(), AT_ONCE, len(lines))
    return render_template(
        "imports/show.html",
        kept=kept,
        kind=KINDS[kept.kind],
        counts=counts,
        lines=lines[max(pages.first - 1, 0) : pages.last],
        pages=pages,
        trouble=trouble,
        has_lapsed=now() - kept.uploaded_at > keeping.KEPT_FOR,
    )
