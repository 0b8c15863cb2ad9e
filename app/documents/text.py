"""A document as Markdown, and as plain text for places that know no markup."""

from app.core.markdown import escaped, normal
from app.documents.document import Document, DocumentItem, Table


def markdown(document: Document) -> bytes:
    """CommonMark in which no text of a title or a note is anything but text of its place. Tables
    are as GitHub writes them; a reader that does not know them shows their lines."""
    label = f"**{document.marking.label}**"
    parts = [label, f"# {escaped(document.title)}", f"**{escaped(document.state)}**"]
    parts.append("\n".join(f"- {escaped(n)}: {escaped(v)}" for n, v in document.facts))
    for section in document.sections:
        parts.append(f"## {escaped(section.title)}")
        for number, item in enumerate(section.items, 1):
            parts += _markdown_item(number, item)
    for table in document.tables:
        parts += [f"## {escaped(table.title)}", _markdown_table(table)]
    return ("\n\n".join(part for part in [*parts, label] if part) + "\n").encode()


def plain(document: Document) -> str:
    """Its headings and what stands under each, without the notes."""
    lines = [document.marking.label, document.state]
    for section in document.sections:
        lines += ["", section.title]
        for number, item in enumerate(section.items, 1):
            lines.append(f"{number}. {item.title} ({item.details})")
    return "\n".join(lines)


def _markdown_item(number: int, item: DocumentItem) -> list[str]:
    details = f"*{escaped(item.details)}*"
    note = normal(item.note, site_links=False)
    return [f"### {number}. {escaped(item.title)}", details, note]


def _markdown_table(table: Table) -> str:
    rule = "|" + " --- |" * len(table.head)
    return "\n".join([_row(table.head), rule, *(_row(row) for row in table.rows)])


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"
