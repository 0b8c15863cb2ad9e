"""The size, the names and the manners that every file in app/ keeps to."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}

# A longer one stands here with its reason: "app/x.py": "why", "app/x.py:function": "why".
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)


def files(*suffixes: str) -> list[Path]:
    return sorted(path for path in APP.rglob("*") if path.suffix in suffixes)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, type_of_function))


def long_functions(source: str) -> dict[str, int]:
    lengths = {
        function.name: (function.end_lineno or 0) - function.lineno + 1
        for function in functions(source)
    }
    return {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}


def inner_imports(source: str) -> set[str]:
    """The functions that import something of ours."""
    return {
        function.name
        for function in functions(source)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(name.split(".")[0] in {"", "app"} for name in imported(node))
    }


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return ["" if node.level else node.module or ""]
    return [alias.name for alias in node.names]


def is_vague(path: Path) -> bool:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return any(word in VAGUE for part in parts for word in re.split(r"[_\W]+", part.lower()))


INLINE = {
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "event handler": re.compile(r"\son[a-z]+\s*=\s*[\"'{]", re.IGNORECASE),
    "script address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def inline(template: str) -> list[str]:
    """What the Content-Security-Policy would block in the markup around Jinja's own tags."""
    markup = JINJA.sub(" {} ", template)
    return [kind for kind, pattern in INLINE.items() if pattern.search(markup)]


def test_no_file_is_too_long() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(".py", ".html", ".css", ".js")
    }
    too_long = {name: n for name, n in lengths.items() if n > LONGEST_FILE}
    assert too_long.keys() == LONG_FILES.keys(), too_long


def test_no_function_is_too_long() -> None:
    too_long = {
        f"{name_of(path)}:{function}": length
        for path in files(".py")
        for function, length in long_functions(path.read_text(encoding="utf-8")).items()
    }
    assert too_long.keys() == LONG_FUNCTIONS.keys(), too_long


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name_of(path) for path in files(".py") if is_vague(path)] == []


def test_no_function_hides_an_import_of_ours() -> None:
    hidden = {
        name_of(path): names
        for path in files(".py")
        if (names := inner_imports(path.read_text(encoding="utf-8")))
    }
    assert hidden == {}


def test_no_template_has_inline_script_or_style() -> None:
    found = {
        name_of(path): kinds
        for path in files(".html", ".svg", ".xml")
        if (kinds := inline(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_the_house_is_where_these_checks_look_for_it() -> None:
    assert (APP / "__init__.py").is_file()
    assert len(files(".py")) > 10


@pytest.mark.parametrize(
    ("template", "kinds"),
    [
        ('<p style="color: red">', ["style attribute"]),
        ("<p\n  style='x'>", ["style attribute"]),
        ('<p {% if x %}style="{{ y }}"{% endif %}>', ["style attribute"]),
        ("<style>p {}</style>", ["style element"]),
        ("<script>go()</script>", ["script without src"]),
        ('<button onclick="go()">', ["event handler"]),
        ('<a href="javascript:go()">', ["script address"]),
        ('<script src="{{ asset("js/site.js") }}" defer></script>', []),
        ('<link rel="stylesheet" href="x.css">', []),
        ('{% set one = "1" %}{{ button(style="primary") }}<p data-style="x">', []),
    ],
)
def test_inline_script_and_style_are_told_from_what_is_harmless(
    template: str, kinds: list[str]
) -> None:
    assert inline(template) == kinds


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ("def f():\n    from app.core import days", {"f"}),
        ("def f():\n    import app.core.days", {"f"}),
        ("def f():\n    from . import days", {"f"}),
        ("def f():\n    if x:\n        from app import models", {"f"}),
        ("from app.core import days\ndef f():\n    import json", set()),
    ],
)
def test_an_import_of_ours_inside_a_function_is_seen(source: str, hidden: set[str]) -> None:
    assert inner_imports(source) == hidden


@pytest.mark.parametrize(("lines", "is_long"), [(LONGEST_FUNCTION, False), (41, True)])
def test_a_function_is_too_long_from_its_41st_line_on(lines: int, is_long: bool) -> None:
    source = "def f():\n" + "    x = 1\n" * (lines - 1)
    assert bool(long_functions(source)) is is_long


@pytest.mark.parametrize(
    ("path", "vague"),
    [
        ("app/web/utils.py", True),
        ("app/helpers/dates.py", True),
        ("app/web/form_helpers.py", True),
        ("app/web/commonwealth.py", False),
    ],
)
def test_a_name_that_says_nothing_is_seen_in_any_part_of_the_path(path: str, vague: bool) -> None:
    assert is_vague(ROOT / path) is vague
