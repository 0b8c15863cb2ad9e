"""The sections of a record: what happened after the plan."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contributions.models import Contribution, ContributionEnd
from app.deliverables.models import Deliverable, StatusUpdate
from app.meetings.models import Meeting, MeetingStatus
from app.members.models import Institute, LeadershipTerm, Member, NetworkName
from app.plans.exports.names import Names
from app.plans.exports.plan import Entry, Plan, institute_of, precise


class Record:
    def __init__(self, session: Session, names: Names, plan: Plan) -> None:
        self._session, self._names, self._plan = session, names, plan

    def as_of(self) -> date:
        """The newest day of which it tells; planned meetings are known from there."""
        planned = select(Meeting.exists_from).where(Meeting.status == MeetingStatus.PLANNED)
        days = {self._plan.as_of, *self._session.scalars(planned)}
        for _, entries in self.sections():
            days.update(entry["date"] for entry in entries if "date" in entry)
        held = select(Meeting.starts_on).where(Meeting.status == MeetingStatus.HELD)
        return max(days.union(self._session.scalars(held)))

    def sections(self) -> Iterator[tuple[str, list[Entry]]]:
        yield "updates", self._updates()
        yield "assignments", self._plan.assignments(later=True)
        yield "contributions", self._contributions()
        yield "meetings", self._meetings()
        yield "leadership", self._leadership()
        yield "renamed", self._renamed()
        yield "institutes", self._institutes()

    def _logged(self, row: Any, day: date) -> Entry:
        return {"date": day, **precise(row.precision)}

    def _updates(self) -> list[Entry]:
        rows = self._session.execute(
            select(StatusUpdate, Deliverable)
            .join(Deliverable, Deliverable.id == StatusUpdate.deliverable_id)
            .order_by(StatusUpdate.id)
        )
        return [
            {
                **self._logged(row, row.effective_on),
                "deliverable": of.key,
                "status": row.status.value,
                "health": row.health.value if row.health else None,
                "progress": row.progress,
                "blocker": row.blocker,
                "next_step": row.next_step,
                **self._plan.cited(row),
            }
            for row, of in rows
            if self._names.is_open(row) and self._names.is_open(of)
        ]

    def _contributions(self) -> list[Entry]:
        ended = select(ContributionEnd.contribution_id)
        rows = self._session.scalars(
            select(Contribution).where(Contribution.id.not_in(ended)).order_by(Contribution.id)
        )
        return [
            {
                **self._logged(row, row.given_on),
                "member": self._names.members[row.member_id],
                "kind": row.kind.value,
                "amount": row.amount.normalize() if row.amount is not None else None,
                "unit": row.unit,
                "currency": row.currency,
                "about": row.about,
                "deliverable": self._names.deliverables.get(row.deliverable_id or 0),
                **self._plan.cited(row),
            }
            for row in rows
            if self._names.is_open(row)
        ]

    def _meetings(self) -> list[Entry]:
        rows = self._session.scalars(select(Meeting).order_by(Meeting.id))
        return [
            {
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                **precise(row.precision),
                "series": self._names.series[row.series_id],
                "place": row.place,
                "host": self._names.members.get(row.host_id or 0),
                "status": row.status.value,
                **self._plan.cited(row),
            }
            for row in rows
            if row.series_id
        ]

    def _leadership(self) -> list[Entry]:
        rows = self._session.scalars(select(LeadershipTerm).order_by(LeadershipTerm.id))
        return [
            {
                **self._logged(row, row.from_on),
                "member": self._names.members[row.member_id],
                "title": row.title,
                **self._plan.cited(row),
            }
            for row in rows
        ]

    def _renamed(self) -> list[Entry]:
        rows = list(self._session.scalars(select(NetworkName).order_by(NetworkName.from_on)))
        return [
            {
                **self._logged(row, row.from_on),
                "what": "network",
                "to": row.name,
                **self._plan.cited(row),
            }
            for row in rows[1:]
        ]

    def _institutes(self) -> list[Entry]:
        """What an entry leaves out is as it was the day before, so each says all that it is."""
        rows = self._session.execute(
            select(Institute, Member)
            .join(Member, Member.id == Institute.member_id)
            .order_by(Institute.id)
        )
        return [
            {
                **self._logged(row, row.from_on),
                "member": member.code,
                **institute_of(row),
                "announced_only": row.announced_only,
                "source": self._names.source(row.source_id),
            }
            for row, member in rows
            if row.from_on - timedelta(days=0) != member.exists_from
        ]
