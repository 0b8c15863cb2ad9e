"""Contributions as a table that sorts, filters and downloads."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.contributions.models import Conversion
from app.contributions.queries import ContributionRow
from app.core.markings import highest
from app.web.labels import label
from app.web.languages import day_text, number, territory
from app.web.tables import Column, Table


def contributions_table(rows: Sequence[ContributionRow]) -> Table[ContributionRow]:
    return Table(
        "contributions",
        _("Contributions"),
        (
            Column("given", _("Given"), lambda row: row.given.given_on),
            Column("member", _("Member"), lambda row: territory(row.member_code, row.member_name)),
            Column("kind", _("Kind"), lambda row: label(row.given.kind)),
            Column("amount", _("Amount"), lambda row: row.given.amount, is_number=True),
            Column("unit", _("Unit or currency"), lambda row: row.unit),
            Column("stated", _("Stated conversion"), lambda row: stated(row.given.conversion)),
            Column("about", _("What for"), lambda row: row.given.about),
            Column("priority", _("Priority"), lambda row: _title(row.priority)),
            Column("deliverable", _("Deliverable"), lambda row: _title(row.deliverable)),
            Column("source", _("Source"), _source),
            Column("marking", _("Marking"), lambda row: row.given.marking.label),
        ),
        rows,
        marking=lambda: highest(row.given.marking for row in rows),
    )


def shown_table(rows: Sequence[ContributionRow]) -> Table[ContributionRow]:
    """The same as it fits a page: fewer columns, and nothing that the file does not say."""
    return Table(
        "contributions",
        _("Contributions"),
        (
            Column("given", _("Given"), lambda row: row.given.given_on),
            Column("member", _("Member"), lambda row: territory(row.member_code, row.member_name)),
            Column("kind", _("Kind"), lambda row: label(row.given.kind)),
            Column("amount", _("Amount"), lambda row: row.given.amount, is_number=True),
            Column("about", _("What for"), _words),
            Column("priority", _("Priority and deliverable"), _related),
            Column("marking", _("Marking"), lambda row: row.given.marking.label),
        ),
        rows,
    )


def _words(row: ContributionRow) -> str:
    parts = (row.given.about, row.unit, stated(row.given.conversion), _source(row))
    return " ".join(part for part in parts if part)


def _related(row: ContributionRow) -> str:
    return f"{_title(row.priority)} {_title(row.deliverable)}".strip()


def stated(conversion: Conversion | None) -> str:
    """A conversion with everything that it rests on."""
    if conversion is None:
        return ""
    return _(
        "%(currency)s %(amount)s at %(rate)s on %(day)s (%(source)s)",
        currency=conversion.currency,
        amount=number(conversion.amount),
        rate=number(conversion.rate.normalize()),
        day=day_text(conversion.rate_on),
        source=conversion.rate_source,
    )


def _title(thing: object) -> str:
    return getattr(thing, "title", "")


def _source(row: ContributionRow) -> str:
    source = row.given.source
    return " ".join(part for part in (source.title, source.url) if part) if source else ""
