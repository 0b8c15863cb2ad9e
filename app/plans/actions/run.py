"""One import under way: what it reads, what is there, what it has found wrong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.errors import N_, Refused
from app.core.history import Spanned
from app.core.permissions import Actor
from app.deadlines.models import Deadline
from app.deliverables.models import Deliverable
from app.meetings.models import MeetingSeries
from app.members.models import Function, Mechanism, Member, Network
from app.plans.actions.imported import SaidBefore
from app.plans.actions.report import ImportReport, Outcome
from app.plans.reading import Bundle, Fault, Faults
from app.plans.reading.faults import phrase
from app.plans.reading.values import Cited, Head, Placed, Planned
from app.priorities.models import Body, Priority, Question
from app.sources.models import Source

Thing = TypeVar("Thing")
Value = TypeVar("Value", bound=Placed)
Entry = TypeVar("Entry")
Span = TypeVar("Span", bound=Spanned)

Progress = Callable[[int, int], None]

_NOT_CONTENT = {"source_id", "precision", "note"}


def _no_progress(_done: int, _total: int) -> None:
    """For whoever does not ask."""


@dataclass(slots=True)
class There:
    """The things in the database by the key that files give them."""

    sources: dict[str, Source] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    mechanisms: dict[str, Mechanism] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    priorities: dict[str, Priority] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    deliverables: dict[str, Deliverable] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    series: dict[str, MeetingSeries] = field(default_factory=dict)

    @classmethod
    def load(cls, session: Session) -> "There":
        def by_key(kind: type[Any], key: str = "key") -> dict[str, Any]:
            return {getattr(thing, key): thing for thing in session.scalars(select(kind))}

        return cls(
            sources=by_key(Source),
            members=by_key(Member, "code"),
            functions=by_key(Function),
            mechanisms=by_key(Mechanism),
            questions=by_key(Question),
            priorities=by_key(Priority),
            deadlines=by_key(Deadline),
            deliverables=by_key(Deliverable),
            bodies=by_key(Body),
            series=by_key(MeetingSeries),
        )


class Run:
    """Writes as `actor`, the account of the import."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        bundle: Bundle,
        now: datetime,
        progress: Progress | None,
    ) -> None:
        self.session, self.actor, self.bundle, self.now = session, actor, bundle, now
        self.there = There.load(session)
        self.said = SaidBefore(session, actor.account_id)
        self.report = ImportReport()
        self.restored_at = _restored_at(session)
        """When rows were taken: what was recorded by then is what files said, whoever did it."""
        self._heads = {head.file: head for head in self._files()}
        self._progress = progress or _no_progress
        self._done, self._total = 0, _size(bundle)

    def each(self, values: Sequence[Value], bring_in: Callable[["Run", Value], None]) -> None:
        """Bring in every entry of a section; raises Faults with all that are refused."""
        faults = []
        for value in values:
            try:
                bring_in(self, value)
            except Refused as refused:
                faults.append(_fault(value, refused))
            self._done += 1
            self._progress(self._done, self._total)
        if faults:
            raise Faults(faults)

    def settle(
        self,
        noun: str,
        key: str,
        thing: Thing | None,
        entry: Entry,
        add: Callable[[], Thing],
        describe: Callable[[Session, Actor, Thing, Entry, datetime], bool],
    ) -> tuple[Thing, Outcome]:
        """Add a thing that is not there; change one that is where the file has something new to
        say. `noun` is how the trail names its kind."""
        if thing is None:
            return add(), Outcome.ADDED
        new = self.said.kept(noun, key, thing, entry)
        changed = describe(self.session, self.actor, thing, new, self.now)
        return thing, outcome(changed=changed)

    def span_day(self, rows: Sequence[Span], since: date, entry: object) -> date | None:
        """From which day on it holds what a plan says of a thing that is there `since`: from the
        first, or from the day of a later plan. None: that is how it stands then already."""
        plan, network = self.bundle.plan, self.network
        if not rows or plan is None or plan.as_of <= network.planned_on:
            return since
        day = since if since > min(row.from_on for row in rows) else plan.as_of
        held = next((row for row in rows if row.from_on <= day < row.until_on), None)
        return None if held is not None and _says_same(entry, held) else day

    def by_import(self, kind: Any) -> ColumnElement[bool]:
        """Of what was recorded, that which came from files."""
        by_itself: ColumnElement[bool] = kind.recorded_by_id == self.actor.account_id
        if self.restored_at is None:
            return by_itself
        return or_(by_itself, kind.recorded_at <= self.restored_at)

    def source_id(self, value: Cited) -> int | None:
        return self.there.sources[value.source].id if value.source else None

    def member_id(self, code: str | None) -> int | None:
        return self.there.members[code].id if code else None

    def is_planned(self, value: Placed) -> bool:
        """Whether it stands in the plan, not in a record."""
        return self.bundle.plan is not None and value.file == self.bundle.plan.file

    def day_of_plan(self, value: Planned) -> date:
        """The day from which on it holds that a file gives another date: that of the plan; a record
        gives each thing its own."""
        return self.head(value).as_of if self.is_planned(value) else value.exists_from

    def head(self, value: Placed) -> Head:
        return self._heads[value.file]

    def reason(self, value: Placed) -> str:
        """Names the file that gives another date, and its day: words would need a language."""
        return f"{Path(value.file).name} ({self.head(value).as_of.isoformat()})"

    @property
    def network(self) -> Network:
        return self.session.get_one(Network, 1)

    def _files(self) -> Iterable[Head]:
        if self.bundle.plan:
            yield self.bundle.plan
        yield from self.bundle.records


def _restored_at(session: Session) -> datetime | None:
    lines = select(AuditEntry).where(AuditEntry.verb == "plan.import").order_by(AuditEntry.id)
    return next((line.at for line in session.scalars(lines) if "rows" in line.changes), None)


def outcome(*, changed: bool) -> Outcome:
    return Outcome.CHANGED if changed else Outcome.UNCHANGED


def _size(bundle: Bundle) -> int:
    sections = (getattr(bundle, name) for name in bundle.__slots__)
    return sum(len(section) for section in sections if isinstance(section, tuple))


def _says_same(entry: object, row: object) -> bool:
    names = set(entry.__dataclass_fields__) - _NOT_CONTENT  # type: ignore[attr-defined]
    return all(getattr(entry, name) == getattr(row, name) for name in names)


def _fault(value: Placed, refused: Refused) -> Fault:
    params = {name: _written(param) for name, param in refused.params.items()}
    hopes = phrase(N_("an entry that fits what was logged before and after it"))
    return Fault(value.file, value.line, phrase(refused.message, **params), hopes)


def _written(param: object) -> str:
    """As files write it."""
    if isinstance(param, tuple | list):
        return ", ".join(_written(part) for part in param)
    return param.value if isinstance(param, StrEnum) else str(param)
