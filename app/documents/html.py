"""A document as a page for screen and print that needs no other file."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.core.markdown import to_html
from app.documents.document import Document

_STYLE = Path(__file__).with_name("print.css").read_text(encoding="utf-8")
STYLE_SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
"""What a Content-Security-Policy has to allow for the style that stands in the page."""
# Not in the template: in the pages of the site there is never a style like this.
_STYLE_ELEMENT = Markup("<style>%s</style>") % Markup(_STYLE)  # noqa: S704 - our own file


def html(document: Document) -> bytes:
    template = _PAGES.get_template("print.html")
    return template.render(document=document, style=_STYLE_ELEMENT).encode()


def _note_html(text: str) -> Markup:
    return Markup(to_html(text, site_links=False))  # noqa: S704 - it comes cleaned


_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["note"] = _note_html
