"""What the network and the institutes were called, when."""

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Refused
from app.core.permissions import Permission
from app.extensions import db
from app.members.actions import network as actions
from app.members.models import Network
from app.members.queries import terms as queries
from app.members.queries.profile import names
from app.membership.forms.terms import NameForm
from app.sources.queries import sources
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, at, now, present

Answer = Response | tuple[str, int]

blueprint = Blueprint("names", __name__, template_folder="../templates")


@blueprint.get("/names")
@access(Permission.NETWORK_READ)
def index() -> str:
    known = queries.institutes(db.session, as_of())
    return render_template(
        "names/index.html",
        network=queries.network_names(db.session, as_of()),
        institutes={code: names(rows) for code, rows in known.items()},
    )


@blueprint.get("/names/new")
@access(Permission.NETWORK_KEEP)
def new() -> str:
    form = NameForm(formdata=None)
    known = queries.network_names(db.session, present())
    form.from_on.data, form.seen.data = present().day, _newest()
    if known:
        form.name.data, form.short_name.data = known[-1].name, known[-1].short_name
    return _page(form)


@blueprint.post("/names")
@access(Permission.NETWORK_KEEP)
def rename() -> Answer:
    network = load_or_404(db.session.get(Network, 1))
    form = NameForm()
    form.offer()
    form.offer_sources(sources(db.session))
    if not form.validate_on_submit() or form.from_on.data is None:
        return _page(form), 422
    try:
        if form.seen.data != _newest():
            raise Conflict(actions.RENAMED_MEANWHILE)
        entry = form.entry(form.cited(db.session, actor(), now()))
        day = form.from_on.data
        changed = actions.keep_name(db.session, actor(), network, entry, day, now())
    except Refused as refused:
        db.session.rollback()
        form.seen.data = _newest()
        form.refuse(refused)
        return _page(form), refused.status
    flash(_("The name is on record.") if changed else _("It is called so already."), "success")
    return redirect(at("names.index"), 303)


def _newest() -> int:
    """The last name that anybody recorded, for whatever day."""
    return queries.newest_name(db.session)


def _page(form: NameForm) -> str:
    form.offer()
    form.offer_sources(sources(db.session))
    return render_template("names/form.html", form=form)
