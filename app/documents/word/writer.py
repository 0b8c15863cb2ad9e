"""Writing a document as DOCX, part by part."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import docx
from docx.enum.table import WD_TABLE_DIRECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from app.core.markings import Marking
from app.documents.document import A4, Document, DocumentItem, Table
from app.documents.notes import blocks
from app.documents.word import elements
from app.documents.word.notes import NoteWriter
from app.documents.word.styles import prepare, set_direction

COLOURS = {
    Marking.CLEAR: RGBColor(0xFF, 0xFF, 0xFF),
    Marking.GREEN: RGBColor(0x33, 0xFF, 0x00),
    Marking.AMBER: RGBColor(0xFF, 0xC0, 0x00),
    Marking.AMBER_STRICT: RGBColor(0xFF, 0xC0, 0x00),
}
SOFT = RGBColor(0x4B, 0x58, 0x66)
NO_DAY = datetime(1980, 1, 1, tzinfo=UTC)
"""For what has no day of its own: the first that a ZIP file can name."""


def word(document: Document, paper: str = A4) -> bytes:
    """The same document is the same bytes."""
    file = docx.Document()
    prepare(file, document, paper)
    _describe(file, document)
    _mark_pages(file, document)
    _head(file, document)
    _contents(file, document)
    bookmarks, notes = count(), NoteWriter(file)
    for section in document.sections:
        _heading(file, section.title, 1, bookmarks)
        for number, item in enumerate(section.items, 1):
            _item(file, number, item, bookmarks, notes)
    for table in document.tables:
        _heading(file, table.title, 1, bookmarks)
        _table(file, table, document)
    if document.direction == "rtl":
        set_direction(file)
    return _packed(file)


def _describe(file: docx.document.Document, document: Document) -> None:
    made_at = (document.made_at or NO_DAY).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about = file.core_properties
    about.title = f"{document.title} – {document.state}"[:255]
    about.author = about.last_modified_by = document.network[:255]
    about.subject, about.comments = document.marking.label, ""
    about.language = document.language
    about.created = about.modified = made_at
    about.revision = 1


def _mark_pages(file: docx.document.Document, document: Document) -> None:
    page = file.sections[0]
    _label(page.header.paragraphs[0], document.marking)
    _label(page.footer.paragraphs[0], document.marking)
    numbers = page.footer.add_paragraph()
    elements.field(numbers, "PAGE", "1")
    numbers.add_run(" / ")
    elements.field(numbers, "NUMPAGES", "1")


def _label(paragraph: Paragraph, marking: Marking) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(f" {marking.label} ")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(12), COLOURS[marking]
    run._r.get_or_add_rPr().append(
        elements.element("shd", val="clear", color="auto", fill="000000")
    )


def _head(file: docx.document.Document, document: Document) -> None:
    if document.network:
        file.add_paragraph(document.network).runs[0].font.color.rgb = SOFT
    elements.paragraph(file, "Title", document.title)
    elements.paragraph(file, "Subtitle", document.state)
    for name, value in document.facts:
        paragraph = file.add_paragraph()
        paragraph.add_run(f"{name}: ").font.color.rgb = SOFT
        paragraph.add_run(value)


def _contents(file: docx.document.Document, document: Document) -> None:
    """The table of contents with its entries in place: each leads to the bookmark that the heading
    in the same place has."""
    entries = _entries(document)
    elements.paragraph(file, "TOC Heading", document.contents)
    paragraphs = [elements.paragraph(file, f"toc {level}") for level, _text in entries]
    for number, (paragraph, (_level, text)) in enumerate(zip(paragraphs, entries, strict=True)):
        if number == 0:
            elements.begin_field(paragraph, r'TOC \o "1-2" \h \z \u')
        elements.link_to_bookmark(paragraph, elements.bookmark_name(number), text)
    if paragraphs:
        elements.end_field(paragraphs[-1])


def _entries(document: Document) -> list[tuple[int, str]]:
    entries = []
    for section in document.sections:
        entries.append((1, section.title))
        entries += [(2, f"{n}. {item.title}") for n, item in enumerate(section.items, 1)]
    return entries + [(1, table.title) for table in document.tables]


def _heading(file: docx.document.Document, text: str, level: int, bookmarks: Iterator[int]) -> None:
    elements.bookmark(elements.paragraph(file, f"Heading {level}", text), next(bookmarks))


def _item(
    file: docx.document.Document,
    number: int,
    item: DocumentItem,
    bookmarks: Iterator[int],
    notes: NoteWriter,
) -> None:
    _heading(file, f"{number}. {item.title}", 2, bookmarks)
    # Not kept with the note: LibreOffice then moves item and note to the next page, fit or not.
    details = file.add_paragraph(item.details)
    for run in details.runs:
        run.font.color.rgb = SOFT
    notes.write(blocks(item.note))


def _table(file: docx.document.Document, table: Table, document: Document) -> None:
    made = file.add_table(rows=0, cols=len(table.head), style="Table Grid")
    for row in (table.head, *table.rows):
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text
    for row in made.rows:
        row._tr.get_or_add_trPr().append(elements.element("cantSplit"))
    made.rows[0]._tr.get_or_add_trPr().append(elements.element("tblHeader"))
    for cell in made.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    if document.direction == "rtl":
        made.table_direction = WD_TABLE_DIRECTION.RTL


def _packed(file: docx.document.Document) -> bytes:
    """Saved again with the same day on every part of the archive."""
    first, second = io.BytesIO(), io.BytesIO()
    file.save(first)
    with zipfile.ZipFile(first) as read, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as out:
        for name in read.namelist():
            part = zipfile.ZipInfo(name, NO_DAY.timetuple()[:6])
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            out.writestr(part, read.read(name))
    return second.getvalue()
