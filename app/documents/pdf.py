"""A document as PDF: tagged, PDF/UA-1, typeset by typst with fonts that come in packages."""

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from app.core.fonts import fonts
from app.documents.document import A4, Document, DocumentItem
from app.documents.notes import as_data, blocks

TEMPLATE = Path(__file__).with_name("document.typ")
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
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts(), sys_inputs=inputs)
    moment = int(document.made_at.timestamp()) if document.made_at else 0
    made = compiler.compile(format="pdf", pdf_standards=standards, timestamp=moment)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


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
