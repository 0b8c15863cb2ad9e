from collections.abc import Callable
from pathlib import Path

import pytest

from app.plans.reading import Bundle, Fault, Faults, Known, read

Write = Callable[..., list[Path]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes texts or bytes under their names: write(plan=..., record=...)."""

    def write_files(**contents: str | bytes) -> list[Path]:
        paths = []
        for name, content in contents.items():
            path = tmp_path / f"{name}.yaml"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(path)
        return paths

    return write_files


@pytest.fixture
def faults_of(write: Write) -> Callable[..., tuple[Fault, ...]]:
    def find(known: Known | None = None, **contents: str | bytes) -> tuple[Fault, ...]:
        with pytest.raises(Faults) as raised:
            read(write(**contents), known)
        return raised.value.faults

    return find


@pytest.fixture
def bundle_of(write: Write) -> Callable[..., Bundle]:
    def find(known: Known | None = None, **contents: str | bytes) -> Bundle:
        return read(write(**contents), known)

    return find
