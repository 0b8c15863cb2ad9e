"""Lists of deliverables that somebody keeps under a name."""

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.permissions import Permission
from app.deliverables.actions import views as actions
from app.deliverables.forms import ShareForm, ViewForm
from app.deliverables.queries import views as queries
from app.deliverables.queries.choices import choices
from app.deliverables.routes.deliverables import blueprint
from app.deliverables.routes.filtering import asked, kept
from app.extensions import db
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, at, now


@blueprint.get("/deliverables/views")
@access(Permission.ACCOUNT_OWN)
def views() -> str:
    return _page(ViewForm(formdata=None))


@blueprint.get("/deliverables/views/<key>")
@access(Permission.NETWORK_READ)
def view(key: str) -> Response:
    """The list as it is kept; what it shows is up to the reader and the day."""
    found = load_or_404(queries.find_view(db.session, actor(), key))
    args = {name: values for name, values in kept(found.query).lists() if name != "as_of"}
    as_of()
    return redirect(at("deliverables.index", **args))


@blueprint.post("/deliverables/views")
@access(Permission.ACCOUNT_OWN)
def keep() -> Response | tuple[str, int]:
    form = ViewForm()
    if not form.validate_on_submit():
        return _page(form), 422
    query = asked(kept(form.query.data or ""), choices(db.session, as_of())).query
    try:
        made = actions.keep_view(
            db.session,
            actor(),
            form.name.data or "",
            query,
            is_shared=bool(form.is_shared.data),
            now=now(),
        )
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(form), refused.status
    flash(_("Kept as “%(name)s”.", name=made.name), "success")
    return redirect(at("deliverables.view", key=made.key), 303)


@blueprint.post("/deliverables/views/<key>/share")
@access(Permission.ACCOUNT_OWN)
def share(key: str) -> Response:
    found = load_or_404(queries.find_own(db.session, actor(), key))
    form = ShareForm()
    if form.validate_on_submit():
        shared = form.is_shared.data == "yes"
        actions.share_view(db.session, actor(), found, is_shared=shared, now=now())
        flash(_("Others can open it.") if shared else _("Only you can open it."), "success")
    return redirect(at("deliverables.views"), 303)


@blueprint.post("/deliverables/views/<key>/remove")
@access(Permission.ACCOUNT_OWN)
def remove(key: str) -> Response:
    found = load_or_404(queries.find_own(db.session, actor(), key))
    actions.remove_view(db.session, actor(), found, now())
    flash(_("Removed: “%(name)s”.", name=found.name), "success")
    return redirect(at("deliverables.views"), 303)


def _page(form: ViewForm) -> str:
    return render_template(
        "deliverables/views.html",
        own=queries.own_views(db.session, actor()),
        shared=queries.shared_views(db.session, actor()),
        form=form,
    )
