"""Rows of a table as CSV and XLSX files."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook

from app.core.table_text import cell

Cell = str | int | float | Decimal | date | None
"""None: not known, an empty cell."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""
WIDEST = 60


def as_csv(
    headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, byte_order_mark: bool = False
) -> str:
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([cell(heading) for heading in headings])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return (BYTE_ORDER_MARK if byte_order_mark else "") + file.getvalue()


def as_xlsx(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    note: str,
    made_at: datetime,
) -> bytes:
    """One sheet. `note` stands in the head and the foot of every printed page."""
    file = BytesIO()
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": title, "comments": note, "created": made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    escaped = note.replace("&", "&&")
    sheet.set_header(f"&R{escaped}")
    sheet.set_footer(f"&L{escaped}&R&P / &N")
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, min(max(len(heading) + 4, 14), WIDEST))
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, day)
    book.close()
    return file.getvalue()


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return cell(value) if isinstance(value, str) else str(value)


def _write(sheet: Any, row: int, column: int, value: Cell, day: Any) -> None:
    """Text is always written as text: nothing in it is computed or becomes a link."""
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, value)
