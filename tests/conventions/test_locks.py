"""What is installed is what the locks say, on any machine."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> set[tuple[str, ...]]:
    return set(PIN.findall(text(name)))


def asked_for(name: str) -> set[str]:
    lines = (line.split("#")[0].strip() for line in text(name).splitlines())
    names = (re.split(r"[\[<>=~!;\s]", line)[0] for line in lines if line and line[0] != "-")
    return {re.sub(r"[._]", "-", name).lower() for name in names}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_holds_only_pins_with_hashes(name: str) -> None:
    """No address, path or option of the machine that compiled it, and nothing left open."""
    bare = re.compile(r"^(?: *#.*|)$")
    hashed = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
    lines = text(name).splitlines()
    strange = [x for x in lines if not (PIN.match(x) or bare.match(x) or hashed.match(x))]
    assert strange == []
    assert "://" not in text(name)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_a_lock_holds_everything_that_is_asked_for(name: str) -> None:
    assert asked_for(f"{name}.in") <= {pin[0] for pin in pins(f"{name}.txt")}


def test_tests_run_on_the_very_releases_that_run_in_production() -> None:
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_the_test_tools_lock_names_no_registry() -> None:
    assert "resolved" not in text("package-lock.json")
    assert "://" not in text("package-lock.json")
