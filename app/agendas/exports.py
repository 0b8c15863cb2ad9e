"""An agenda as a document. The same document is the same bytes.

A further format is one function here, one row in FORMATS and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.core.markdown import escaped, normal, to_html
from app.core.markings import Marking

STYLE_ADDRESS = "/agendas/print.css"
"""Does not change with the style itself: it stands in documents whose bytes must not change."""


@dataclass(frozen=True, slots=True)
class DocumentItem:
    """`details` are kind, time and presenter, in words; `note` is Markdown."""

    title: str
    details: str
    note: str
    marking: Marking


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    items: tuple[DocumentItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All of it in the language of the agenda; `marking` is the narrowest in it."""

    language: str
    direction: str
    marking: Marking
    network: str
    title: str
    state: str
    """Which number it is, or that it is a draft."""
    is_draft: bool
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Format:
    extension: str
    mimetype: str
    write: Callable[[Document], bytes]
    opens_in_browser: bool = False


def html(document: Document) -> bytes:
    """A page for print."""
    template = _PAGES.get_template("print.html")
    return template.render(document=document, style=STYLE_ADDRESS).encode()


def markdown(document: Document) -> bytes:
    """CommonMark in which no text of a title or a note is anything but text of its place."""
    label = f"**{document.marking.label}**"
    parts = [label, f"# {escaped(document.title)}", f"**{escaped(document.state)}**"]
    parts.append("\n".join(f"- {escaped(n)}: {escaped(v)}" for n, v in document.facts))
    for section in document.sections:
        parts.append(f"## {escaped(section.title)}")
        for number, item in enumerate(section.items, 1):
            parts += _markdown_item(number, item)
    return ("\n\n".join(part for part in [*parts, label] if part) + "\n").encode()


def _markdown_item(number: int, item: DocumentItem) -> list[str]:
    details = f"*{escaped(item.details)}*"
    note = normal(item.note, site_links=False)
    return [f"### {number}. {escaped(item.title)}", details, note]


def _note_html(text: str) -> Markup:
    return Markup(to_html(text, site_links=False))  # noqa: S704 - it comes cleaned


_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates" / "agendas"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["note"] = _note_html

FORMATS = {
    "html": Format("html", "text/html", html, opens_in_browser=True),
    "markdown": Format("md", "text/markdown", markdown),
}
"""By the name that the command takes."""
BY_EXTENSION = {format_.extension: name for name, format_ in FORMATS.items()}
