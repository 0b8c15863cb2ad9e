"""Reviews as files to take along."""

from flask import Response, current_app
from flask_login import current_user

from app.audit.actions import Subject, record
from app.audit.queries import origin
from app.core.markings import Channel
from app.core.permissions import Permission
from app.documents.formats import FORMATS, format_named
from app.documents.routes import download
from app.extensions import db
from app.reviews import documents
from app.reviews.models import DeadlineReview
from app.reviews.queries import content
from app.reviews.routes.loading import blueprint, day_of, deadline_of, load_review
from app.reviews.rules.content import ReviewContent
from app.reviews.wording import wanted
from app.web.access import access, actor
from app.web.day import now


@blueprint.get("/reviews/<int:review_id>.<extension>")
@access(Permission.REVIEW_READ)
def export(review_id: int, extension: str) -> Response:
    """A closed one as it was kept; an open one as it looks now, which it says."""
    name = format_named(extension)
    review = load_review(review_id)
    found = _exportable(review)
    root = current_app.config["PUBLIC_URL"]
    publication = documents.publication(found, review.id, origin=origin(db.session), root=root)
    body = FORMATS[name].write(publication)
    saved_as = f"review-{found.heading.deadline_key}-{found.heading.held_on}"
    subject = Subject("deadline", found.heading.deadline_key)
    with db.aside() as session:
        changes = {"review": (None, found.heading.held_on), "format": (None, name)}
        record(session, actor().account_id, "review.export", subject, changes, now())
    return download(body, name, saved_as, current_user.email, now())


def _exportable(review: DeadlineReview) -> ReviewContent:
    reader = actor().through(Channel.EXPORT)
    if review.closed_at is not None:
        return content.kept(db.session, reader, review)
    asked = wanted(reader, day_of(review))
    return content.live(db.session, asked, deadline_of(review), review)[0]
