"""What a file says, read by whatever did not write it."""

import io

import docx
from icalendar import Calendar
from pypdf import PdfReader


def text_of(body: bytes, file: str) -> str:
    if file.endswith("pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if file.endswith("docx"):
        return docx_text(body)
    if file.endswith("ics"):
        read = Calendar.from_ical(body)
        return "\n".join(str(value) for event in read.events for value in event.values())
    return body.decode()


def docx_text(body: bytes) -> str:
    file = docx.Document(io.BytesIO(body))
    page = file.sections[0]
    parts = [*page.header.paragraphs, *file.paragraphs, *page.footer.paragraphs]
    cells = [cell for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join(part.text for part in [*parts, *cells])
