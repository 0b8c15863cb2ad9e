"""Text in cells: nothing is computed by a spreadsheet, and what comes back is what went out."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.table_text import STARTS_A_FORMULA, cell, without_mark

TEXTS = st.text("'=+-@\t\r\n＝ a1", max_size=6)


@given(TEXTS)
def test_any_text_comes_back_as_it_went_out(text: str) -> None:
    assert without_mark(cell(text)) == text


@given(TEXTS)
def test_nothing_goes_out_that_a_spreadsheet_would_compute(text: str) -> None:
    assert not cell(text).startswith(STARTS_A_FORMULA)
