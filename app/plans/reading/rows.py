"""The section “rows” of a record: what people made on the site, table by table, as it was written.

Which tables and columns there are is for the database to say; here it is only checked that these
are rows of single values.
"""

from dataclasses import dataclass
from decimal import Decimal

from app.plans.reading.faults import N_, Report, phrase
from app.plans.reading.nodes import Broken, Mapping, Meaning, Node, Scalar, Sequence, is_null
from app.plans.reading.values import Placed

Value = str | int | Decimal | bool | None

_MOST_DIGITS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Placed):
    table: str
    values: dict[str, Value]


def read_rows(file: str, node: Node, report: Report) -> tuple[Row, ...] | None:
    """The rows in their order; None where the section could not be read."""
    if isinstance(node, Broken):
        return None
    if is_null(node):
        return ()
    if not isinstance(node, Mapping):
        says = phrase(N_("“rows” does not name tables."))
        report.add(file, node.line, says, phrase(N_("names of tables, each with a list of rows")))
        return None
    found: list[Row] = []
    for table, (line, rows) in node.pairs.items():
        if isinstance(rows, Sequence):
            found.extend(_row(file, table, item, report) for item in rows.items)
        elif not isinstance(rows, Broken):
            says = phrase(N_("“%(field)s” is no list."), field=table)
            report.add(file, line, says, phrase(N_("a list of rows")))
    return tuple(found)


def _row(file: str, table: str, node: Node, report: Report) -> Row:
    values: dict[str, Value] = {}
    if isinstance(node, Mapping):
        for name, (line, value) in node.pairs.items():
            if isinstance(value, Scalar):
                values[name] = _value(value)
            elif not isinstance(value, Broken):
                says = phrase(N_("“%(field)s” is a list or has fields."), field=name)
                report.add(file, line, says, phrase(N_("a single value")))
    elif not isinstance(node, Broken):
        says = phrase(N_("This is no row."))
        report.add(file, node.line, says, phrase(N_("columns with values, such as {name: value}")))
    return Row(file=file, line=node.line, table=table, values=values)


def _value(scalar: Scalar) -> Value:
    match scalar.meaning:
        case Meaning.NULL:
            return None
        case Meaning.BOOL:
            return scalar.truth
        case Meaning.NUMBER:
            return _number(scalar.text)
    return scalar.text


def _number(text: str) -> Value:
    if len(text) > _MOST_DIGITS:
        return text
    if text.lstrip("-").isdecimal() and text.isascii():
        return int(text)
    plain = text.replace(".", "", 1).lstrip("-")
    return Decimal(text) if plain.isdecimal() and plain.isascii() else text
