"""What PDF/UA-1 asks of the structure, looked up in the file itself: no checker of it can be had as
a package that does more than `outloud` does."""

import io
from collections.abc import Iterator
from itertools import pairwise

import pytest
from long_agenda import document
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from app.documents.document import A4, LETTER
from app.documents.pdf import pdf

STANDARD = {
    *("/Document", "/P", "/H1", "/H2", "/H3", "/L", "/LI", "/Lbl", "/LBody", "/BlockQuote"),
    *("/Code", "/Span", "/Strong", "/Em", "/Link", "/Table", "/THead", "/TBody", "/TR", "/TH"),
    *("/TD", "/Figure", "/Div", "/NonStruct"),
}
WITHIN = {
    "/LI": {"/L"},
    "/Lbl": {"/LI"},
    "/LBody": {"/LI"},
    "/THead": {"/Table"},
    "/TBody": {"/Table"},
    "/TR": {"/Table", "/THead", "/TBody"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
}
Element = DictionaryObject


@pytest.fixture(scope="module", params=[A4, LETTER])
def reader(request: pytest.FixtureRequest) -> PdfReader:
    return PdfReader(io.BytesIO(pdf(document(), request.param)))


@pytest.fixture(scope="module")
def elements(reader: PdfReader) -> list[tuple[Element, str]]:
    """Every element of the structure in its order, each with the kind of what it stands in."""
    root = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    return list(walked(root["/K"], ""))


def walked(found: object, above: str) -> Iterator[tuple[Element, str]]:
    found = found.get_object() if hasattr(found, "get_object") else found
    if isinstance(found, list):
        for each in found:
            yield from walked(each, above)
    elif isinstance(found, DictionaryObject) and "/S" in found:
        yield found, above
        yield from walked(found.get("/K"), str(found["/S"]))


def attributes(element: Element) -> dict[str, object]:
    given = element.get("/A")
    listed = given.get_object() if given is not None else []
    parts = listed if isinstance(listed, list) else [listed]
    return {name: value for part in parts for name, value in part.get_object().items()}


def test_every_element_is_of_a_kind_that_readers_know_and_in_its_place(
    elements: list[tuple[Element, str]], reader: PdfReader
) -> None:
    roles = reader.trailer["/Root"]["/StructTreeRoot"].get("/RoleMap", {})  # type: ignore[index]
    kinds = {str(element["/S"]) for element, _above in elements}
    assert {str(roles.get(kind, kind)) for kind in kinds} <= STANDARD
    misplaced = [
        (str(element["/S"]), above)
        for element, above in elements
        if above not in WITHIN.get(str(element["/S"]), {above})
    ]
    assert misplaced == []


def test_headings_begin_at_the_first_level_and_skip_none(
    elements: list[tuple[Element, str]],
) -> None:
    kinds = [str(element["/S"]) for element, _above in elements]
    levels = [int(kind[2]) for kind in kinds if kind in {"/H1", "/H2", "/H3"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert len(levels) == 63
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_the_head_of_a_table_says_of_what_it_is_the_head(
    elements: list[tuple[Element, str]],
) -> None:
    heads = [element for element, _above in elements if element["/S"] == "/TH"]
    assert len(heads) == 3
    assert {str(attributes(head)["/Scope"]) for head in heads} <= {"/Column", "/Row", "/Both"}
    ids = {head["/ID"] for head in heads}
    cells = [element for element, _above in elements if element["/S"] == "/TD"]
    assert len(cells) == 6
    for cell in cells:
        assert {bytes(each.original_bytes) for each in attributes(cell)["/Headers"]} <= {  # type: ignore[attr-defined]
            bytes(each.original_bytes) for each in ids
        }


def test_what_is_no_text_is_described(elements: list[tuple[Element, str]]) -> None:
    kinds = {str(element["/S"]) for element, _above in elements}
    undescribed = [e for e, _ in elements if e["/S"] == "/Figure" and not e.get("/Alt")]
    assert undescribed == []
    assert "/Formula" not in kinds


def test_one_goes_through_a_page_in_the_order_of_its_structure(reader: PdfReader) -> None:
    for page in reader.pages:
        assert page["/Tabs"] == "/S"
        assert "/StructParents" in page
        for each in page.get("/Annots", []):
            link = each.get_object()
            assert link["/Subtype"] == "/Link"
            assert "/StructParent" in link
            assert link.get("/Contents"), "a link that does not say where it leads"


def test_it_names_title_language_and_standard(reader: PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert "true" not in str(root["/MarkInfo"].get("/Suspects", "")).lower()  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True  # type: ignore[index]
    assert root["/Lang"] == "en"  # type: ignore[index]
    assert "/ParentTree" in root["/StructTreeRoot"]  # type: ignore[index]
    told = root["/Metadata"].get_object().get_data().decode()  # type: ignore[index]
    assert "<pdfuaid:part>1</pdfuaid:part>" in told
    assert "<dc:title>" in told
    assert "Plenary 総会" in told


def test_all_that_is_drawn_is_content_or_decoration(reader: PdfReader) -> None:
    """No text is shown outside of marked content."""
    for page in reader.pages:
        depth = 0
        for _operands, operator in page.get_contents().operations:  # type: ignore[union-attr]
            if operator in {b"BMC", b"BDC"}:
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in {b"Tj", b"TJ", b"'", b'"', b"Do"}:
                assert depth > 0, operator
        assert depth == 0
