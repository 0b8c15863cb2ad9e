"""By what files name the things of the database."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.markings import OPEN_TO_ACCOUNTS
from app.deadlines.models import Deadline
from app.deliverables.models import Deliverable, Dependency
from app.meetings.models import MeetingSeries
from app.members.models import Function, Member
from app.plans.reading.scalars import NO_SOURCE
from app.priorities.models import Priority, PriorityFunction, Question
from app.sources.models import Source


class Names:
    """Keys and codes by the number of the row."""

    def __init__(self, session: Session) -> None:
        def by_number(kind: Any, key: str = "key") -> dict[int, str]:
            rows = session.execute(select(kind.id, getattr(kind, key)))
            return {number: name for number, name in rows}  # noqa: C416 - rows are no plain pairs

        self.sources = by_number(Source)
        self.members = by_number(Member, "code")
        self.functions = by_number(Function)
        self.questions = by_number(Question)
        self.priorities = by_number(Priority)
        self.deadlines = by_number(Deadline)
        self.deliverables = by_number(Deliverable)
        self.series = by_number(MeetingSeries)
        self.needs: dict[int, list[str]] = {}
        for own, other in session.execute(select(Dependency.deliverable_id, Dependency.needs_id)):
            self.needs.setdefault(own, []).append(self.deliverables[other])
        self.functions_of: dict[int, list[str]] = {}
        pairs = select(PriorityFunction.priority_id, PriorityFunction.function_id)
        for own, other in session.execute(pairs.order_by(PriorityFunction.function_id)):
            self.functions_of.setdefault(own, []).append(self.functions[other])
        for keys in self.needs.values():
            keys.sort()

    def source(self, number: int | None) -> str:
        return self.sources[number] if number else NO_SOURCE

    def is_open(self, row: Any) -> bool:
        """The sections have no word for markings: what is narrower stands among the rows alone."""
        return getattr(row, "marking", OPEN_TO_ACCOUNTS[0]) in OPEN_TO_ACCOUNTS
