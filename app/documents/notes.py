"""A note's Markdown as blocks of text, for formats that are not made of marked-up text."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from app.core.markdown import SCHEMES, tokens

_BLOCKS = {
    "paragraph": "paragraph",
    "bullet_list": "bullets",
    "ordered_list": "numbers",
    "list_item": "item",
    "blockquote": "quote",
    "fence": "code",
    "code_block": "code",
}


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one manner; `address` is where it leads, if anywhere."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or code has runs; a list has items; items and quotes have blocks."""

    kind: str
    runs: tuple[Run, ...] = ()
    blocks: tuple["Block", ...] = ()
    start: int = 1


def blocks(note: str) -> tuple[Block, ...]:
    """Without links into the site: what leaves it does not lead back to pages by bare path."""
    found: Sequence[Token] = tokens(note, site_links=False)
    return tuple(_block(node) for node in SyntaxTreeNode(found).children)


def as_data(found: Sequence[Block]) -> list[dict[str, Any]]:
    return [asdict(block) for block in found]


def _block(node: SyntaxTreeNode) -> Block:
    kind = _BLOCKS.get(node.type, "paragraph")
    if kind == "code":
        return Block(kind, (Run(node.content.rstrip("\n"), code=True),))
    if kind == "paragraph":
        inline = node.children[0].children if node.children else []
        return Block(kind, tuple(run for child in inline for run in _runs(child, Run(""))))
    start = node.attrs.get("start", 1)
    return Block(kind, (), tuple(_block(each) for each in node.children), int(start))


def _runs(node: SyntaxTreeNode, manner: Run) -> list[Run]:
    if node.type in {"softbreak", "hardbreak"}:
        return [_said(manner, "\n" if node.type == "hardbreak" else " ")]
    if node.type == "code_inline":
        return [Run(node.content, manner.strong, manner.emphasis, True, manner.address)]
    if not node.children:
        return [_said(manner, node.content)]
    within = _manner(node, manner)
    return [run for child in node.children for run in _runs(child, within)]


def _manner(node: SyntaxTreeNode, manner: Run) -> Run:
    address = manner.address
    if node.type == "link":
        href = str(node.attrs.get("href", ""))
        address = href if href.partition(":")[0].lower() in SCHEMES else ""
    strong, emphasis = manner.strong or node.type == "strong", manner.emphasis or node.type == "em"
    return Run("", strong, emphasis, manner.code, address)


def _said(manner: Run, text: str) -> Run:
    return Run(text, manner.strong, manner.emphasis, manner.code, manner.address)
