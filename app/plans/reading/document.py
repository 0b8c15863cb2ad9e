"""From a path to a tree of nodes with lines, whatever the file holds.

The tree is put together from the parser's events, so that aliases, tags, depth and size are
judged before anything is built, and no object is ever made from a tag.
"""

import os
import re
import stat
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from app.plans.reading.faults import N_, Phrase, Report, phrase, shown
from app.plans.reading.nodes import Broken, Mapping, Node, Scalar, Sequence

MOST_BYTES = 25_000_000
MOST_NODES = 4_000_000
MOST_DEPTH = 20

_MOST_NOISE_LINES = 20
# Beside the control characters: what some readers take for a line break and others do not.
_NOISE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_YAML = phrase(N_("a plan file or a record file: YAML text in UTF-8"))


class _Unreadable(Exception):
    def __init__(self, line: int | None, says: Phrase, hopes: Phrase = _YAML) -> None:
        super().__init__(str(says))
        self.line, self.says, self.hopes = line, says, hopes


def read_document(path: Path, report: Report) -> Node | None:
    """The root of the file's one document; None where a fault kept the file from being read."""
    file = str(path)
    try:
        return _Composer(file, report).compose(_text(file, _content(path), report))
    except _Unreadable as reason:
        report.add(file, reason.line, reason.says, reason.hopes)
    return None


def _content(path: Path) -> bytes:
    try:
        with open(path, "rb", opener=_open_at_once) as opened:
            about = os.fstat(opened.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise _Unreadable(None, phrase(N_("This is not a file that can be read.")))
            _check_size(about.st_size)
            content = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _Unreadable(None, phrase(N_("There is no such file."))) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise _Unreadable(
            None, phrase(N_("The file cannot be opened: %(why)s."), why=shown(why))
        ) from None
    _check_size(len(content))
    return content


def _open_at_once(path: str, flags: int) -> int:
    """Without O_NONBLOCK the open itself would wait for a pipe's other end."""
    return os.open(path, flags | os.O_NONBLOCK)


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise _Unreadable(
            None,
            phrase(N_("The file is too large: %(size)s bytes."), size=f"{size:,}"),
            phrase(N_("a file of at most %(most)s bytes"), most=f"{MOST_BYTES:,}"),
        )


def _text(file: str, content: bytes, report: Report) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Unreadable(
            error.object.count(b"\n", 0, error.start) + 1,
            phrase(
                N_("The file is not UTF-8 text: the byte 0x%(byte)s does not belong there."),
                byte=f"{error.object[error.start]:02x}",
            ),
        ) from None
    noise = list(islice(_NOISE.finditer(text), _MOST_NOISE_LINES))
    for found in noise[:-1]:
        report.add(file, _line_at(text, found.start()), _noise_says(found.group()), _YAML)
    if noise:
        raise _Unreadable(_line_at(text, noise[-1].start()), _noise_says(noise[-1].group()))
    return text


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _noise_says(character: str) -> Phrase:
    return phrase(
        N_("The file holds a control character (U+%(code)s), which text cannot hold."),
        code=f"{ord(character):04X}",
    )


def _events(text: str) -> Iterator[Event]:
    """The parser's events; whatever the parser trips over is a fault of the file."""
    # The compiled parser decodes UTF-8 itself and is slower with str.
    events = YAML(typ="safe").parse(text.encode())
    try:
        yield from events
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _Unreadable(
            mark.line + 1 if mark else None,
            phrase(
                N_("The file is not valid YAML here: %(problem)s."),
                problem=shown(error.problem or error.context or ""),
            ),
            phrase(N_("well-formed YAML; the slip can also be on a line before this one")),
        ) from None
    except YAMLError as error:
        raise _Unreadable(
            None, phrase(N_("The file is not valid YAML: %(problem)s."), problem=shown(str(error)))
        ) from None


class _Composer:
    def __init__(self, file: str, report: Report) -> None:
        self._file, self._report = file, report
        self._root: Node | None = None
        self._open: list[Mapping | Sequence] = []
        # For each open collection the key that waits for its value; None also for a sequence.
        self._keys: list[Scalar | Broken | None] = []
        self._nodes = 0

    def compose(self, text: str) -> Node:
        documents = 0
        for event in _events(text):
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Unreadable(
                        event.start_mark.line + 1,
                        phrase(N_("A second YAML document begins here.")),
                        phrase(N_("one document in a file, so no further line “---”")),
                    )
            else:
                self._take(event)
        if self._root is None:
            raise _Unreadable(None, phrase(N_("The file is empty.")))
        return self._root

    def _take(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            line = event.start_mark.line + 1
            self._place(self._tagged(event, line) or Scalar(line, event.value, not event.style))
        elif isinstance(event, MappingStartEvent):
            self._enter(event, Mapping(event.start_mark.line + 1))
        elif isinstance(event, SequenceStartEvent):
            self._enter(event, Sequence(event.start_mark.line + 1))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, AliasEvent):
            self._place(self._alias(event))

    def _alias(self, event: AliasEvent) -> Broken:
        return self._broken(
            event.start_mark.line + 1,
            phrase(N_("“*%(name)s” stands for a part elsewhere in the file."), name=event.anchor),
            phrase(N_("the value itself; aliases are not allowed")),
        )

    def _tagged(
        self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, line: int
    ) -> Broken | None:
        if event.tag is None:
            return None
        return self._broken(
            line,
            phrase(N_("The value has the YAML tag “%(tag)s”."), tag=shown(str(event.tag))),
            phrase(N_("a value without a tag")),
        )

    def _broken(self, line: int, says: Phrase, hopes: Phrase) -> Broken:
        self._report.add(self._file, line, says, hopes)
        return Broken(line)

    def _enter(
        self, event: MappingStartEvent | SequenceStartEvent, node: Mapping | Sequence
    ) -> None:
        if len(self._open) >= MOST_DEPTH:
            raise _Unreadable(
                node.line,
                phrase(N_("The file is nested more than %(most)s deep here."), most=MOST_DEPTH),
            )
        # What a broken collection holds is still read through, to nowhere.
        self._place(self._tagged(event, node.line) or node)
        self._open.append(node)
        self._keys.append(None)

    def _place(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _Unreadable(
                node.line,
                phrase(N_("The file holds more than %(most)s values."), most=f"{MOST_NODES:,}"),
            )
        if not self._open:
            self._root = node
            return
        holder = self._open[-1]
        if isinstance(holder, Sequence):
            holder.items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = self._key(node)
        else:
            self._pair(holder, self._keys[-1], node)
            self._keys[-1] = None

    def _key(self, node: Node) -> Scalar | Broken:
        if isinstance(node, Scalar):
            return Scalar(node.line, sys.intern(node.text), node.plain)
        if isinstance(node, Broken):
            return node
        return self._broken(
            node.line,
            phrase(N_("The name of a field is a list or a mapping here.")),
            phrase(N_("a field name followed by a colon")),
        )

    def _pair(self, holder: Mapping, key: Scalar | Broken, node: Node) -> None:
        if isinstance(key, Broken):
            return
        if key.text in holder.pairs:
            self._report.add(
                self._file,
                key.line,
                phrase(
                    N_("“%(field)s” stands twice in the same entry, first on line %(first)s."),
                    field=shown(key.text),
                    first=holder.pairs[key.text][0],
                ),
                phrase(N_("each field once")),
            )
        else:
            holder.pairs[key.text] = (key.line, node)
