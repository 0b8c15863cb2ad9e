"""Parts of a WordprocessingML paragraph that python-docx has no call for."""

from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph


def element(tag: str, /, **attributes: str) -> Any:
    made = OxmlElement(f"w:{tag}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def field(paragraph: Paragraph, code: str, shown: str) -> None:
    """A field whose value Word works out; `shown` stands there until it does."""
    begin_field(paragraph, code)
    paragraph.add_run(shown)
    end_field(paragraph)


def begin_field(paragraph: Paragraph, code: str) -> None:
    instruction = element("instrText")
    instruction.text = f" {code} "
    for part in (_mark("begin"), instruction, _mark("separate")):
        paragraph.add_run()._r.append(part)


def end_field(paragraph: Paragraph) -> None:
    paragraph.add_run()._r.append(_mark("end"))


def bookmark_name(number: int) -> str:
    return f"_Toc{number:06}"


def bookmark(paragraph: Paragraph, number: int) -> None:
    """Around all of the paragraph."""
    start = element("bookmarkStart", id=str(number), name=bookmark_name(number))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def link_to_bookmark(paragraph: Paragraph, name: str, text: str) -> None:
    _wrap(paragraph, element("hyperlink", anchor=name, history="1"), text)


def link_to(paragraph: Paragraph, address: str, text: str) -> Any:
    """The run of a link out of the document."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    outer = element("hyperlink", history="1")
    outer.set(qn("r:id"), relation)
    return _wrap(paragraph, outer, text)


def _wrap(paragraph: Paragraph, outer: Any, text: str) -> Any:
    run = paragraph.add_run(text)
    paragraph._p.append(outer)
    outer.append(run._r)
    return run


def _mark(kind: str) -> Any:
    return element("fldChar", fldCharType=kind)


def paragraph(file: docx.document.Document, style: str, text: str = "") -> Paragraph:
    """At the end, in the style of this name. Word knows a style by its name without spaces; asking
    python-docx for it, paragraph by paragraph, takes most of the time of a long document."""
    made = file.add_paragraph(text)
    if style != "Normal":
        made._p.style = style.replace(" ", "")
    return made
