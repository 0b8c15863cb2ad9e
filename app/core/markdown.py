"""Markdown that people write: shown as HTML, and written out again so that it stays one block.

Headings and images are not among it, and HTML is text: what is written in one note can neither
run nor look like part of the page around it.
"""

import re
from collections.abc import Iterator, Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdformat.renderer import MDRenderer

_READER = MarkdownIt("commonmark", {"html": False}).disable(
    ["heading", "lheading", "hr", "image", "html_block", "html_inline", "reference"]
)
_TAGS = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "blockquote"}
SCHEMES = {"http", "https", "mailto"}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")


def to_html(text: str, *, site_links: bool = True) -> str:
    """Safe HTML. Without `site_links`, links within this site become their text."""
    html = _READER.renderer.render(tokens(text, site_links=site_links), _READER.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noreferrer noopener",
    )


def normal(text: str, *, site_links: bool = True) -> str:
    """The same text as Markdown that holds no HTML, no heading and no image for any reader."""
    written: str = MDRenderer().render(tokens(text, site_links=site_links), _READER.options, {})
    return written.strip()


def escaped(text: str) -> str:
    """Plain text on one line, so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def site_links(text: str) -> tuple[str, ...]:
    """The addresses within this site that the text links to, in order."""
    return tuple(href for token in _inline(_READER.parse(text)) if (href := _own_address(token)))


def tokens(text: str, *, site_links: bool = True) -> list[Token]:
    """What the text is made of, for writers of other formats."""
    found = _READER.parse(text)
    if not site_links:
        for token in found:
            if token.children:
                token.children = _without_site_links(token.children)
    return found


def _without_site_links(inline: Sequence[Token]) -> list[Token]:
    """Links do not nest, so each closing tag belongs to the latest opening one."""
    kept, within = [], False
    for token in inline:
        if token.type == "link_open":
            within = bool(_own_address(token))
        if not (within and token.type in {"link_open", "link_close"}):
            kept.append(token)
        within = within and token.type != "link_close"
    return kept


def _inline(blocks: Sequence[Token]) -> Iterator[Token]:
    for token in blocks:
        yield from token.children or ()


def _own_address(token: Token) -> str:
    href = str(token.attrGet("href") or "") if token.type == "link_open" else ""
    return href if href.startswith("/") and not href.startswith("//") else ""
