"""Markdown that people write: safe as HTML, and one block wherever it is written out again.

mistune and html5lib are the independent readers; neither shares code with what is tested.
"""

import html5lib
import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.markdown import escaped, normal, site_links, to_html

DANGEROUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](https://example.org/pixel.png)",
    "<a href='https://example.org' onclick='x()'>x</a>",
    '[x](https://example.org "onmouseover=alert(1)")',
    "<https://example.org/?a=<b>>",
    "`<b>`\n\n    <b>code</b>",
    "# A heading\n\nAnother\n=======\n\n***\n",
    "[x]: javascript:alert(1)\n\n[x]",
]
ALLOWED = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "blockquote"}
marks = st.text(
    st.sampled_from("ab \n#*_`[]()<>!-+1.&;~=|\\/:\"'") | st.characters(exclude_categories=["C"]),
    max_size=60,
)
independent = mistune.create_markdown(escape=False)


def elements(html: str) -> set[str]:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return {node.tag for node in tree.iter() if isinstance(node.tag, str)} - {"DOCUMENT_FRAGMENT"}


def hrefs(html: str) -> set[str]:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return {node.get("href", "") for node in tree.iter("a")}


def attributes(html: str) -> set[str]:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return {name for node in tree.iter() for name in node.attrib}


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_that_could_run_or_load_comes_through(text: str) -> None:
    html = to_html(text)
    assert elements(html) <= ALLOWED
    assert attributes(html) <= {"href", "rel", "start", "title"}
    assert all(href.startswith(("http://", "https://", "mailto:", "/")) for href in hrefs(html))


@given(marks)
def test_only_what_is_allowed_ever_comes_through(text: str) -> None:
    html = to_html(text)
    assert elements(html) <= ALLOWED
    assert attributes(html) <= {"href", "rel", "start", "title"}


@pytest.mark.parametrize("text", DANGEROUS)
def test_written_out_again_it_holds_no_html_for_another_reader(text: str) -> None:
    html = str(independent(normal(text)))
    assert elements(html) <= ALLOWED
    assert attributes(html) <= {"href", "title", "start"}


@given(marks)
def test_written_out_again_it_says_the_same(text: str) -> None:
    assert to_html(normal(text)) == to_html(text)


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30))
def test_an_escaped_title_is_shown_as_it_is_after_a_number(title: str) -> None:
    tree = html5lib.parseFragment(
        str(independent(f"### 1. {escaped(title)}")), namespaceHTMLElements=False
    )
    headings = list(tree.iter("h3"))
    assert ["".join(heading.itertext()) for heading in headings] == [f"1. {title}"]


def test_a_link_within_the_site_becomes_its_text_where_it_would_lead_nowhere() -> None:
    text = "See [the *tools*](/deliverables/joint-tools) and [the report](https://example.org/r)."
    assert hrefs(to_html(text, site_links=False)) == {"https://example.org/r"}
    assert normal(text, site_links=False) == (
        "See the *tools* and [the report](https://example.org/r)."
    )


def test_links_within_the_site_are_found_in_order() -> None:
    text = "- [b](/b)\n- [a](/a) and [out](//example.org) and [away](https://example.org/a)"
    assert site_links(text) == ("/b", "/a")
