"""Tables that sort, filter, page and download, all by their address.

`?sort=KEY` or `-KEY`, `?find=TEXT`, `?page=N`; `?download=TABLE.csv`, `TABLE.bom.csv` (for
spreadsheets that need a byte-order mark) or `TABLE.xlsx` answers the whole table as a file, sorted
and narrowed as it is. Where a page has several, all but the first carry a `prefix`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

from flask import Response, abort, request

from app.core.markings import Marking
from app.core.permissions import Actor
from app.core.table_files import Cell, as_csv, as_xlsx
from app.web.access import DOWNLOAD, actor
from app.web.day import as_of, here, now, says_today
from app.web.paging import Pages, asked_page

Row = TypeVar("Row")

KINDS = {
    "csv": "text/csv",
    "bom.csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_TEXT = 200
PAGE_SIZE = 50
FIGURES = re.compile(r"(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """`value` is what the cell says, for filtering and files, and for sorting where `order` does
    not say otherwise."""

    key: str
    heading: str
    value: Callable[[Row], Cell]
    is_number: bool = False
    order: Callable[[Row], Cell] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A column as it stands over the table. `sorted` is what aria-sort says."""

    text: str
    url: str
    sorted: str
    is_number: bool


@dataclass(frozen=True)
class Table(Generic[Row]):
    """`marking` gives the highest marking of what is in it; asked only for files."""

    key: str
    caption: str
    columns: Sequence[Column[Row]]
    all_rows: Sequence[Row]
    marking: Callable[[], Marking] = field(default=lambda: Marking.GREEN)
    prefix: str = ""
    size: int = PAGE_SIZE

    @property
    def find(self) -> str:
        return request.args.get(f"{self.prefix}find", "").strip()[:LONGEST_TEXT]

    @property
    def sort(self) -> str:
        return request.args.get(f"{self.prefix}sort", "")

    @cached_property
    def found(self) -> list[Row]:
        """Sorted and narrowed, whole."""
        text = self.find.casefold()
        rows = [row for row in self.all_rows if not text or self._says(row, text)]
        column = next((c for c in self.columns if c.key == self.sort.lstrip("-")), None)
        if column is None:
            return rows
        value = column.order or column.value
        known = [row for row in rows if value(row) is not None]
        known.sort(key=lambda row: _rank(value(row)), reverse=self.sort.startswith("-"))
        return known + [row for row in rows if value(row) is None]

    @cached_property
    def pages(self) -> Pages:
        name = f"{self.prefix}page"
        return Pages(asked_page(name), self.size, len(self.found), name)

    @property
    def rows(self) -> list[Row]:
        return self.found[max(self.pages.first - 1, 0) : self.pages.last]

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    @property
    def is_long(self) -> bool:
        """Long enough to be worth a box to filter it by."""
        return len(self.all_rows) > 8 or bool(self.find)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form of the filter keeps of the address."""
        own = {f"{self.prefix}find", f"{self.prefix}page", *(["as_of"] if says_today() else [])}
        return [(name, v) for name, v in request.args.items(multi=True) if name not in own]

    def file_url(self, kind: str) -> str:
        return here(**{DOWNLOAD: f"{self.key}.{kind}"})

    def _says(self, row: Row, text: str) -> bool:
        return any(text in str(column.value(row)).casefold() for column in self.columns)

    def _head(self, column: Column[Row]) -> Head:
        is_sorted = self.sort.lstrip("-") == column.key
        is_falling = is_sorted and self.sort.startswith("-")
        # Figures are of interest from the largest down, names from A.
        falling_first = column.is_number
        falls_next = not is_falling if is_sorted else falling_first
        url = here(
            **{
                f"{self.prefix}sort": f"-{column.key}" if falls_next else column.key,
                f"{self.prefix}page": None,
            }
        )
        state = ("descending" if is_falling else "ascending") if is_sorted else ""
        return Head(column.heading, url, state, column.is_number)


def reader() -> Actor:
    """Who reads a page that can be asked for as a file; `actor` heeds whether it is."""
    return actor()


def download(*tables: Table[Any], drawn: Sequence[str] = ()) -> Response | None:
    """The file that the address asks for; None where it asks for none, and for the tables that
    the page hands over as it draws them."""
    asked = request.args.get(DOWNLOAD)
    if asked is None:
        return None
    key, _, kind = asked.partition(".")
    table = next((table for table in tables if table.key == key), None)
    if key in drawn:
        return None
    if table is None:
        abort(404)
    return file_of(table, kind)


def file_of(table: Table[Any], kind: str) -> Response:
    if kind not in KINDS:
        abort(404)
    marking = table.marking()
    named = [column for column in table.columns if column.heading]
    headings = [column.heading for column in named]
    rows = ([column.value(row) for column in named] for row in table.found)
    content: str | bytes
    if kind == "xlsx":
        note = f"{table.caption} · {as_of().day.isoformat()} · {marking.label}"
        content = as_xlsx(table.caption, headings, rows, note=note, made_at=now())
    else:
        # A CSV file has no margin to write on: each row says how it is marked.
        marked = ([*row, marking.label] for row in rows)
        content = as_csv([*headings, "TLP"], marked, byte_order_mark=kind == "bom.csv")
    response = Response(content, mimetype=KINDS[kind])
    name = f"{table.key}-{as_of().day.isoformat()}-{marking.label.replace(':', '-')}"
    ending = kind.rpartition(".")[2]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _rank(value: Cell) -> Any:
    if isinstance(value, str):
        # "part 2" before "part 10": words and figures take turns, beginning with words.
        parts = FIGURES.split(value.casefold())
        return [int(part) if n % 2 else part for n, part in enumerate(parts)]
    if isinstance(value, date | datetime | Decimal):
        return value
    return value or 0
