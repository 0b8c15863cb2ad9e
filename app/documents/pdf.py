"""A document as PDF: tagged, PDF/UA-1, typeset by typst with fonts that come in packages."""

import json
import logging
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from app.documents.document import Document, DocumentItem
from app.documents.notes import as_data, blocks

TEMPLATE = Path(__file__).with_name("document.typ")
FONT_PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "noto_cjk_sans_otc")
"""Latin, Greek and Cyrillic; Arabic; Chinese, Japanese and Korean."""
A4, LETTER = "a4", "us-letter"
ACCESSIBLE = "ua-1"
log = logging.getLogger(__name__)


def pdf(document: Document, paper: str = A4) -> bytes:
    """The same document is the same bytes. Text in a script for which there is no font is drawn
    as boxes, which PDF/UA forbids: then it is a tagged PDF that does not claim to be PDF/UA."""
    inputs = {"data": json.dumps(_data(document, paper), ensure_ascii=False)}
    try:
        return _typeset(inputs, document, [ACCESSIBLE])
    except typst.TypstError as error:
        log.warning("not PDF/UA: %s", error)
        return _typeset(inputs, document, [])


def _typeset(inputs: dict[str, str], document: Document, standards: list[Any]) -> bytes:
    compiler = typst.Compiler(
        TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts(), sys_inputs=inputs
    )
    moment = int(document.made_at.timestamp()) if document.made_at else 0
    made = compiler.compile(format="pdf", pdf_standards=standards, timestamp=moment)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


@cache
def _fonts() -> typst.Fonts:
    """Read once; none of the machine's own, so that a document looks the same everywhere."""
    folders = [_folder(name) for name in FONT_PACKAGES]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def _folder(package: str) -> str:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the fonts of {package} are not installed")
    return str(Path(spec.origin).parent)


def _data(document: Document, paper: str) -> dict[str, Any]:
    made_at = document.made_at
    return {
        **asdict(document),
        "made_at": {name: getattr(made_at, name) for name in _MOMENT} if made_at else None,
        "paper": paper,
        "sections": [
            {"title": section.title, "items": [_item(item) for item in section.items]}
            for section in document.sections
        ],
    }


_MOMENT = ("year", "month", "day", "hour", "minute", "second")


def _item(item: DocumentItem) -> dict[str, Any]:
    return {"title": item.title, "details": item.details, "note": as_data(blocks(item.note))}
