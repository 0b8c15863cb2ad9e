"""The product as the benchmark serves it: each answer says how many queries it took."""

from typing import Any

from flask import Response, g
from sqlalchemy import event

from app import create_app
from app.extensions import db
from app.web import unchanged

app = create_app()
unchanged.stand_before(app)  # as deploy/gunicorn.conf.py does in each worker


def _count(*_given: Any) -> None:
    if g:
        g.queries = g.get("queries", 0) + 1


event.listen(db.engine, "before_cursor_execute", _count)


@app.after_request
def _say(response: Response) -> Response:
    response.headers["X-Queries"] = str(g.get("queries", 0))
    return response
