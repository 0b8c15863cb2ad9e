"""The network as a plan and a record, which give the same database when they are imported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.markings import Marking, highest
from app.members.models import Network
from app.people.models import Account
from app.plans.actions.recorder import EMAIL
from app.plans.exports import rows, text
from app.plans.exports.names import Names
from app.plans.exports.plan import Entry, Plan
from app.plans.exports.record import Record
from app.plans.reading import Faults, read

PLAN_FILE, RECORD_FILE = "plan.yaml", "record.yaml"

_NOT_OF_THE_PLAN = ("account", "page", "feed")
"""Kinds of lines of the trail that change nothing of what a file carries."""

_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Exported:
    plan: str
    record: str
    marking: Marking
    entries: int
    rows: int
    left_out: int
    """Rows that are marked RED, or belong to what is."""
    evidence: tuple[str, ...]
    """Hashes of the files that go along."""


def export(session: Session) -> Exported | None:
    """Both files; None where there is no network yet. RED leaves the screen nowhere."""
    if session.get(Network, 1) is None:
        return None
    found = rows.read(session)
    names = Names(session)
    plan = Plan(session, names)
    record = Record(session, names, plan)
    told = list(found.written()) if _people_wrote(session) or found.left_out else []
    marking = highest(found.markings)
    lines = _Lines(_plan_lines(plan, marking), _record_lines(record, plan, marking))
    if told:
        lines.leave_out_what_does_not_fit()
    tables = ["", *_ABOUT_ROWS, "rows:"] if told else []
    for table, of_table in told:
        tables += text.section(table, of_table, "  ")
    return Exported(
        plan=_joined(lines.plan),
        record=_joined([*lines.record, *tables]),
        marking=marking,
        entries=sum(line.lstrip().startswith("- {") for line in [*lines.plan, *lines.record]),
        rows=sum(len(of_table) for _, of_table in told),
        left_out=found.left_out,
        evidence=tuple(sorted({row["sha256"] for row in found.by_table["evidence_files"]})),
    )


_ABOUT_ROWS = (
    "# What the sections above cannot carry, table by table. An import into an empty database",
    "# takes these rows first; one into any other leaves them alone.",
)


def _people_wrote(session: Session) -> bool:
    """Whether anything came from elsewhere than from the sections of one import."""
    recorder = select(Account.id).where(Account.email == EMAIL).scalar_subquery()
    others = (
        AuditEntry.account_id.is_(None) | (AuditEntry.account_id != recorder) | recorder.is_(None),
        *(AuditEntry.verb.not_like(f"{kind}.%") for kind in _NOT_OF_THE_PLAN),
        AuditEntry.verb != "plan.import",
    )
    written = select(func.count()).select_from(AuditEntry).where(*others)
    signed = select(AuditEntry.changes).where(AuditEntry.verb == "plan.import")
    imports = session.scalars(signed).all()
    return bool(session.scalar(written)) or len(imports) != 1 or "rows" in imports[0]


def _plan_lines(plan: Plan, marking: Marking) -> list[str]:
    lines = [
        "format: network-plan",
        "version: 1",
        f"as_of: {plan.as_of.isoformat()}",
        f"marking: {marking.value}",
        "",
        f"network: {text.entry(plan.head())}",
    ]
    return [*lines, *_sections([("sources", plan.sources()), *plan.sections()])]


def _record_lines(record: Record, plan: Plan, marking: Marking) -> list[str]:
    lines = [
        "format: network-record",
        "version: 1",
        f"plan: {PLAN_FILE}",
        f"as_of: {record.as_of().isoformat()}",
        f"marking: {marking.value}",
    ]
    added = [line for line in _sections(plan.things(later=True), "  ") if line]
    if added:
        lines += ["", "added:", *added]
    return [*lines, *_sections(record.sections())]


def _sections(
    sections: Iterable[tuple[str, list[Entry]]],
    indent: str = "",
) -> list[str]:
    lines: list[str] = []
    for name, entries in sections:
        if entries:
            lines += ["", *text.section(name, entries, indent)]
    return lines


class _Lines:
    """Both files but for their rows, one entry a line."""

    def __init__(self, plan: list[str], record: list[str]) -> None:
        self.plan, self.record = plan, record

    def leave_out_what_does_not_fit(self) -> None:
        """People may write what the sections have no words for, or what refers to such a thing.
        The reader says which lines these are; they stand among the rows."""
        for _ in range(_ROUNDS):
            faults = self._faults()
            if not faults:
                return
            for name, lines in ((PLAN_FILE, self.plan), (RECORD_FILE, self.record)):
                numbers = {line for file, line in faults if file == name and line}
                kept = [line for place, line in enumerate(lines, 1) if place not in numbers]
                lines[:] = _without_empty_sections(kept)

    def _faults(self) -> set[tuple[str, int | None]]:
        with TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in (PLAN_FILE, RECORD_FILE)]
            for path, lines in zip(paths, (self.plan, self.record), strict=True):
                path.write_text(_joined(lines), encoding="utf-8", newline="\n")
            try:
                read(paths)
            except Faults as found:
                return {(Path(fault.file).name, fault.line) for fault in found.faults}
        return set()


def _without_empty_sections(lines: list[str]) -> list[str]:
    kept = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        is_head = line.endswith(":") and not line.lstrip().startswith("-")
        if not is_head or following.startswith(line[: len(line) - len(line.lstrip())] + "  "):
            kept.append(line)
    return kept


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
