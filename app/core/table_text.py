"""Text in cells of CSV and XLSX files, where a spreadsheet could take it for a formula."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""The wide ones count where a spreadsheet is set to an East Asian language."""


def cell(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would compute, and before what would
    else look as if it had got one."""
    return f"'{text}" if text.lstrip("'").startswith(STARTS_A_FORMULA) else text


def without_mark(text: str) -> str:
    """The text of a cell as it was before `cell` put an apostrophe there."""
    is_marked = text.startswith("'") and text.lstrip("'").startswith(STARTS_A_FORMULA)
    return text[1:] if is_marked else text
