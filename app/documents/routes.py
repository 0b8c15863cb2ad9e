"""Documents as they leave the site, and the schemas of those that are data."""

import json
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response

from app.documents import schemas
from app.documents.formats import FORMATS
from app.documents.html import STYLE_SOURCE
from app.web.access import load_or_404, public
from app.web.headers import LONE_PAGE

blueprint = Blueprint("documents", __name__, template_folder="templates")


@blueprint.get("/schemas/<name>.json")
@public
def schema(name: str) -> Response:
    """It says how the files are built, and nothing of the network."""
    found = load_or_404(schemas.schema(name))
    body = json.dumps(found, ensure_ascii=False, indent=2)
    return Response(body, mimetype="application/schema+json")


def download(body: bytes, name: str, saved_as: str, email: str, now: datetime) -> Response:
    """The file as an answer. Who took it and when stands beside it, never in it."""
    format_ = FORMATS[name]
    response = Response(body, mimetype=format_.mimetype)
    response.headers["X-Exported-By"] = quote(email, safe="@+")
    response.headers["X-Exported-At"] = now.isoformat(timespec="seconds")
    if format_.opens_in_browser:
        response.headers["Content-Security-Policy"] = LONE_PAGE.format(style=STYLE_SOURCE)
    else:
        _save_as(response, f"{saved_as}.{format_.extension}")
    return response


def _save_as(response: Response, file_name: str) -> None:
    response.headers.set("Content-Disposition", "attachment", filename=file_name)
