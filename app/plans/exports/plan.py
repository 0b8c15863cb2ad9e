"""The sections of a plan, as the network stands."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.days import Precision
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.models import Assignment, AssignmentSpan, Deliverable, ScheduleChange
from app.meetings.models import MeetingSeries
from app.members.models import (
    Function,
    Institute,
    Mechanism,
    Member,
    MemberFunction,
    MemberStanding,
    Network,
    NetworkName,
)
from app.plans.exports.names import Names
from app.plans.exports.text import Written
from app.priorities.models import (
    Body,
    Engagement,
    OutsideEvent,
    Priority,
    Question,
    QuestionState,
)
from app.sources.models import Source

Entry = dict[str, Any]


class Plan:
    """What is there by the day of the plan; what came later stands in the record."""

    def __init__(self, session: Session, names: Names) -> None:
        self._session, self._names = session, names
        self.network = session.get_one(Network, 1)
        self.as_of = self.network.planned_on

    def sections(self) -> Iterator[tuple[str, list[Entry]]]:
        yield "members", self._members()
        yield (
            "functions",
            [{"key": row.key, "name": row.name, **self.cited(row)} for row in self._all(Function)],
        )
        yield "member_functions", self._levels()
        yield from ((name, found) for name, found in self.things(later=False))
        yield "assignments", self.assignments(later=False)
        yield "meeting_series", self._series()
        yield (
            "mechanisms",
            [
                {"key": row.key, "title": row.title, **self.cited(row)}
                for row in self._all(Mechanism)
            ],
        )
        yield "questions", self._questions()
        yield "bodies", self._bodies()
        yield "timeline", self._timeline()

    def things(self, *, later: bool) -> Iterator[tuple[str, list[Entry]]]:
        """Priorities, deadlines and deliverables, of which a record can add some."""
        for name, kind, written in (
            ("priorities", Priority, self._priority),
            ("deadlines", Deadline, self._deadline),
            ("deliverables", Deliverable, self._deliverable),
        ):
            rows = [row for row in self._all(kind) if (row.exists_from > self.as_of) is later]
            rows = [row for row in rows if self._names.is_open(row)]
            yield name, [{**written(row), **self._since(row, later=later)} for row in rows]

    def head(self) -> Entry:
        name = self._session.scalars(select(NetworkName).order_by(NetworkName.from_on)).first()
        row = self.network
        return {
            "name": name.name if name else "",
            "short_name": name.short_name if name else "",
            "founding_document": row.founding_document,
            "founded_on": row.founded_on,
            "decision_rule": row.decision_rule.value,
            **self.cited(row),
        }

    def sources(self) -> list[Entry]:
        return [
            {
                "key": row.key,
                "title": row.title,
                "authors": row.authors.split(", ") if row.authors else (),
                "publisher": row.publisher,
                "published": part_of(row.published_on, row.precision),
                "url": row.url,
                "note": row.note,
            }
            for row in self._all(Source)
        ]

    def cited(self, row: Any, note: str | None = None) -> Entry:
        return {
            "source": self._names.source(row.source_id),
            "note": row.note if note is None else note,
        }

    def assignments(self, *, later: bool) -> list[Entry]:
        rows = self._session.execute(
            select(AssignmentSpan, Assignment, Deliverable)
            .join(Assignment, Assignment.id == AssignmentSpan.assignment_id)
            .join(Deliverable, Deliverable.id == Assignment.deliverable_id)
            .order_by(AssignmentSpan.id)
        )
        entries = []
        for span, part, of in rows:
            by_plan = span.from_on == self.as_of >= of.exists_from
            is_later = not by_plan or span.precision is not Precision.DAY
            if is_later is later and self._names.is_open(of):
                entry = {
                    "deliverable": of.key,
                    "member": self._names.members[part.member_id],
                    "role": span.role.value,
                    "state": span.state.value,
                    "why": span.reason,
                    **self.cited(span, ""),
                }
                dated = {"date": span.from_on, **precise(span.precision)} if later else {}
                entries.append({**dated, **entry})
        return entries

    def _all(self, kind: Any) -> list[Any]:
        order = (kind.position, kind.id) if hasattr(kind, "position") else (kind.id,)
        return list(self._session.scalars(select(kind).order_by(*order)))

    def _since(self, row: Any, *, later: bool) -> Entry:
        return {"from": row.exists_from} if later or row.exists_from != self.as_of else {}

    def _members(self) -> list[Entry]:
        of_first: dict[int, MemberStanding] = {}
        for standing in self._session.scalars(
            select(MemberStanding).order_by(MemberStanding.from_on.desc())
        ):
            of_first[standing.member_id] = standing
        institutes = {
            (row.member_id, row.from_on): row for row in self._session.scalars(select(Institute))
        }
        entries = []
        for row in self._all(Member):
            standing = of_first[row.id]
            institute = institutes.get((row.id, row.exists_from))
            entries.append(
                {
                    "code": row.code,
                    "name": row.name,
                    "status": standing.status.value,
                    "joined_on": row.exists_from if row.exists_from != self.as_of else None,
                    "zone": row.zone,
                    "institute": institute_of(institute) if institute else None,
                    **self.cited(row, standing.note),
                }
            )
        return entries

    def _levels(self) -> list[Entry]:
        rows = self._session.scalars(select(MemberFunction).order_by(MemberFunction.id))
        first: dict[tuple[int, int], MemberFunction] = {}
        for row in rows:
            first.setdefault((row.member_id, row.function_id), row)
        return [
            {
                "member": self._names.members[row.member_id],
                "function": self._names.functions[row.function_id],
                "level": row.level.value,
                "evidence": row.evidence,
                **self.cited(row),
            }
            for row in first.values()
        ]

    def _priority(self, row: Priority) -> Entry:
        return {
            "key": row.key,
            "title": row.title,
            "theme": row.theme.value,
            "horizon": row.horizon.value,
            "question": self._names.questions.get(row.question_id or 0),
            "functions": self._names.functions_of.get(row.id, ()),
            "basis": row.basis.value,
            **self.cited(row),
        }

    def _deadline(self, row: Deadline) -> Entry:
        newest = (
            select(DeadlineDate)
            .where(DeadlineDate.deadline_id == row.id)
            .order_by(DeadlineDate.from_on.desc(), DeadlineDate.id.desc())
        )
        when = self._session.scalars(newest).first()
        return {
            "key": row.key,
            "title": row.title,
            "kind": row.kind.value,
            "starts_on": when.starts_on if when else None,
            "ends_on": when.ends_on if when else None,
            **precise(when.precision if when else Precision.DAY),
            "place": row.place,
            "host": self._names.members.get(row.host_id or 0),
            "public": row.is_public or None,
            **self.cited(row),
        }

    def _deliverable(self, row: Deliverable) -> Entry:
        newest = select(ScheduleChange).where(ScheduleChange.deliverable_id == row.id)
        due = self._session.scalars(
            newest.order_by(ScheduleChange.effective_on.desc(), ScheduleChange.id.desc())
        ).first()
        return {
            "key": row.key,
            "title": row.title,
            "kind": row.kind.value,
            "priority": self._names.priorities[row.priority_id],
            "deadline": self._names.deadlines.get((due.deadline_id if due else 0) or 0),
            "due_on": due.due_on if due else None,
            "depends_on": self._names.needs.get(row.id, ()),
            "basis": row.basis.value,
            **self.cited(row),
        }

    def _series(self) -> list[Entry]:
        return [
            {
                "key": row.key,
                "title": row.title,
                "recurrence": row.recurrence,
                "starts_on": row.starts_on,
                "zone": row.zone if row.zone_stated else None,
                "duration_minutes": row.duration_minutes,
                "days": row.days if row.days != 1 else None,
                "basis": row.basis.value,
                **self._since(row, later=False),
                **self.cited(row),
            }
            for row in self._all(MeetingSeries)
        ]

    def _questions(self) -> list[Entry]:
        newest: dict[int, QuestionState] = {}
        for state in self._session.scalars(select(QuestionState).order_by(QuestionState.id)):
            newest[state.question_id] = state
        return [
            {
                "key": row.key,
                "theme": row.theme.value,
                "status": newest[row.id].status.value,
                "title": row.title,
                "recommendation": row.recommendation,
                **self.cited(row),
            }
            for row in self._all(Question)
        ]

    def _bodies(self) -> list[Entry]:
        engaged: dict[int, list[Entry]] = {}
        for row in self._session.scalars(select(Engagement).order_by(Engagement.id)):
            entry = {
                "relation": row.relation.value,
                "about": row.about,
                "deliverable": self._names.deliverables.get(row.deliverable_id or 0),
                "priority": self._names.priorities.get(row.priority_id or 0),
            }
            engaged.setdefault(row.body_id, []).append(entry)
        return [
            {
                "key": row.key,
                "name": row.name,
                "engagements": engaged.get(row.id, ()),
                **self.cited(row),
            }
            for row in self._all(Body)
        ]

    def _timeline(self) -> list[Entry]:
        return [
            {
                "date": row.starts_on,
                **precise(row.precision),
                "until": row.ends_on,
                "title": row.title,
                **self.cited(row),
            }
            for row in self._all(OutsideEvent)
        ]


def precise(precision: Precision) -> Entry:
    return {} if precision is Precision.DAY else {"precision": precision.value}


def part_of(day: date | None, precision: Precision) -> date | Written | None:
    """A date as far as it is known."""
    if day is None or precision is Precision.DAY:
        return day
    return Written(day.isoformat()[: 7 if precision is Precision.MONTH else 4])


def institute_of(row: Institute) -> Entry:
    usd = row.funding_usd_per_year
    funding = {"text": row.funding, "usd_per_year": usd.normalize() if usd is not None else None}
    return {
        "name": row.name,
        "host": row.host,
        "established": Written(row.established),
        "announced_only": row.announced_only or None,
        "staff": row.staff,
        "funding": funding if row.funding else None,
        "note": row.note,
    }
