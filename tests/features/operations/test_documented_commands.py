"""What the documents name is there. That commands do what is written: test_every_command.py."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from served import ROOT

from app.cli import COMMANDS

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
INLINE = re.compile(r"`((?:make|flask) [^`]+)`")
BLOCK = re.compile(r"^ {4,}((?:make|flask) .+)$", re.MULTILINE)
CALLED = re.compile(r"\bflask (?:--app wsgi )?((?:[a-z][a-z-]*(?: |$))+)")


def told(document: Path) -> Iterator[str]:
    text = document.read_text(encoding="utf-8")
    yield from INLINE.findall(text)
    yield from BLOCK.findall(text)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def is_command(words: list[str]) -> bool:
    """Whether the words name one of ours; what follows its name is for the command to judge."""
    here: click.Command | None = {c.name: c for c in COMMANDS}.get(words[0])
    for word in words[1:]:
        if not isinstance(here, click.Group):
            break
        here = here.commands.get(word)
    return here is not None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_is_there(document: Path) -> None:
    flasks = [words.split() for line in told(document) for words in CALLED.findall(line)]
    makes = [m for line in told(document) for m in re.findall(r"\bmake ([a-z-]+)", line)]
    assert [" ".join(words) for words in flasks if not is_command(words)] == []
    assert set(makes) <= targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_links_to_is_there(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_setting_is_documented() -> None:
    source = (ROOT / "config.py").read_text() + (ROOT / "deploy" / "gunicorn.conf.py").read_text()
    helpers = "environ.get|_words|_number|_roles|_networks|_one_of|_is_on|_count|_hosts|whole"
    reads = rf"(?:{helpers})\(\s*[\"']([A-Z_]+)[\"']"
    names = set(re.findall(reads, source))
    documented = (ROOT / "docs" / "deployment.md").read_text()
    assert len(names) > 15
    assert [name for name in sorted(names) if f"`{name}`" not in documented] == []
