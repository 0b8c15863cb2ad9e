"""As what a document can be had. A further format is one function and one row here."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import N_, Missing
from app.core.icalendar import ics
from app.documents.document import A4, LETTER, Publication
from app.documents.html import html
from app.documents.pdf import pdf
from app.documents.text import markdown
from app.documents.word import word


@dataclass(frozen=True, slots=True)
class Format:
    extension: str
    mimetype: str
    write: Callable[[Publication], bytes]
    opens_in_browser: bool = False
    needs_calendar: bool = False
    """It is there only for what has a day in a calendar."""


def _json(publication: Publication) -> bytes:
    return (json.dumps(publication.data, ensure_ascii=False, indent=2) + "\n").encode()


def _ics(publication: Publication) -> bytes:
    """Raises Missing for what has no place in a calendar."""
    if publication.calendar is None:
        raise Missing(
            N_("Only what is published and has a day of its own can be put into a calendar.")
        )
    return ics(publication.calendar)


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FORMATS = {
    "html": Format("html", "text/html", lambda p: html(p.document), opens_in_browser=True),
    "pdf": Format("pdf", "application/pdf", lambda p: pdf(p.document, A4)),
    "pdf-letter": Format("letter.pdf", "application/pdf", lambda p: pdf(p.document, LETTER)),
    "docx": Format("docx", _WORD, lambda p: word(p.document, A4)),
    "docx-letter": Format("letter.docx", _WORD, lambda p: word(p.document, LETTER)),
    "markdown": Format("md", "text/markdown", lambda p: markdown(p.document)),
    "json": Format("json", "application/json", _json),
    "ics": Format("ics", "text/calendar", _ics, needs_calendar=True),
}
"""By the name that the commands take."""
BY_EXTENSION = {format_.extension: name for name, format_ in FORMATS.items()}


def format_named(extension: str) -> str:
    """The name of the format whose files end so. Raises Missing."""
    name = BY_EXTENSION.get(extension)
    if name is None:
        raise Missing(N_("This cannot be had in that format."))
    return name
