"""Logging where a deliverable stands, and putting right what was logged."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.filestore import FileStore
from app.core.markings import Marking
from app.core.permissions import Permission
from app.deliverables.actions.corrections import may_correct
from app.deliverables.actions.states import Histories
from app.deliverables.actions.updates import (
    HANDS,
    NO_PART,
    UpdateEntry,
    log_update,
    may_log,
    newest_update_id,
)
from app.deliverables.forms import UpdateForm
from app.deliverables.models import Deliverable, StatusUpdate
from app.deliverables.queries import detail as details
from app.deliverables.queries import evidence
from app.deliverables.routes.deliverables import blueprint
from app.deliverables.rules.history import state_on
from app.deliverables.rules.moves import ACTIVE, Status
from app.extensions import db
from app.people.naming import nameable
from app.sharing.actions import sharing_of
from app.sharing.forms import NOBODY
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, at, now
from app.web.kept import draft_done, keeps_text

Answer = AnyResponse | tuple[str, int]


@blueprint.get("/deliverables/<key>/updates")
@access(Permission.UPDATE_LOG)
def new_update(key: str) -> str:
    deliverable = _load(key)
    if not may_log(db.session, actor(), deliverable.id):
        raise Forbidden(NO_PART)
    form = UpdateForm()
    form.offer_sharing(nameable(db.session), deliverable.marking)
    form.show_sharing(sharing_of(db.session, deliverable))
    _prefill(form, deliverable)
    return _page(deliverable, form)


@blueprint.post("/deliverables/<key>/updates")
@access(Permission.UPDATE_LOG)
@keeps_text
def add_update(key: str) -> Answer:
    deliverable = _load(key)
    form = UpdateForm()
    answer = _logged(deliverable, form, lambda: form.entry, None)
    if answer is not None:
        return answer
    draft_done(f"update/{key}")
    flash(_("Logged: %(title)s is up to date.", title=deliverable.title), "success")
    return redirect(at("deliverables.show", key=key), 303)


@blueprint.get("/deliverables/<key>/updates/<int:update_id>/correction")
@access(Permission.UPDATE_LOG)
def new_correction(key: str, update_id: int) -> str:
    deliverable = _load(key)
    wrong = _wrong(deliverable, update_id)
    form = UpdateForm()
    form.offer_sharing(nameable(db.session), wrong.marking)
    form.show_sharing(sharing_of(db.session, wrong))
    form.show(wrong)
    form.seen.data = newest_update_id(db.session, actor(), deliverable.id) or 0
    return _page(deliverable, form, wrong)


@blueprint.post("/deliverables/<key>/updates/<int:update_id>/correction")
@access(Permission.UPDATE_LOG)
@keeps_text
def correct(key: str, update_id: int) -> Answer:
    deliverable = _load(key)
    wrong = _wrong(deliverable, update_id)
    form = UpdateForm()
    answer = _logged(deliverable, form, lambda: replace(form.entry, corrects_id=update_id), wrong)
    if answer is not None:
        return answer
    draft_done(f"correction/{update_id}")
    flash(_("Corrected. The earlier entry stays, and says that it was corrected."), "success")
    return redirect(at("deliverables.show", key=key) + "#history", 303)


@blueprint.get("/evidence/<int:evidence_id>/file")
@access(Permission.NETWORK_READ)
def evidence_file(evidence_id: int) -> Response:
    """The file, to be saved and never to be run or shown by the browser."""
    found = load_or_404(evidence.find(db.session, actor(), evidence_id))
    kept = load_or_404(found.file)
    if found.marking is Marking.RED:
        raise Forbidden(N_("What is marked RED stays on the screen; it has no download."))
    content = _store().read(kept.sha256)
    response = send_file(
        BytesIO(content), kept.kind.media_type, as_attachment=True, download_name=kept.name
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _logged(
    deliverable: Deliverable,
    form: UpdateForm,
    entry: Callable[[], UpdateEntry],
    wrong: StatusUpdate | None,
) -> Answer | None:
    """None when it is logged; else the form again, with what its author typed."""
    key, widest = deliverable.key, (wrong or deliverable).marking
    wrong_id = wrong.id if wrong else None
    # Most updates are shared as their deliverable is, and name nobody.
    form.offer_sharing(nameable(db.session) if form.names_somebody else NOBODY, widest)
    if not form.validate_on_submit():
        form.offer_sharing(nameable(db.session), widest)
        return _page(deliverable, form, wrong), 422
    try:
        log_update(db.session, actor(), deliverable, entry(), now())
    except Refused as refused:
        db.session.rollback()
        deliverable = _load(key)
        if isinstance(refused, Conflict):
            form.seen.data = newest_update_id(db.session, actor(), deliverable.id) or 0
        form.refuse(refused)
        form.offer_sharing(nameable(db.session), widest)
        wrong = _wrong(deliverable, wrong_id) if wrong_id is not None else None
        return _page(deliverable, form, wrong), refused.status
    if form.file is not None:
        _store().put(form.evidence_file.content)
    return None


def _load(key: str) -> Deliverable:
    return load_or_404(details.find(db.session, actor(), key))


def _wrong(deliverable: Deliverable, update_id: int) -> StatusUpdate:
    """The update to correct, for those who may."""
    if not may_log(db.session, actor(), deliverable.id):
        raise Forbidden(NO_PART)
    found = load_or_404(details.update(db.session, actor(), deliverable, update_id))
    if not may_correct(actor(), found):
        raise Forbidden(N_("Only the member that logged an update, or a coordinator, corrects it."))
    return found


def _page(deliverable: Deliverable, form: UpdateForm, wrong: StatusUpdate | None = None) -> str:
    found = load_or_404(details.detail(db.session, actor(), deliverable, as_of()))
    status = _status_without(deliverable, wrong) if wrong else found.row.status
    form.offer(status, HANDS[actor().role])
    return render_template(
        "deliverables/update.html",
        deliverable=deliverable,
        detail=found,
        row=found.row,
        form=form,
        wrong=wrong,
    )


def _status_without(deliverable: Deliverable, wrong: StatusUpdate) -> Status:
    """Where it would stand, on the day of the wrong update, without it."""
    spans = Histories(db.session, [deliverable], actor()).of(deliverable, without=wrong.id)
    state = state_on(spans, wrong.effective_on)
    return state.status if state else Status.NOT_STARTED


def _prefill(form: UpdateForm, deliverable: Deliverable) -> None:
    """As it stands today: what has not changed need not be typed again."""
    row = load_or_404(details.detail(db.session, actor(), deliverable, as_of())).row
    form.status.data = row.status.value
    form.health.data = row.health.value if row.health and row.status in ACTIVE else ""
    form.progress.data = "" if row.progress is None else str(row.progress)
    form.blocker.data = row.blocker
    form.effective_on.data = as_of().today
    form.seen.data = newest_update_id(db.session, actor(), deliverable.id) or 0


def _store() -> FileStore:
    return FileStore(Path(current_app.instance_path) / "evidence")
