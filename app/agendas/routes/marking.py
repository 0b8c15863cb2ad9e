"""How an item of an agenda is marked, and whom it is shared with."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.agendas.actions.marks import mark_item
from app.agendas.models import AgendaItem
from app.agendas.routes.loading import (
    Answer,
    blueprint,
    draft_url,
    find_item,
    load_agenda,
    load_meeting,
)
from app.core.errors import Refused
from app.core.permissions import Permission
from app.extensions import db
from app.people.naming import nameable
from app.sharing.actions import sharing_of
from app.sharing.forms import SharingForm
from app.web.access import access, actor, load_or_404
from app.web.day import now


@blueprint.get("/agendas/<key>/items/<int:item_id>/marking")
@access(Permission.AGENDA_EDIT)
def item_marking(key: str, item_id: int) -> str:
    item = load_or_404(find_item(key, item_id))
    form = SharingForm(formdata=None)
    form.offer_sharing(nameable(db.session))
    form.show_sharing(sharing_of(db.session, item))
    return _page(key, form, item)


@blueprint.post("/agendas/<key>/items/<int:item_id>/marking")
@access(Permission.AGENDA_EDIT)
def mark(key: str, item_id: int) -> Answer:
    item = load_or_404(find_item(key, item_id))
    form = SharingForm()
    form.offer_sharing(nameable(db.session))
    if not form.validate_on_submit():
        return _page(key, form, item), 422
    agenda = load_agenda(load_meeting(key))
    try:
        changed = mark_item(db.session, actor(), agenda, item, form.sharing, now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(key, form, load_or_404(find_item(key, item_id))), refused.status
    flash(_("Marked.") if changed else _("Nothing differs from before."), "success")
    return redirect(draft_url(key, item_id), 303)


def _page(key: str, form: SharingForm, item: AgendaItem) -> str:
    meeting = load_meeting(key)
    return render_template(
        "agendas/marking.html",
        form=form,
        thing=item.title,
        trail=[
            (_("Agendas"), url_for("agendas.index")),
            (meeting.title, url_for("agendas.show", key=key)),
        ],
        address=url_for("agendas.mark", key=key, item_id=item.id),
        back=url_for("agendas.edit", key=key, item_id=item.id),
    )
