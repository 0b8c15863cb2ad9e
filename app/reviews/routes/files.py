"""Reviews as files to take along."""

from flask import Response, current_app
from flask_login import current_user

from app.core.permissions import Permission
from app.documents.formats import format_named
from app.documents.routes import download
from app.extensions import db
from app.reviews.routes.loading import blueprint, load_review
from app.reviews.taking import record_export, take
from app.web.access import access, actor
from app.web.day import now


@blueprint.get("/reviews/<int:review_id>.<extension>")
@access(Permission.REVIEW_READ)
def export(review_id: int, extension: str) -> Response:
    name, root = format_named(extension), current_app.config["PUBLIC_URL"]
    taken = take(db.session, actor(), load_review(review_id), name, root=root, now=now())
    heading = taken.content.heading
    with db.aside() as session:
        record_export(session, actor().account_id, taken.content, name, now())
    saved_as = f"review-{heading.deadline_key}-{heading.held_on}"
    return download(taken.body, name, saved_as, current_user.email, now())
