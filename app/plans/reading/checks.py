"""Checks across entries and files: keys, references, days, cycles."""

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches

from app.deliverables.rules.graph import find_cycle
from app.plans.reading.entries import Entry, Reference
from app.plans.reading.faults import N_, Phrase, Report, TooManyFaults, phrase, shown
from app.plans.reading.files import FileRead
from app.plans.reading.known import Known
from app.plans.reading.rules import used_on

# Looking for close matches costs more than anything else here.
_MOST_SUGGESTIONS = 50
_MOST_CYCLES = 20

_NOUNS = {
    "members": phrase(N_("member")),
    "functions": phrase(N_("function")),
    "priorities": phrase(N_("priority")),
    "deadlines": phrase(N_("deadline")),
    "deliverables": phrase(N_("deliverable")),
    "meeting_series": phrase(N_("meeting series")),
    "questions": phrase(N_("question")),
    "sources": phrase(N_("source")),
}
# The others are there from the start for whoever names them.
_DATED = frozenset({"members", "priorities", "deadlines", "deliverables", "meeting_series"})

Declared = dict[tuple[str, str], Entry]


def check(files: Sequence[FileRead], known: Known, report: Report) -> None:
    """Everything that no entry can judge alone.

    Where a file could not be read, whatever it declares is missing: then references are not
    judged, because the one fault would show as hundreds.
    """
    _check_single_plan(files, report)
    declared = _check_unique(files, report)
    if all(read.root is not None for read in files):
        has_plan = any(read.is_plan for read in files)
        for read in files:
            _Links(declared, known, report, has_plan).check(read)
        _check_cycles(declared, known, report)


def _check_single_plan(files: Sequence[FileRead], report: Report) -> None:
    plans = [read for read in files if read.is_plan]
    for read in plans[1:]:
        says = phrase(N_("This is a second plan; the first is %(first)s."), first=plans[0].file)
        report.add(read.file, None, says, phrase(N_("one plan file, and any number of records")))


def _check_unique(files: Sequence[FileRead], report: Report) -> Declared:
    seen: dict[tuple[object, ...], Entry] = {}
    declared: Declared = {}
    for read in files:
        try:
            for section, entry in _entries(read):
                _note(section, entry, seen, declared, report)
        except TooManyFaults:
            continue
    return declared


def _entries(read: FileRead) -> Iterator[tuple[str, Entry]]:
    for section, entries in read.sections():
        for entry in entries:
            yield section, entry


def _note(
    section: str,
    entry: Entry,
    seen: dict[tuple[object, ...], Entry],
    declared: Declared,
    report: Report,
) -> None:
    unique = entry.kind.unique
    needed = (name for name in unique if entry.kind.requires(name))
    if not unique or not all(name in entry.values for name in needed):
        return
    identity = tuple(entry.values.get(name) for name in unique)
    first = seen.setdefault((section, *identity), entry)
    if first is not entry:
        _twice(entry, first, report)
    elif len(identity) == 1:
        declared[section, str(identity[0])] = entry


def _twice(entry: Entry, first: Entry, report: Report) -> None:
    unique = entry.kind.unique
    says = phrase(
        N_("The %(kind)s “%(what)s” is there already: %(file)s, line %(line)s."),
        kind=entry.kind.noun,
        what=", ".join(shown(str(entry.values.get(name))) for name in unique),
        file=first.file,
        line=first.line,
    )
    hopes = phrase(
        N_("each %(kind)s once in all files together, told apart by: %(fields)s"),
        kind=entry.kind.noun,
        fields=", ".join(entry.kind.written(name) for name in unique),
    )
    report.add(entry.file, entry.line, says, hopes)


class _Links:
    """References of a file: that the thing exists, and exists by then."""

    def __init__(self, declared: Declared, known: Known, report: Report, has_plan: bool) -> None:
        self._declared, self._known, self._report = declared, known, report
        self._has_plan = has_plan
        self._suggestions = 0

    def check(self, read: FileRead) -> None:
        try:
            for reference in read.references:
                entry = self._declared.get((reference.section, reference.key))
                if entry is None and reference.key not in self._known.keys(reference.section):
                    self._dangles(reference)
                elif reference.section in _DATED:
                    self._check_day(reference, entry)
        except TooManyFaults:
            return

    def _check_day(self, reference: Reference, entry: Entry | None) -> None:
        since = self._exists_from(reference, entry)
        used = used_on(reference.top)
        if since is None or used is None or used >= since:
            return
        says = phrase(
            N_("This counts from %(used)s, but the %(kind)s “%(key)s” exists only from %(since)s."),
            used=used,
            kind=_NOUNS[reference.section],
            key=reference.key,
            since=since,
        )
        hopes = phrase(N_("a day on or after %(since)s"), since=since)
        self._report.add(reference.entry.file, reference.line, says, hopes)

    def _exists_from(self, reference: Reference, entry: Entry | None) -> date | None:
        if entry is not None:
            return entry.day("exists_from")
        return self._known.exists_from.get(reference.section, {}).get(reference.key)

    def _dangles(self, reference: Reference) -> None:
        kind = _NOUNS[reference.section]
        says = phrase(
            N_("“%(field)s” names the %(kind)s “%(key)s”, which is nowhere to be found."),
            field=reference.attribute,
            kind=kind,
            key=shown(reference.key),
        )
        self._report.add(reference.entry.file, reference.line, says, self._hopes(reference, kind))

    def _hopes(self, reference: Reference, kind: Phrase) -> Phrase:
        self._suggestions += 1
        if self._suggestions <= _MOST_SUGGESTIONS:
            declared = {key for section, key in self._declared if section == reference.section}
            there = sorted(declared.union(self._known.keys(reference.section)))
            if close := get_close_matches(reference.key, there, n=1):
                return phrase(N_("perhaps “%(close)s”"), close=close[0])
        if not self._has_plan:
            return phrase(
                N_("a %(kind)s that is here or was imported before; is the plan file missing?"),
                kind=kind,
            )
        return phrase(N_("a %(kind)s of these files, or one that was imported before"), kind=kind)


def _check_cycles(declared: Declared, known: Known, report: Report) -> None:
    edges = {key: set(needed) for key, needed in known.depends_on.items()}
    entries = {
        key: entry for (section, key), entry in declared.items() if section == "deliverables"
    }
    for key, entry in entries.items():
        needed = entry.values.get("depends_on", ())
        edges[key] = set(needed) if isinstance(needed, tuple) else set()
    for _ in range(_MOST_CYCLES):
        cycle = find_cycle(edges)
        if cycle is None:
            return
        _report_cycle(cycle, entries, report)
        edges[cycle[0]].discard(cycle[1])


def _report_cycle(cycle: Sequence[str], entries: dict[str, Entry], report: Report) -> None:
    of_files = [entries[key] for key in cycle if key in entries]
    if not of_files:
        return
    entry = max(of_files, key=lambda entry: entry.line_of("depends_on"))
    says = phrase(
        N_("These deliverables depend on each other in a circle: %(path)s."),
        path=" → ".join(cycle),
    )
    hopes = phrase(N_("no deliverable that waits for itself: take one of these out of depends_on"))
    report.add(entry.file, entry.line_of("depends_on"), says, hopes)
