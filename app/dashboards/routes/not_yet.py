"""The page of something that is known only from a later day on."""

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.web.day import at


def not_yet(
    title: str, exists_from: date, *, listed_at: str, listed_as: str, endpoint: str, **values: Any
) -> tuple[str, int]:
    """`listed_at` is the endpoint of the list it belongs to; `endpoint` and `values` its own."""
    return (
        render_template(
            "dashboards/not_yet.html",
            heading=title,
            exists_from=exists_from,
            steps=[(listed_as, at(listed_at)), (title, "")],
            action=(_("Show that day"), url_for(endpoint, as_of=exists_from.isoformat(), **values)),
        ),
        404,
    )
