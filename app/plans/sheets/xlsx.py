"""The first sheet of an XLSX file, values only, within bounds.

A file says of itself how large it is when unpacked, and nothing reads further than it says: so its
word is enough to refuse what would unpack to more than we hold. Entities are refused by defusedxml.
"""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.utils.cell import range_boundaries

from app.core.errors import N_, Refused

Cell = str | int | float | bool | date | datetime | None

MOST_PARTS, MOST_UNPACKED, MOST_MERGED = 2000, 150 * 1024 * 1024, 20_000
_NO_SHEET = N_("The file cannot be read as XLSX. Save it anew, as XLSX or as CSV.")

Area = tuple[int, int, int, int]


def rows_of(content: bytes, most_rows: int, most_columns: int) -> Iterator[Sequence[Cell]]:
    """Every row from the first on, also empty ones. A cell within a merged area has the value of
    the area's first cell."""
    _check_size(content)
    try:
        yield from _rows(content, most_rows, most_columns)
    except Refused:
        raise
    except DefusedXmlException:
        raise Refused(N_("The file holds XML entities, which no spreadsheet writes.")) from None
    except Exception as error:
        raise Refused(_NO_SHEET) from error


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refused(_NO_SHEET) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(N_("The file unpacks to more than a table of this kind can hold."))


def _rows(content: bytes, most_rows: int, most_columns: int) -> Iterator[Sequence[Cell]]:
    book: Any = openpyxl.load_workbook(
        BytesIO(content), read_only=True, data_only=True, keep_links=False
    )
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of them is often wrong
        merged = _merged(content, sheet, most_rows, most_columns)
        kept: dict[tuple[int, int], Cell] = {}
        limits = {"max_col": most_columns, "max_row": most_rows * 10}
        for number, line in enumerate(sheet.iter_rows(values_only=True, **limits), 1):
            yield _filled(number, list(line), merged, kept)
    finally:
        book.close()


def _merged(content: bytes, sheet: Any, most_rows: int, most_columns: int) -> dict[int, list[Area]]:
    """Areas by row. A sheet that is only read does not tell them, so its part is read for them."""
    areas: dict[int, list[Area]] = {}
    with zipfile.ZipFile(BytesIO(content)) as packed, packed.open(sheet._worksheet_path) as part:
        count = 0
        for _, element in iterparse(part, forbid_dtd=True):
            if element.tag.endswith("}mergeCell"):
                bounds: Any = range_boundaries(element.get("ref"))
                left, top, right, bottom = bounds
                area = (left, top, min(right, most_columns), min(bottom, most_rows * 2))
                count += area[3] - area[1] + 1
                if count > MOST_MERGED:
                    raise Refused(N_("The file has more merged cells than we read."))
                for row in range(area[1], area[3] + 1):
                    areas.setdefault(row, []).append(area)
            if element.tag.endswith("}row"):
                element.clear()
    return areas


def _filled(
    number: int,
    line: list[Cell],
    merged: dict[int, list[Area]],
    kept: dict[tuple[int, int], Cell],
) -> list[Cell]:
    for left, top, right, _ in merged.get(number, ()):
        line.extend([None] * (right - len(line)))
        if number == top:
            kept[top, left] = line[left - 1]
        line[left - 1 : right] = [kept.get((top, left))] * (right - left + 1)
    return line
