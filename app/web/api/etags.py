"""Whether an answer is still the same, and whether a change is made to what its author saw."""

import hashlib

from flask import Response, jsonify, request
from flask_babel import gettext as _
from marshmallow import Schema
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from app.core.markings import Marking, highest_read
from app.web.database import SAFE_METHODS

TAGGED = frozenset({"application/json"})


def tag_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def finish(response: Response) -> Response:
    """How high what was read is marked; of what was only read, by which tag it is known again."""
    if response.status_code >= 400:
        return response
    response.headers.setdefault("Marking", highest_read(Marking.GREEN).label)
    if request.method in SAFE_METHODS and response.mimetype in TAGGED:
        response.set_etag(tag_of(response.get_data()))
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.add("Authorization")
        response.make_conditional(request)
    return response


def check_unchanged(shown: object, schema: Schema) -> None:
    """That what a change is made to is what its author was shown last: `If-Match` names the tag
    of `shown`, as the GET of the same address answers it."""
    if not request.if_match:
        raise PreconditionRequired(
            _("Send the ETag of what you change as If-Match, so that nobody's work is lost.")
        )
    if not request.if_match.contains(tag_of(rendered(shown, schema))):
        raise PreconditionFailed(
            _("It was changed since you read it. Read it again, then make your change.")
        )


def rendered(shown: object, schema: Schema) -> bytes:
    body: bytes = jsonify(schema.dump(shown)).get_data()
    return body
