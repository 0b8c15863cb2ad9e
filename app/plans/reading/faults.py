"""What is wrong with a file, in sentences that a later layer can translate."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

MOST_PER_FILE = 1000
"""A file with more faults than this is not a plan with mistakes but something else."""

_SHOWN = 60


def N_(template: str) -> str:  # noqa: N802 - the name by which the message extractor knows it
    """Mark a sentence for translation where it is written; it is translated where it is shown."""
    return template


def shown(text: str) -> str:
    """A piece of a file as a sentence can quote it: short, and without characters that act."""
    clipped = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in clipped)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence with its parameters; a parameter can be a phrase itself."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def worded(self, translate: Callable[[str], str]) -> str:
        params = {
            name: value.worded(translate) if isinstance(value, Phrase) else value
            for name, value in self.params.items()
        }
        return translate(self.template) % params

    def __str__(self) -> str:
        return self.worded(lambda template: template)


def phrase(template: str, **params: object) -> Phrase:
    return Phrase(template, params)


@dataclass(frozen=True, slots=True)
class Fault:
    file: str
    line: int | None
    says: Phrase
    hopes: Phrase

    @property
    def message(self) -> str:
        return str(self.says)

    @property
    def expected(self) -> str:
        return str(self.hopes)


class Faults(Exception):
    """All that is wrong with the files, in the order of the files and of their lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{f.file}:{f.line}: {f.message}" for f in self.faults))


class TooManyFaults(Exception):
    """Raised to leave a file that has more faults than anybody would read."""


class Report:
    """Collects faults while files are read."""

    def __init__(self) -> None:
        self._faults: dict[str, list[Fault]] = {}

    def add(self, file: str, line: int | None, says: Phrase, hopes: Phrase) -> None:
        faults = self._faults.setdefault(file, [])
        if len(faults) > MOST_PER_FILE:
            raise TooManyFaults(file)
        if len(faults) == MOST_PER_FILE:
            says = phrase(
                N_("The file has more than %(most)s faults; the rest of it was not read."),
                most=MOST_PER_FILE,
            )
            faults.append(Fault(file, line, says, phrase(N_("a plan file or a record file"))))
            raise TooManyFaults(file)
        faults.append(Fault(file, line, says, hopes))

    def in_order(self, files: Iterable[str]) -> tuple[Fault, ...]:
        return tuple(
            fault
            for file in dict.fromkeys(files)
            for fault in sorted(self._faults.get(file, ()), key=lambda fault: fault.line or 0)
        )
