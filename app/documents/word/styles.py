"""The styles, fonts and paper of a DOCX."""

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Inches, Mm, Pt, RGBColor

from app.documents.document import A4, LETTER, Document
from app.documents.word.elements import element

LATIN, ARABIC = "Noto Sans", "Noto Sans Arabic"
EAST_ASIAN = {"ko": "Noto Sans CJK KR"}
JAPANESE = "Noto Sans CJK JP"
INK = RGBColor(0x16, 0x20, 0x2B)
PAPERS = {A4: (Mm(210), Mm(297)), LETTER: (Inches(8.5), Inches(11))}
SIZES = {"Title": 20, "Subtitle": 11, "TOC Heading": 13, "Heading 1": 13, "Heading 2": 11}


def prepare(file: docx.document.Document, document: Document, paper: str) -> None:
    page = file.sections[0]
    page.page_width, page.page_height = PAPERS[paper]
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin, page.bottom_margin = Mm(25), Mm(25)
    normal = file.styles["Normal"]
    normal.font.size = Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    for name, size in SIZES.items():
        style = file.styles[name]
        style.font.size, style.font.color.rgb = Pt(size), INK
        style.font.bold, style.font.italic = True, False
    for name in ("Normal", *SIZES):
        _set_fonts(file.styles[name], document.language)
    file.styles["Title"].paragraph_format.space_after = Pt(4)
    for level in (1, 2):
        made = file.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = normal
        made.paragraph_format.left_indent = Mm(6) * (level - 1)
        made.paragraph_format.space_after = Pt(1)
    _set_language(file, document.language)


def set_direction(file: docx.document.Document) -> None:
    """Every paragraph and run from right to left."""
    for paragraph in file.element.body.iter(qn("w:p")):
        paragraph.get_or_add_pPr().append(element("bidi"))
    for run in file.element.body.iter(qn("w:r")):
        run.get_or_add_rPr().append(element("rtl"))


def _set_fonts(style: docx.styles.style.BaseStyle, language: str) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    east_asian = EAST_ASIAN.get(language.partition("-")[0], JAPANESE)
    for kind, font in (
        ("ascii", LATIN),
        ("hAnsi", LATIN),
        ("cs", ARABIC),
        ("eastAsia", east_asian),
    ):
        fonts.set(qn(f"w:{kind}"), font)


def _set_language(file: docx.document.Document, language: str) -> None:
    defaults = file.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for found in defaults.findall(qn("w:lang")):
        defaults.remove(found)
    defaults.append(element("lang", val=language, eastAsia=language, bidi=language))
