"""A note's Markdown, taken apart for formats without markup."""

import pytest

from app.documents.notes import Block, Run, blocks


def test_text_keeps_its_manner_and_its_links() -> None:
    (found,) = blocks("a **b *c*** [d](https://x.example/) `e`")
    assert found.runs == (
        Run("a "),
        Run("b ", strong=True),
        Run("c", strong=True, emphasis=True),
        Run(" "),
        Run("d", address="https://x.example/"),
        Run(" "),
        Run("e", code=True),
    )


def test_lists_nest_and_count_from_their_first_number() -> None:
    (found,) = blocks("4. a\n   - b\n5. c")
    assert (found.kind, found.start) == ("numbers", 4)
    first, second = found.blocks
    assert [part.kind for part in first.blocks] == ["paragraph", "bullets"]
    assert second.blocks == (Block("paragraph", (Run("c"),)),)


@pytest.mark.parametrize(
    "note", ["[x](javascript:alert(1))", "[x](data:text/html,x)", "[x](/deliverables/y)", "[x](y)"]
)
def test_nothing_leads_anywhere_but_to_the_web(note: str) -> None:
    (found,) = blocks(note)
    assert [run.address for run in found.runs] == [""] * len(found.runs)
    assert "x" in "".join(run.text for run in found.runs)


def test_html_is_text() -> None:
    (found,) = blocks("<b>x</b>")
    assert "".join(run.text for run in found.runs) == "<b>x</b>"
