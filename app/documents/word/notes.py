"""Notes in a DOCX: paragraphs, lists, quotes, code and links."""

from collections.abc import Sequence
from itertools import count

import docx
from docx.shared import Mm, RGBColor
from docx.text.paragraph import Paragraph

from app.documents.notes import Block, Run
from app.documents.word import elements

LISTS = {"bullets": "List Bullet", "numbers": "List Number"}
INDENT = Mm(6)
LINK = RGBColor(0x0B, 0x53, 0x94)


class NoteWriter:
    """Every list counts from its own first number."""

    def __init__(self, file: docx.document.Document) -> None:
        self.file = file

    def write(self, found: Sequence[Block], style: str = "Normal", depth: int = 0) -> None:
        for block in found:
            self._block(block, style, depth)

    def _block(self, block: Block, style: str, depth: int) -> None:
        if block.kind in LISTS:
            self._list(block, depth)
        elif block.kind == "quote":
            self.write(block.blocks, "Quote", depth)
        else:
            _fill(self._paragraph(style, depth), block.runs)

    def _list(self, block: Block, depth: int) -> None:
        number_of_list = self._new_count(block.start) if block.kind == "numbers" else None
        for item in block.blocks:
            for place, part in zip(count(), item.blocks):
                if part.kind != "paragraph" or place:
                    self._block(part, "Normal", depth + 1)
                    continue
                paragraph = self._paragraph(LISTS[block.kind], depth)
                if number_of_list is not None:
                    numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                    numbering.get_or_add_ilvl().val = 0
                    numbering.get_or_add_numId().val = number_of_list
                _fill(paragraph, part.runs)

    def _paragraph(self, style: str, depth: int) -> Paragraph:
        paragraph = elements.paragraph(self.file, style)
        if depth:
            paragraph.paragraph_format.left_indent = INDENT * (depth + 1)
        return paragraph

    def _new_count(self, start: int) -> int:
        style = self.file.styles[LISTS["numbers"]]
        numbering = self.file.part.numbering_part.element
        number = style.element.pPr.numPr.numId.val
        original = numbering.num_having_numId(number)
        fresh = numbering.add_num(original.abstractNumId.val)
        fresh.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(fresh.numId)


def _fill(paragraph: Paragraph, runs: Sequence[Run]) -> None:
    for run in runs:
        if run.address:
            made = elements.link_to(paragraph, run.address, run.text)
            made.font.color.rgb, made.font.underline = LINK, True
        else:
            made = paragraph.add_run(run.text)
        made.bold, made.italic = run.strong or None, run.emphasis or None
        if run.code:
            made.font.name = "DejaVu Sans Mono"
