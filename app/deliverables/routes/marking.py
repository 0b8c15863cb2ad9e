"""How deliverables, their updates and their evidence are marked, and whom they are shared with."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import N_, Forbidden, Refused
from app.core.markings import Marking
from app.core.permissions import Permission
from app.deliverables.actions import marks
from app.deliverables.models import Deliverable, Evidence, StatusUpdate
from app.deliverables.queries import detail as details
from app.deliverables.queries import evidence as shown
from app.deliverables.routes.deliverables import blueprint
from app.extensions import db
from app.people.naming import nameable
from app.sharing.actions import sharing_of
from app.sharing.forms import SharingForm
from app.sharing.models import Marked
from app.sharing.rules import Sharing
from app.web.access import access, actor, load_or_404
from app.web.day import at, now

Answer = str | Response | tuple[str, int]


@blueprint.get("/deliverables/<key>/marking")
@access(Permission.DELIVERABLE_PLAN)
def marking(key: str) -> str:
    deliverable = _load(key)
    form = _shown(deliverable, Marking.CLEAR)
    form.seen.data = deliverable.version
    return _page(deliverable, form, deliverable.title, url_for(".mark", key=key))


@blueprint.post("/deliverables/<key>/marking")
@access(Permission.DELIVERABLE_PLAN)
def mark(key: str) -> Answer:
    deliverable = _load(key)
    form = _filled(Marking.CLEAR)

    def page() -> str:
        return _page(_load(key), form, deliverable.title, url_for(".mark", key=key))

    def act(wanted: Sharing) -> bool:
        seen = form.seen.data
        return marks.mark_deliverable(db.session, actor(), deliverable, wanted, seen, now())

    return _marked(form, act, page, key)


@blueprint.get("/deliverables/<key>/updates/<int:update_id>/marking")
@access(Permission.UPDATE_LOG)
def update_marking(key: str, update_id: int) -> str:
    deliverable, update = _load_update(key, update_id)
    address = url_for(".mark_update", key=key, update_id=update_id)
    return _page(deliverable, _shown(update, deliverable.marking), _("An update"), address)


@blueprint.post("/deliverables/<key>/updates/<int:update_id>/marking")
@access(Permission.UPDATE_LOG)
def mark_update(key: str, update_id: int) -> Answer:
    deliverable, update = _load_update(key, update_id)
    form = _filled(deliverable.marking)
    address = url_for(".mark_update", key=key, update_id=update_id)

    def act(wanted: Sharing) -> bool:
        return marks.mark_update(db.session, actor(), deliverable, update, wanted, now())

    return _marked(form, act, lambda: _page(_load(key), form, _("An update"), address), key)


@blueprint.get("/evidence/<int:evidence_id>/marking")
@access(Permission.UPDATE_LOG)
def evidence_marking(evidence_id: int) -> str:
    deliverable, evidence = _load_evidence(evidence_id)
    address = url_for(".mark_evidence", evidence_id=evidence_id)
    form = _shown(evidence, deliverable.marking)
    return _page(deliverable, form, evidence.title, address)


@blueprint.post("/evidence/<int:evidence_id>/marking")
@access(Permission.UPDATE_LOG)
def mark_evidence(evidence_id: int) -> Answer:
    deliverable, evidence = _load_evidence(evidence_id)
    form = _filled(deliverable.marking)
    address, key = url_for(".mark_evidence", evidence_id=evidence_id), deliverable.key
    title = evidence.title

    def act(wanted: Sharing) -> bool:
        return marks.mark_evidence(db.session, actor(), deliverable, evidence, wanted, now())

    return _marked(form, act, lambda: _page(_load(key), form, title, address), key)


def _load(key: str) -> Deliverable:
    return load_or_404(details.find(db.session, actor(), key))


def _load_update(key: str, update_id: int) -> tuple[Deliverable, StatusUpdate]:
    """For those who may mark it."""
    deliverable = _load(key)
    update = load_or_404(details.update(db.session, actor(), deliverable, update_id))
    if not marks.may_mark(actor(), update):
        raise Forbidden(N_("Only whoever logged an update, or a coordinator, changes its marking."))
    return deliverable, update


def _load_evidence(evidence_id: int) -> tuple[Deliverable, Evidence]:
    evidence = load_or_404(shown.find(db.session, actor(), evidence_id))
    if not marks.may_mark_evidence(actor(), evidence):
        raise Forbidden(N_("Only whoever added evidence, or a coordinator, changes its marking."))
    return load_or_404(db.session.get(Deliverable, evidence.deliverable_id)), evidence


def _shown(thing: Marked, widest: Marking) -> SharingForm:
    form = SharingForm(formdata=None)
    form.offer_sharing(nameable(db.session), widest)
    form.show_sharing(sharing_of(db.session, thing))
    return form


def _filled(widest: Marking) -> SharingForm:
    form = SharingForm()
    form.offer_sharing(nameable(db.session), widest)
    return form


def _marked(
    form: SharingForm, act: Callable[[Sharing], bool], page: Callable[[], str], key: str
) -> Answer:
    if not form.validate_on_submit():
        return page(), 422
    try:
        changed = act(form.sharing)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return page(), refused.status
    flash(_("Marked.") if changed else _("Nothing differs from before."), "success")
    return redirect(_after(key), 303)


def _after(key: str) -> str:
    """Its page; the list, where whoever marked it no longer sees it."""
    seen = details.find(db.session, actor(), key)
    return at("deliverables.show", key=key) if seen else at("deliverables.index")


def _page(deliverable: Deliverable, form: SharingForm, title: str, address: str) -> str:
    return render_template(
        "deliverables/marking.html",
        deliverable=deliverable,
        form=form,
        thing=title,
        address=address,
    )
