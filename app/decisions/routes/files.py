"""Certificates to take along."""

from flask import Response, abort
from flask_login import current_user

from app.core.markings import Channel
from app.core.permissions import Permission
from app.decisions.actions.settling import record_export
from app.decisions.certificate import thawed
from app.decisions.documents import publication
from app.decisions.queries import decisions as queries
from app.decisions.routes.pages import blueprint
from app.documents.formats import FORMATS, format_named
from app.documents.routes import download
from app.extensions import db
from app.web.access import access, actor, load_or_404
from app.web.day import as_of, now


@blueprint.get("/decisions/<key>/certificate.<extension>")
@access(Permission.NETWORK_READ)
def export(key: str, extension: str) -> Response:
    name = format_named(extension)
    reader = actor().through(Channel.EXPORT)
    decision = load_or_404(queries.find(db.session, reader, as_of(), key))
    settled = queries.certified(db.session, decision)
    if settled is None:
        abort(404)
    made = publication(
        thawed(settled.content), settled.settled_at, settled.content_hash, decision.marking
    )
    body = FORMATS[name].write(made)
    with db.aside() as session:
        record_export(session, actor().account_id, decision.key, name, now())
    return download(body, name, f"decision-{key}", current_user.email, now())
