"""Tables that a page shows whole, sorted, narrowed and downloaded as they stand on it.

`{% call whole_table(key, caption, columns) %}<tr>...</tr>{% endcall %}` hands its rows over as they
are drawn, and their cells are what is sorted by and what a file holds: a day as `marks.day` draws
it is that day, figures are a number, anything else the words that are read. A `data-order` of a
cell is what to sort it by instead. A column without a
heading holds buttons: nothing is sorted by it, and it is in no file.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser

from flask import abort, request
from markupsafe import Markup

from app.core.markings import Marking, highest_read
from app.core.table_files import Cell
from app.web.access import DOWNLOAD
from app.web.tables import Column, Table, file_of

ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
DAYS = {"time": "datetime", "span": "data-day"}
LESS = re.compile(r"\d{4}(-\d\d)?|\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d")  # a month, a year, some days
FIGURE = re.compile(r"-?\d+")
UNSEEN = frozenset({"svg", "button", "form", "summary"})
BREAKS = frozenset({"br", "p", "li", "div", "dt", "dd"})

Heading = str | tuple[str, str]
"""Its words, or those and a class: `num` for figures."""


@dataclass(frozen=True, slots=True)
class DrawnRow:
    html: Markup
    cells: tuple[Cell, ...]
    order: tuple[str, ...]


class _Cells(HTMLParser):
    """The cells of one row: what is read in them, and the day that they give."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.days: list[str] = []
        self.order: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th"):
            self.words.append("")
            self.days.append("")
            self.order.append(dict(attrs).get("data-order") or "")
        elif tag in UNSEEN:
            self.unseen += 1
        elif self.words and tag in DAYS:
            self.days[-1] = self.days[-1] or dict(attrs).get(DAYS[tag]) or ""
        elif self.words and tag in BREAKS:
            self.words[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self.unseen -= 1

    def handle_data(self, data: str) -> None:
        if self.words and not self.unseen:
            self.words[-1] += data


def drawn_table(
    key: str, caption: str, columns: Sequence[Heading], body: Markup
) -> Table[DrawnRow]:
    """Where the address asks for it as a file, that is the answer, and the page ends here."""
    named = [(column, "") if isinstance(column, str) else column for column in columns]
    rows = [_row(Markup(html), named) for html in ROW.findall(body)]  # noqa: S704 - drawn by us
    told = [
        Column(str(n), heading, _value(n, rows), is_number=kind == "num", order=_order(n, rows))
        for n, (heading, kind) in enumerate(named)
    ]
    table = Table(key, caption, told, rows, _marking, prefix=f"{key}-")
    asked, _, kind = request.args.get(DOWNLOAD, "").partition(".")
    if asked == key:
        abort(file_of(table, kind))
    return table


def _marking() -> Marking:
    """The highest of all that the page has read so far."""
    return highest_read(Marking.GREEN)


def _row(html: Markup, columns: Sequence[tuple[str, str]]) -> DrawnRow:
    parser = _Cells()
    parser.feed(html)
    cells = [
        _cell(" ".join(words.split()), day)
        for words, day in zip(parser.words, parser.days, strict=True)
    ]
    lacking = len(columns) - len(cells)
    return DrawnRow(html, (*cells, *[None] * lacking), (*parser.order, *[""] * lacking))


def _cell(words: str, day: str) -> Cell:
    if FIGURE.fullmatch(words):
        return int(words)
    if LESS.fullmatch(day):
        return day
    try:
        return date.fromisoformat(day) if day else words or None
    except ValueError:
        return words or None


def _value(number: int, rows: Sequence[DrawnRow]) -> Callable[[DrawnRow], Cell]:
    """The cell of a row; words in all of them where not all are of one kind."""
    kinds = {type(row.cells[number]) for row in rows} - {type(None)}
    if len(kinds) < 2:
        return lambda row: row.cells[number]
    return lambda row: None if row.cells[number] is None else str(row.cells[number])


def _order(number: int, rows: Sequence[DrawnRow]) -> Callable[[DrawnRow], Cell] | None:
    said = any(row.order[number] for row in rows)
    return (lambda row: row.order[number] or None) if said else None
