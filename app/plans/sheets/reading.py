"""A CSV or XLSX file as rows under their headings, or a sentence that says why it is none."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from app.core.errors import N_, Refused
from app.core.table_text import without_mark
from app.plans.sheets.xlsx import rows_of

Cell = str | int | float | bool | date | datetime | None

MOST_ROWS, MOST_COLUMNS, LONGEST = 10_000, 40, 20_000
LARGEST = 10 * 1024 * 1024
MARKING = "TLP"
"""The column that says how each row of a file from here is marked; it is not read back."""
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`line` is the row's number in the file, as a spreadsheet counts. `has_more`: also where there
    is no heading, as after a comma in a text that nobody put in quotes."""

    line: int
    cells: dict[str, Cell]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    headings: tuple[str, ...]
    rows: list[SheetRow] = field(default_factory=list)


def read_sheet(content: bytes, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    """Raises Refused for what is no table with these headings."""
    if len(content) > LARGEST:
        raise Refused(N_("The file is larger than %(most)s MB."), most=LARGEST // 1024 // 1024)
    if content.startswith(_OLD_EXCEL):
        raise Refused(N_("This is an old Excel file or has a password. Save it as XLSX or CSV."))
    if content.startswith(_ZIP) and _OPEN_DOCUMENT in content[:200]:
        raise Refused(N_("This is an OpenDocument file. Save it as XLSX or CSV."))
    if content.startswith(_ZIP):
        lines: Iterable[Sequence[Cell]] = rows_of(content, MOST_ROWS + 1, MOST_COLUMNS)
    else:
        lines = _of_csv(content)
    return _under_headings(lines, known, needed)


def _of_csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            N_("The file is not in UTF-8 (byte %(place)s). Save it as “CSV UTF-8”, or as XLSX."),
            place=error.start + 1,
        ) from None
    if "\0" in text:
        raise Refused(N_("This is no table: neither CSV nor XLSX."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for line in reader:
            yield [without_mark(value) for value in line]
    except csv.Error as error:
        raise Refused(
            N_("Line %(line)s of the file is no CSV: %(why)s."),
            line=reader.line_num,
            why=str(error),
        ) from None


def _separator(text: str) -> str:
    head: list[str] = []
    is_quoted = False
    for mark in text:
        if mark == '"':
            is_quoted = not is_quoted
        elif mark in "\r\n" and not is_quoted and head:
            break
        elif not is_quoted:
            head.append(mark)
    return max(_SEPARATORS, key=head.count)


def _under_headings(
    lines: Iterable[Sequence[Cell]], known: Sequence[str], needed: Sequence[str]
) -> Sheet:
    numbered = enumerate(lines, 1)
    first = next((line for _, line in numbered if _is_filled(line)), None)
    if first is None:
        raise Refused(N_("The file is empty."))
    headings = _headings(first, known, needed)
    sheet = Sheet(headings)
    for number, line in islice(numbered, MOST_ROWS * 10):
        if _is_filled(line):
            if len(sheet.rows) >= MOST_ROWS:
                raise Refused(N_("The file has more than %(most)s rows. Split it."), most=MOST_ROWS)
            has_more = _is_filled(line[len(headings) :])
            sheet.rows.append(SheetRow(number, _cells(headings, line), has_more))
    if not sheet.rows:
        raise Refused(N_("The file has headings, but no row."))
    return sheet


def _headings(line: Sequence[Cell], known: Sequence[str], needed: Sequence[str]) -> tuple[str, ...]:
    named = [str(cell or "").strip() for cell in line]
    while named and not named[-1]:
        named.pop()
    found = tuple(name if name == MARKING else name.lower() for name in named)
    strange = [name for name in found if name not in known and name != MARKING]
    if "" in strange:
        raise Refused(N_("Column %(place)s has no heading."), place=found.index("") + 1)
    if strange:
        raise Refused(
            N_("There is no column “%(name)s”. There are: %(listed)s."),
            name=strange[0][:80],
            listed=", ".join(known),
        )
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice:
        raise Refused(N_("The column “%(name)s” is there twice."), name=twice)
    missing = [name for name in needed if name not in found]
    if missing:
        raise Refused(N_("The column “%(name)s” is missing."), name=missing[0])
    return found


def _cells(headings: Sequence[str], line: Sequence[Cell]) -> dict[str, Cell]:
    cells = dict(zip(headings, line, strict=False))
    cells.pop(MARKING, None)
    return {name: value for name, value in cells.items() if _is_told(value)}


def _is_filled(line: Sequence[Cell]) -> bool:
    return any(_is_told(value) for value in line)


def _is_told(value: Cell) -> bool:
    return value is not None and str(value).strip() != ""
