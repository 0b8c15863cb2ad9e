"""Files that came with a letter, or go with it."""

from io import BytesIO
from pathlib import Path

from flask import Response, current_app, flash, redirect, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.core.errors import N_, Forbidden, Refused
from app.core.filestore import FileStore
from app.core.markings import Marking
from app.core.permissions import Permission
from app.correspondence import actions, queries
from app.correspondence.forms import FileForm
from app.correspondence.routes.pages import blueprint, load, page
from app.extensions import db
from app.web.access import access, actor, load_or_404
from app.web.day import now
from app.web.wording import worded

Answer = AnyResponse | tuple[str, int]


@blueprint.post("/letters/<key>/files")
@access(Permission.LETTER_WRITE)
def attach(key: str) -> Answer:
    row, form = load(key), FileForm()
    if form.validate_on_submit():
        stored = form.stored
        try:
            actions.attach(db.session, actor(), row.letter, stored, now())
        except Forbidden:
            raise
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
        else:
            _store().put(form.file.content)
            flash(_("Added: %(name)s.", name=stored.name), "success")
            return redirect(url_for("correspondence.show", key=key), 303)
    return page(load(key), None, form), 422


@blueprint.post("/letters/<key>/files/<int:file_id>/remove")
@access(Permission.LETTER_WRITE)
def detach(key: str, file_id: int) -> AnyResponse:
    row = load(key)
    file = load_or_404(queries.file(db.session, row.letter, file_id))
    try:
        actions.detach(db.session, actor(), row.letter, file, now())
    except Forbidden:
        raise
    except Refused as refused:
        db.session.rollback()
        flash(worded(refused), "error")
    else:
        flash(_("Taken off."), "success")
    return redirect(url_for("correspondence.show", key=key), 303)


@blueprint.get("/letters/<key>/files/<int:file_id>")
@access(Permission.NETWORK_READ)
def file(key: str, file_id: int) -> Response:
    """To be saved, and never to be run or shown by the browser."""
    row = load(key)
    found = load_or_404(queries.file(db.session, row.letter, file_id))
    if row.letter.marking is Marking.RED:
        raise Forbidden(N_("What is marked RED stays on the screen; it has no download."))
    content = _store().read(found.sha256)
    response = send_file(
        BytesIO(content), found.kind.media_type, as_attachment=True, download_name=found.name
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _store() -> FileStore:
    """Where evidence lies, too."""
    return FileStore(Path(current_app.instance_path) / "evidence")
